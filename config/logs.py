"""What must not stand in a log: the tokens of links that act for a reader."""

import logging
import re

TOKEN = re.compile(r"(/(?:u|l|m|f|list|confirm|digest|account/address)/)[^/\s\"]+")


class MaskTokens(logging.Filter):
    """Replaces the tokens in addresses; the rest of the line stays."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Mask the message as it will be written; never drops a line."""
        record.msg, record.args = TOKEN.sub(r"\1…", record.getMessage()), None
        return True
