"""gunicorn's own lines, in the form of all others (`--logger-class`)."""

from gunicorn.config import Config
from gunicorn.glogging import Logger

from config.logs import Json


class JsonLogger(Logger):  # type: ignore[misc]
    """Writes what gunicorn says of itself as JSON; it keeps no log of requests."""

    def setup(self, cfg: Config) -> None:
        """Set up as gunicorn does, then change the form."""
        super().setup(cfg)
        for handler in self.error_log.handlers:
            handler.setFormatter(Json())
