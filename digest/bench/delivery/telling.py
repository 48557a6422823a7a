"""The table and the verdict in words."""

from collections.abc import Iterator
from statistics import median

from django.utils.translation import gettext as _

from digest.bench import bounds
from digest.bench.delivery.outcome import Outcome, Row
from digest.bench.delivery.provider import SECONDS


def describe(outcome: Outcome) -> Iterator[str]:
    """What was sent, a line for each row, and what it took."""
    wanted = outcome.wanted
    yield _(
        "{digests} digests of {editions} editions, {size:.1f} KB each; {workers} "
        "workers, {hand_off} a hand-off; rounds: {rounds}"
    ).format(
        digests=wanted.digests,
        editions=wanted.editions,
        size=outcome.mail_bytes / 1000,
        workers=wanted.workers,
        hand_off=wanted.hand_off,
        rounds=wanted.rounds,
    )
    yield _("{name:<46}{messages:>9}{rates:>24}{ratio:>8}").format(
        name="",
        messages=_("mails"),
        rates=_("a second, min/med/max"),
        ratio=_("ratio"),
    )
    for row in Row:
        if outcome.laps[row]:
            yield _describe_row(outcome, row)
    yield from _describe_use(outcome)
    for problem in outcome.problems:
        yield _("PROBLEM {problem}").format(problem=problem)


def _describe_row(outcome: Outcome, row: Row) -> str:
    rates = sorted(outcome.rates(row))
    return _("{name:<46}{messages:>9}{rates:>24}{ratio:>8.2f}").format(
        name=_name(outcome, row),
        messages=outcome.laps[row][0].messages,
        rates=f"{rates[0]:.0f} / {median(rates):.0f} / {rates[-1]:.0f}",
        ratio=outcome.ratio(row, Row.SOURCE),
    )


def _name(outcome: Outcome, row: Row) -> str:
    names = {
        Row.SOURCE: _("smtp-source -d -s 16, the wire's limit"),
        Row.WHOLE: _("whole run, from planned to accepted"),
        Row.RENDER: _("render phase, from planned to queued"),
        Row.SEND: _("send phase, {size} a hand-off").format(
            size=outcome.wanted.hand_off
        ),
        Row.SEND_SMALL: _("send phase, 50 a hand-off"),
        Row.SHARED: _("send phase, {editions} editions").format(
            editions=outcome.shared_editions
        ),
        Row.SMTPLIB: _("smtplib, bytes made before"),
        Row.DJANGO: _("plain Django, {size:.1f} KB each").format(
            size=outcome.plain_mail_bytes / 1000
        ),
        Row.PROVIDER: _("provider, {ms:.0f} ms an answer, {number} at once").format(
            ms=SECONDS * 1000, number=outcome.requests_at_once
        ),
    }
    return names[row]


def _describe_use(outcome: Outcome) -> Iterator[str]:
    yield _(
        "Workers, in the send phase: {cpu:.2f} s of processor for 1,000 digests; a "
        "worker's memory at its peak: {size:.0f} MB"
    ).format(cpu=outcome.cpu, size=outcome.peak_megabytes)
    if outcome.growth:
        yield _(
            "After {digests} digests more than the first {first} the workers together "
            "have {grown:+.1f} MB of memory."
        ).format(
            digests=outcome.growth.digests,
            first=outcome.wanted.digests,
            grown=outcome.growth.megabytes,
        )
    if outcome.shares:
        yield _(
            "Of their time they worked {working:.0%}, waited for the sink "
            "{waiting:.0%}, and for database and processor {rest:.0%}."
        ).format(
            working=outcome.shares.working,
            waiting=outcome.shares.waiting,
            rest=1 - outcome.shares.working - outcome.shares.waiting,
        )
    if not outcome.counted_by_sink:
        yield _("The sink is not ours: what it took in was not counted.")


def sum_up(outcome: Outcome) -> str:
    """The last line."""
    names = {
        "send/source": _("send phase {value:.2f} of smtp-source"),
        "send_small/source": _("at 50 a hand-off {value:.2f}"),
        "whole/source": _("whole run {value:.2f}"),
        "send/django": _("{value:.1f} times plain Django"),
        "shared/send": _("shared editions {value:.2f} times as fast"),
        "cpu": _("{value:.2f} s of processor for 1,000 digests"),
    }
    remark = _("not every mail went once") if outcome.problems else ""
    return bounds.sum_up(outcome.bounds, names, holds=outcome.holds, remark=remark)
