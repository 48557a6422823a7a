"""What can be wrong with a query, and where.

Promise: every error has a code for the caller to translate, the position in
the text where a person should look, and the piece of text or the limit it is
about. `QUERY_ERRORS` lists all codes with their English sentence.
"""

from collections.abc import Mapping

QUERY_ERRORS: Mapping[str, str] = {
    "empty": "The query is empty.",
    "only_exclusions": "Say what you want before what to leave out.",
    "too_long": "The query is longer than {detail} characters.",
    "too_many_terms": "The query has more than {detail} terms.",
    "too_deep": "Brackets are nested more than {detail} deep.",
    "unclosed_quote": "This quotation mark is never closed.",
    "unclosed_bracket": "This bracket is never closed.",
    "unexpected_bracket": "This bracket closes nothing.",
    "missing_term": "Something to look for is missing after “{detail}”.",
    "nothing_to_search": "“{detail}” has no letters or digits to look for.",
    "unknown_field": "There is no field “{detail}”.",
    "wildcard": "A * may only end a word of at least three letters: “{detail}”.",
    "bad_category": "“{detail}” is not a category such as cs.CV, cs.* or hep-th.",
    "bad_votes": "“{detail}” is not a number of votes such as 10 or >=10.",
}

_LONGEST_DETAIL = 40  # characters


class QueryError(ValueError):
    """A query that cannot be understood.

    `position` counts characters from 0 in the text as given; `detail` is what
    the sentence of `message_code` in `QUERY_ERRORS` leaves a hole for, cut if long.
    """

    def __init__(self, message_code: str, position: int, detail: str = "") -> None:
        """Keep what the caller needs to say it in the reader's language."""
        if len(detail) > _LONGEST_DETAIL:
            detail = f"{detail[: _LONGEST_DETAIL - 1]}…"
        sentence = QUERY_ERRORS[message_code].format(detail=detail)
        super().__init__(f"{sentence} (at character {position + 1})")
        self.message_code = message_code
        self.position = position
        self.detail = detail
