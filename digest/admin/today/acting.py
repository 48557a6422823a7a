"""One act at the desk, from its form to the words about what was done."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts import tasks as accounts_tasks
from digest import curating, tex
from digest.curating import CannotError, Seat
from digest.models import Paper, Pick, Submission
from digest.reading import submitting

MOST_DIGITS = 18


@dataclass(frozen=True, slots=True)
class Act:
    """What is to be done, by whom and where, and whose pages write it down."""

    request: HttpRequest
    model_admin: ModelAdmin[Any]
    seat: Seat
    typed: dict[str, Any]

    @property
    def paper_id(self) -> int:
        """The paper that the act is about."""
        paper_id: int | None = self.typed["paper"]
        if paper_id is None or not Paper.objects.filter(pk=paper_id).exists():
            raise CannotError(_("This paper is not here any more."))
        return paper_id

    @property
    def proposal(self) -> Submission:
        """The proposal that the act is about."""
        row: Submission | None = self.typed["proposal"]
        if row is None:
            raise CannotError(_("This proposal is decided already."))
        return row

    def chosen(self, name: str) -> list[int]:
        """The papers whose boxes are ticked; what cannot be an id is left out."""
        sent = self.request.POST.getlist(name)
        return [int(pk) for pk in sent if pk.isdecimal() and len(pk) <= MOST_DIGITS]

    def log(self, row: Any, words: str) -> None:
        """Write it down in the admin's history, too."""
        self.model_admin.log_change(self.request, row, words)

    def say(self, words: str) -> None:
        """Tell the curator what was done."""
        self.model_admin.message_user(self.request, words, messages.SUCCESS)


def perform(do: str, act: Act) -> None:
    """Do it, and say and write down that it was done.

    Raises:
        PermissionDenied: the curator may not, or there is no such act.
        ChangedError: somebody did something to the same thing meanwhile.
        CannotError, MergeRefusedError: it cannot be; the text says why.
    """
    if do not in _ACTS:
        raise PermissionDenied
    permission, function = _ACTS[do]
    if not act.request.user.has_perm(f"digest.{permission}"):
        raise PermissionDenied
    with transaction.atomic():
        function(act)


def _pick(act: Act) -> None:
    made = curating.pick(act.seat, act.paper_id, act.typed["note"])
    if act.request.user.has_perm("digest.change_submission"):
        _accept_proposals(act, made)
    words = _("Picked for {day}: {note}")
    act.log(made.paper, words.format(day=act.seat.day, note=made.note))
    act.say(_("Picked: {title}").format(title=_title(made.paper)))


def _accept_proposals(act: Act, made: Pick) -> None:
    """A pick answers the readers who proposed the paper."""
    row = Submission.objects.undecided().filter(paper=made.paper).first()
    if row and submitting.accept(row, act.seat.curator, now=act.seat.now):
        submitting.credit(row, made)
        act.log(row, _("Accepted and picked for {day}.").format(day=act.seat.day))
        accounts_tasks.wake()


def _unpick(act: Act) -> None:
    paper = curating.unpick(act.seat, act.paper_id)
    act.log(paper, _("No longer picked for {day}.").format(day=act.seat.day))
    act.say(_("No longer picked: {title}").format(title=_title(paper)))


def _hide(act: Act) -> None:
    paper = curating.hide(act.seat, act.paper_id, act.typed["reason"])
    act.log(paper, _("Hidden: {reason}").format(reason=act.typed["reason"]))
    act.say(_("Hidden: {title}").format(title=_title(paper)))


def _show(act: Act) -> None:
    paper = curating.show(act.seat, act.paper_id)
    act.log(paper, _("Shown again."))
    act.say(_("Shown again: {title}").format(title=_title(paper)))


def _see(act: Act) -> None:
    curating.mark_seen(act.seat.curator, [act.paper_id], act.seat.now)


def _see_all(act: Act) -> None:
    ids = act.chosen("papers")
    count = curating.mark_seen(act.seat.curator, ids, act.seat.now)
    words = ngettext("{} paper looked at.", "{} papers looked at.", count)
    act.say(words.format(count))


def _merge(act: Act) -> None:
    made = curating.merge(act.seat, act.chosen("same"))
    words = _("Is the same work as {other}.")
    act.log(made.kept, words.format(other=made.merged.canonical_id))
    act.log(made.merged, words.format(other=made.kept.canonical_id))
    words = _("“{merged}” is shown as “{kept}” now. This can be undone at the merges.")
    act.say(words.format(merged=_title(made.merged), kept=_title(made.kept)))


def _accept(act: Act) -> None:
    row, seat = act.proposal, act.seat
    if not (row.paper or row.found or act.typed["title"]):
        raise CannotError(_("Nothing is known of this paper: type its title."))
    paper = submitting.accept(row, seat.curator, title=act.typed["title"], now=seat.now)
    if paper is None:
        raise CannotError(_("This proposal is decided already."))
    made = curating.pick(seat, paper.pk, act.typed["note"])
    submitting.credit(row, made)
    words = _("Accepted and picked for {day}: {note}")
    for logged in (row, made.paper):
        act.log(logged, words.format(day=seat.day, note=made.note))
    accounts_tasks.wake()
    act.say(_("Accepted and picked: {title}").format(title=_title(made.paper)))


def _decline(act: Act) -> None:
    reason = act.typed["reason"]
    submitting.decline(act.proposal, act.seat.curator, reason, now=act.seat.now)
    act.log(act.proposal, _("Declined: {reason}").format(reason=reason))
    accounts_tasks.wake()
    act.say(_("Declined: {title}").format(title=act.proposal))


def _title(paper: Paper) -> str:
    return tex.to_unicode(paper.title)


_ACTS: dict[str, tuple[str, Callable[[Act], None]]] = {
    "pick": ("add_pick", _pick),
    "unpick": ("delete_pick", _unpick),
    "hide": ("add_hiddenpaper", _hide),
    "show": ("delete_hiddenpaper", _show),
    "see": ("add_pick", _see),
    "see_all": ("add_pick", _see_all),
    "merge": ("change_merge", _merge),
    "accept": ("change_submission", _accept),
    "decline": ("change_submission", _decline),
}
