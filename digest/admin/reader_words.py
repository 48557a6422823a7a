"""Verdicts on rows of a table of people, in words."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from digest.curating.inviting import Verdict

VERDICTS: Mapping[Verdict, Promise] = {
    Verdict.INVITED: _("is invited"),
    Verdict.READER: _("gets digests already"),
    Verdict.LEFT: _("has left, and is not asked again"),
    Verdict.SUPPRESSED: _("must not be written to"),
    Verdict.ASKED: _("was asked within the last 30 days"),
    Verdict.REPEATED: _("stands in the table twice"),
    Verdict.NO_ADDRESS: _("no address"),
    Verdict.UNREADABLE: _("cannot be read"),
    Verdict.UNKNOWN_TOPIC: _("unknown topic"),
    Verdict.UNKNOWN_ZONE: _("unknown time zone"),
    Verdict.UNKNOWN_LANGUAGE: _("unknown language"),
}

FAULTS: Mapping[str, Promise] = {
    "encoding": _("the row is not UTF-8"),
    "control": _("it has a control character"),
    "unclosed": _("a quotation mark is not closed, so that several lines are one cell"),
}

REFUSALS: Mapping[str, Promise] = {
    "too_large": _("The table is larger than 1 MB: part it."),
    "too_many": _("The table has more than 5,000 rows: part it."),
    "too_wide": _("The table has more than 200 columns, or a cell of 128 kB."),
    "nothing": _("The table has no rows."),
    "encoding": _("This is no text: save it as CSV in UTF-8."),
    "no_address_column": _(
        "No column is called “email”, and the first has no address."
    ),
}
