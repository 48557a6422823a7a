"""What an operator can say of deliveries: each asks for words, acts, and is logged.

Nothing here moves a delivery itself: `states` and `plan_again` decide for each row
whether what is said still holds, and each row that moved gets a line in the log.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin, messages
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from digest import tasks
from digest.admin.asking import AskForm, answers, ask
from digest.admin.evidence import staff_member
from digest.models import Delivery
from digest.pipeline import plan, states
from digest.pipeline.states import State

if TYPE_CHECKING:
    Base = admin.ModelAdmin[Delivery]
else:
    Base = object

MOST_AT_ONCE = 500
"""More are said in several turns: each row is looked at and logged by itself."""


class WordsForm(AskForm):
    """Words of the operator, kept as evidence."""

    words = forms.CharField(
        label=gettext_lazy("Why?"),
        max_length=150,
        widget=forms.TextInput(attrs={"class": "vLargeTextField"}),
        help_text=gettext_lazy(
            "Kept with your name as evidence. This cannot be taken back."
        ),
    )


class SettleForm(WordsForm):
    action = "settle"
    title = gettext_lazy("Settle uncertain deliveries as sent")
    button = gettext_lazy("They were sent")


class RequeueForm(WordsForm):
    action = "requeue"
    title = gettext_lazy("Send uncertain deliveries again: the same mails")
    button = gettext_lazy("They did not arrive: send them")


class RetryForm(WordsForm):
    action = "retry"
    title = gettext_lazy("Send what failed again, as new deliveries")
    button = gettext_lazy("Send them again")


class ResendForm(WordsForm):
    action = "resend"
    title = gettext_lazy("Send once more what was accepted: readers get it twice")
    button = gettext_lazy("Send it once more")


class CancelForm(WordsForm):
    action = "cancel"
    title = gettext_lazy("Cancel deliveries that wait")
    button = gettext_lazy("Cancel them")


for _form in (SettleForm, RequeueForm):
    _form.base_fields["words"].label = gettext_lazy("How do you know?")


@dataclass(frozen=True, slots=True)
class Saying:
    """One thing to say: of which states, and what makes it so for one delivery.

    `act` gives the delivery to be sent now, 0 for none, or None where nothing moved.
    """

    form: type[WordsForm]
    of_states: tuple[State, ...]
    act: Callable[[int, str, datetime], int | None]


def _settle(pk: int, words: str, now: datetime) -> int | None:
    return 0 if states.settle(pk, words, now) else None


def _requeue(pk: int, words: str, now: datetime) -> int | None:
    return pk if states.requeue(pk, words, now) else None


def _send_again(pk: int, words: str, now: datetime) -> int | None:
    return plan.plan_again(pk, words, now=now)


def _cancel(pk: int, words: str, now: datetime) -> int | None:
    return 0 if states.cancel(pk, words, now) else None


SAYINGS = {
    "settle": Saying(SettleForm, (State.UNCERTAIN,), _settle),
    "requeue": Saying(RequeueForm, (State.UNCERTAIN,), _requeue),
    "retry": Saying(RetryForm, (State.FAILED, State.SKIPPED), _send_again),
    "resend": Saying(ResendForm, (State.ACCEPTED,), _send_again),
    "cancel": Saying(CancelForm, (State.PLANNED, State.QUEUED), _cancel),
}
WAITING = (State.PLANNED, State.QUEUED)


class ActionsMixin(Base):
    """The actions of the list of deliveries, and the buttons of one."""

    actions = ["settle", "requeue", "retry", "resend", "hold_back", "let_go", "cancel"]

    def has_operate_permission(self, request: HttpRequest) -> bool:
        """Asked for each action."""
        return request.user.has_perm("digest.change_delivery")

    def buttons_for(
        self, request: HttpRequest, delivery: Delivery
    ) -> list[tuple[str, str | Promise]]:
        """Names and words of the actions that one delivery's state allows."""
        if not self.has_operate_permission(request):
            return []
        found = [
            (name, saying.form.button)
            for name, saying in SAYINGS.items()
            if delivery.state in saying.of_states
        ]
        if delivery.held_at:
            return [("let_go", gettext_lazy("Let it go")), *found]
        if delivery.state in WAITING:
            return [("hold_back", gettext_lazy("Hold it back")), *found]
        return found

    @admin.action(
        description=gettext_lazy("Uncertain: they were sent"), permissions=["operate"]
    )
    def settle(self, request: HttpRequest, queryset: QuerySet[Delivery]) -> Any:
        """UNCERTAIN to ACCEPTED, on the operator's word."""
        return self._say("settle", request, queryset)

    @admin.action(
        description=gettext_lazy("Uncertain: they did not arrive, send them"),
        permissions=["operate"],
    )
    def requeue(self, request: HttpRequest, queryset: QuerySet[Delivery]) -> Any:
        """UNCERTAIN to QUEUED, on the operator's word."""
        return self._say("requeue", request, queryset)

    @admin.action(
        description=gettext_lazy("Failed or cancelled: send again"),
        permissions=["operate"],
    )
    def retry(self, request: HttpRequest, queryset: QuerySet[Delivery]) -> Any:
        """A new delivery for each that surely did not go."""
        return self._say("retry", request, queryset)

    @admin.action(
        description=gettext_lazy("Accepted: send once more"), permissions=["operate"]
    )
    def resend(self, request: HttpRequest, queryset: QuerySet[Delivery]) -> Any:
        """A new delivery for each that went, to be had twice."""
        return self._say("resend", request, queryset)

    @admin.action(description=gettext_lazy("Waiting: cancel"), permissions=["operate"])
    def cancel(self, request: HttpRequest, queryset: QuerySet[Delivery]) -> Any:
        """SKIPPED, and their papers free."""
        return self._say("cancel", request, queryset)

    @admin.action(
        description=gettext_lazy("Waiting: hold back"), permissions=["operate"]
    )
    def hold_back(self, request: HttpRequest, queryset: QuerySet[Delivery]) -> None:
        """Nobody claims them until they are let go; they expire all the same."""
        now = timezone.now()
        held = [row for row in queryset if states.hold(row.pk, now)]
        for row in held:
            self.log_change(request, row, _("Held back."))
        self._tell(request, len(held), ngettext("{} held.", "{} held.", len(held)))

    @admin.action(description=gettext_lazy("Held: let go"), permissions=["operate"])
    def let_go(self, request: HttpRequest, queryset: QuerySet[Delivery]) -> None:
        """Whoever is due goes at once."""
        held = list(queryset.filter(held_at__isnull=False))
        states.release([row.pk for row in held])
        for row in held:
            self.log_change(request, row, _("Let go."))
        _wake([row.pk for row in held])
        self._tell(request, len(held), ngettext("{} let go.", "{} let go.", len(held)))

    def _say(
        self, name: str, request: HttpRequest, queryset: QuerySet[Delivery]
    ) -> TemplateResponse | None:
        """Ask for words, then say it of each delivery that it can be said of."""
        saying = SAYINGS[name]
        rows = list(queryset.filter(state__in=saying.of_states)[:MOST_AT_ONCE])
        if not rows:
            names = _(" or ").join(str(state.label) for state in saying.of_states)
            words = _("None of them is {state}.").format(state=names)
            self.message_user(request, words, messages.ERROR)
            return None
        form = saying.form(answers(request))
        if not form.is_valid():
            return ask(self, request, form, rows)
        operator = staff_member(request).get_username()
        words = f"{operator}: {form.cleaned_data['words']}"
        to_send: list[int] = []
        count = 0
        for row in rows:
            try:
                sent_by = saying.act(row.pk, words, timezone.now())
            except plan.CannotSendAgainError as error:
                told = _("{delivery}: {reason}").format(delivery=row, reason=error)
                self.message_user(request, told, messages.WARNING)
                continue
            if sent_by is None:
                continue
            count += 1
            to_send += [sent_by] if sent_by else []
            self.log_change(request, row, f"{saying.form.button} {words}")
        _wake(to_send)
        sentence = ngettext("Done for {} delivery.", "Done for {} deliveries.", count)
        self._tell(request, count, sentence)
        return None

    def _tell(self, request: HttpRequest, count: int, sentence: str) -> None:
        level = messages.SUCCESS if count else messages.WARNING
        self.message_user(request, sentence.format(count), level)


def _wake(delivery_ids: list[int]) -> None:
    """Have them sent once they are committed; the sweep finds what got lost."""
    if delivery_ids:
        send = partial(tasks.fan_out, tasks.send, delivery_ids)
        transaction.on_commit(send, robust=True)
