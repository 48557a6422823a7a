"""What a reader can say of a paper, each with its words, its button and its undo."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from digest.forms.muting import mute_refusal
from digest.models import DigestItem, Mark, Mute, Paper
from digest.reading import taste

MUTE = "mute"
"""The page for words and authors; all others are in `ACTS`."""

SHOWN_AUTHORS = 200
MOST_DIGITS = 18


@dataclass(frozen=True, slots=True)
class Act:
    """One thing to say: what it is called, what it means, what was done."""

    name: str
    title: str | Promise
    about: str | Promise
    done: str | Promise
    undo_button: str | Promise
    undone: str | Promise
    do: Callable[..., object]
    undo: Callable[[User, Paper], bool]
    is_said: Callable[[taste.Said], bool]


@dataclass(frozen=True, slots=True)
class Choice:
    """An act as the page offers it to this reader: to say, or to take back."""

    act: Act
    is_said: bool


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a button did: the sentence, and which button would take it back.

    `was` is the mark that it replaced: taking it back brings that again.
    """

    notice: str
    undo: str = ""
    was: str = ""
    mute: Mute | None = None
    is_refused: bool = False
    refused_word: str = ""


ACTS: Mapping[str, Act] = {
    act.name: act
    for act in (
        Act(
            "save",
            gettext_lazy("Save this paper"),
            gettext_lazy(
                "It goes on your reading list, and papers like it come sooner."
            ),
            gettext_lazy("Saved to your reading list."),
            gettext_lazy("Take it off the list"),
            gettext_lazy("It is off your reading list."),
            taste.save,
            taste.unsave,
            lambda said: said.is_saved,
        ),
        Act(
            "more",
            gettext_lazy("More like this"),
            gettext_lazy("Papers like this one come sooner in your digests."),
            gettext_lazy("Understood: more like this."),
            gettext_lazy("Forget that I asked for more"),
            gettext_lazy("Forgotten: this paper moves nothing any more."),
            taste.mark_more,
            taste.undo,
            lambda said: said.verdict == "more",
        ),
        Act(
            "less",
            gettext_lazy("Not for me"),
            gettext_lazy(
                "This paper never comes again, and papers like it come later or not."
            ),
            gettext_lazy("Understood: less like this."),
            gettext_lazy("Forget that it was not for me"),
            gettext_lazy("Forgotten: this paper moves nothing any more."),
            taste.mark_less,
            taste.undo,
            lambda said: said.verdict == "less",
        ),
    )
}


def choices(user: User, paper: Paper, name: str) -> list[Choice]:
    """The act of that name, or all of them, as this reader finds them."""
    said = taste.said_of(user, paper)
    acts = [ACTS[name]] if name in ACTS else [] if name else list(ACTS.values())
    return [Choice(act, act.is_said(said)) for act in acts]


def press(user: User, paper: Paper, sent: QueryDict, now: datetime) -> Outcome | None:
    """Do what the pressed button says; None for a button that there is not."""
    if act := ACTS.get(sent.get("do", "")):
        before = taste.said_of(user, paper).verdict
        act.do(user, paper, now=now)
        is_lost = before != taste.said_of(user, paper).verdict
        return Outcome(str(act.done), undo=act.name, was=before if is_lost else "")
    if act := ACTS.get(sent.get("undo", "")):
        act.undo(user, paper)
        again = _bring_back(user, paper, sent.get("was", ""), now)
        return Outcome(again or str(act.undone))
    return press_mute(user, sent, now)


def _bring_back(user: User, paper: Paper, was: str, now: datetime) -> str:
    """Say again what was said before; the sentence, empty where there was nothing."""
    if was not in Mark.Verdict.values:
        return ""
    ACTS[was].do(user, paper, now=now)
    return _("As before: {said}").format(said=ACTS[was].done)


def press_mute(user: User, sent: QueryDict, now: datetime) -> Outcome | None:
    """Mute the word or the author that was sent, or say why not; or take one back.

    "word" and "author" come with the text beside them; "word:…" and "author:…" were
    chosen from a list, and give way to whatever was typed beside it.
    """
    if (mute_id := sent.get("unmute", "")[:MOST_DIGITS]).isdecimal():
        taste.unmute(user, int(mute_id))
        return Outcome(_("It is not muted any more."))
    kind, is_chosen, text = sent.get(MUTE, "").partition(":")
    mute = {"word": taste.mute_word, "author": taste.mute_author}.get(kind)
    if mute is None:
        return None
    typed = sent.get("text", "")
    if is_chosen and typed.strip():
        mute = taste.mute_word
    if not is_chosen or typed.strip():
        text = typed
    try:
        muted = mute(user, text, now=now)
    except taste.MuteRefusedError as error:
        word = text if mute is taste.mute_word else ""
        return Outcome(mute_refusal(error), is_refused=True, refused_word=word)
    sentence = {
        Mute.Kind.WORD: _("Muted: papers with “{text}” do not come any more."),
        Mute.Kind.AUTHOR: _("Muted: papers by {text} do not come any more."),
    }[Mute.Kind(muted.kind)]
    return Outcome(sentence.format(text=muted.text), mute=muted)


def matched_words(user: User, paper: Paper) -> list[str]:
    """The words for which this paper came to the reader, best first."""
    item = DigestItem.objects.filter(user=user, paper=paper).order_by("-pk").first()
    pieces = item.evidence if item else []
    words = [p["text"] for p in pieces if p["field"] in {"title", "abstract"}]
    return list(dict.fromkeys(words))


def authors_of(paper: Paper) -> list[str]:
    """Names to choose from, each once."""
    return list(dict.fromkeys(paper.author_names))[:SHOWN_AUTHORS]
