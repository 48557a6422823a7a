"""What pages do behind a person's back: complaints, and requests to other hosts."""

from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Request, WebError

LOCAL = ("data:", "blob:", "about:")


class Watch:
    """Looks over any number of browsers; `faults` are sentences."""

    def __init__(self, site: str) -> None:
        self._site = urlsplit(site)
        self.faults: list[str] = []

    def over(self, context: BrowserContext) -> None:
        """Watch every page of a browser from now on."""
        context.on("console", self._hear)
        context.on("weberror", self._see)
        context.on("request", self._follow)

    def _hear(self, message: ConsoleMessage) -> None:
        """A broken Content-Security-Policy is told on the console too."""
        if message.type in {"error", "warning"}:
            self.faults.append(f"{message.location['url']}: {message.text}")

    def _see(self, error: WebError) -> None:
        self.faults.append(f"script error: {error.error}")

    def _follow(self, request: Request) -> None:
        url = request.url
        if urlsplit(url)[:2] != self._site[:2] and not url.startswith(LOCAL):
            self.faults.append(f"asked for {url}")
