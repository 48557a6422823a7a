"""How a source fared, in a sentence: the same in mails and on the status page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

SATURDAY = 6

Line = Mapping[str, object]


def coverage(lines: Sequence[Line]) -> tuple[str, list[str]]:
    """What was covered, as one list, and a sentence for each source that was not."""
    covered = [_covered(line) for line in lines if line["status"] == "received"]
    missing = [sentence(line) for line in lines if line["status"] != "received"]
    return "; ".join(covered), missing


def sentence(line: Line) -> str:
    """One line of `plan.coverage`, whatever its status."""
    if line["status"] == "holiday":
        return _holiday(line)
    sentences = {
        "received": _("{source} brought {papers} of {day}."),
        "partial": _(
            "{source} had listed only {papers} of {day} so far; "
            "the rest comes in a later digest."
        ),
        "empty": _("{source} announced no papers on {day}."),
        "waiting": _(
            "{source} had not announced its papers of {day} yet; "
            "they come in a later digest."
        ),
        "repeated": _(
            "{source} still showed an earlier list on {day}; "
            "its new papers come in a later digest."
        ),
        "failed": _("{source} did not answer; its papers come in a later digest."),
        "silent": _("{source} was not read yet; its papers come in a later digest."),
        "missed": _(
            "The papers of {day} from {source} are still missing; "
            "they come in a later digest."
        ),
    }
    return sentences[str(line["status"])].format(
        source=_name(line), papers=_papers(line), day=_day(line)
    )


def _covered(line: Line) -> str:
    return _("{source} ({papers} of {day})").format(
        source=line["name"], papers=_papers(line), day=_day(line)
    )


def _holiday(line: Line) -> str:
    day = date.fromisoformat(str(line["announced_on"]))
    if day.isoweekday() >= SATURDAY:
        text = _("{source} announces nothing on Saturdays and Sundays.")
    else:
        text = _("{source} announced nothing on {day}, because of a holiday.")
    return text.format(source=_name(line), day=_day(line))


def _name(line: Line) -> str:
    if "of_lists" not in line:
        return str(line["name"])
    return _("{source} (in {lists} of its {of_lists} lists)").format(
        source=line["name"], lists=line["lists"], of_lists=line["of_lists"]
    )


def _papers(line: Line) -> str:
    count = int(str(line["papers"]))
    return ngettext("{count} paper", "{count} papers", count).format(count=count)


def _day(line: Line) -> str:
    text = str(line["announced_on"])
    return date_format(date.fromisoformat(text), "j F") if text else ""
