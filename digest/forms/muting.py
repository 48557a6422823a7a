"""Why something cannot be muted, in words."""

from django.utils.translation import gettext as _

from digest.reading import taste


def mute_refusal(error: taste.MuteRefusedError) -> str:
    """The sentence for the reader; one for all errors that a phrase hardly brings."""
    sentences = {
        "empty": _("Type a name first."),
        "nothing_to_search": _("There is no word in it to look for."),
        "too_long": _("It is too long: {most} characters at most."),
        "unclosed_quote": _("Leave out the quotation marks."),
        "wildcard": _("A * may only end a word of at least three letters."),
        "too_many": _("You have {count} mutes already; take one back first."),
    }
    sentence = sentences.get(error.code, _("This cannot be looked for."))
    return sentence.format(most=taste.TEXT_LENGTH, count=taste.MOST_MUTES)
