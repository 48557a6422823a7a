"""Five readers in five time zones, who do on the web what people do."""

import re
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from urllib.parse import urljoin

import httpx2
from selectolax.lexbor import LexborHTMLParser, LexborNode

from digest.bench.story.mailbox import Mailbox
from digest.bench.story.processes import StoryError

LEAST_SECONDS_ON_FORM = 2.5
CONFIRM_LINK = re.compile(r"https?://\S+/confirm/\S+")


@dataclass(frozen=True, slots=True)
class Reader:
    """One reader's wishes."""

    email: str
    zone: str
    hour: int
    topics: tuple[str, ...]
    cadence: str = "daily"
    weekday: int = 1


READERS = (
    Reader("tokyo@example.org", "Asia/Tokyo", 18, ("Computer vision", "Robotics")),
    Reader(
        "berlin@example.org", "Europe/Berlin", 8, ("Diffusion and generative models",)
    ),
    Reader("london@example.org", "Europe/London", 7, ("Multimodal models",)),
    Reader(
        "newyork@example.org",
        "America/New_York",
        7,
        ("Language models", "Efficient training and inference"),
    ),
    Reader(
        "losangeles@example.org",
        "America/Los_Angeles",
        7,
        ("Computer vision",),
        cadence="weekly",
        weekday=4,
    ),
)


class Browser:
    """A plain web client: fetches pages, fills in forms, keeps cookies."""

    def __init__(self, client: httpx2.Client) -> None:
        """Start at the front page of the client's site."""
        self._client = client
        self._page = LexborHTMLParser("")
        self._url = str(client.base_url)

    def open(self, url: str) -> None:
        """GET a page; anything but 200 ends the story."""
        self._keep(self._client.get(url))

    def submit(self, holding: str, wishes: dict[str, str | list[str]]) -> None:
        """Send the first form that holds such an element (a CSS selector).

        Fields keep what the page put into them; `wishes` replaces by name.
        """
        form = self._find_form(holding)
        fields: dict[str, str | list[str]] = {**_read_fields(form), **wishes}
        action = urljoin(self._url, form.attributes.get("action") or self._url)
        self._keep(
            self._client.post(action, data=fields, headers={"Referer": self._url})
        )

    def values_of(self, name: str, labels: tuple[str, ...]) -> list[str]:
        """Values of the check boxes `name` whose label begins with one of `labels`."""
        found = []
        for label in self._page.css("label"):
            box = label.css_first(f"input[name={name}]")
            target = label.attributes.get("for")
            if box is None and target:
                box = self._page.css_first(f"input[name={name}][id={target}]")
            text = label.text(separator=" ", strip=True).strip()
            if box and any(text.startswith(wanted) for wanted in labels):
                found.append(str(box.attributes.get("value")))
        if len(found) < len(labels):
            raise StoryError(f"{self._url}: no check boxes {name} for {labels}")
        return found

    def _find_form(self, holding: str) -> LexborNode:
        for form in self._page.css("main form"):
            if form.css_first(holding):
                return form
        raise StoryError(f"{self._url} has no form with {holding}")

    def _keep(self, response: httpx2.Response) -> None:
        if response.status_code != httpx2.codes.OK:
            raise StoryError(f"{response.url}: {response.status_code}\n{response.text}")
        self._url = str(response.url)
        self._page = LexborHTMLParser(response.text)
        errors = [node.text(strip=True) for node in self._page.css(".errorlist")]
        if errors:
            raise StoryError(f"{self._url}: {'; '.join(errors)}")


def _read_fields(form: LexborNode) -> dict[str, str | list[str]]:
    """What a browser would send of an untouched form, buttons left out."""
    fields: dict[str, str | list[str]] = {}
    for node in form.css("input, textarea"):
        name, kind = node.attributes.get("name"), node.attributes.get("type", "text")
        if not name or kind in {"submit", "button"}:
            continue
        if kind in {"checkbox", "radio"} and "checked" not in node.attributes:
            continue
        value = node.attributes.get("value") or node.text() or ""
        if kind == "checkbox":
            fields.setdefault(name, [])
            fields[name] = [*fields[name], value]
        else:
            fields[name] = value
    for node in form.css("select"):
        chosen = node.css_first("option[selected]") or node.css_first("option")
        if chosen:
            fields[str(node.attributes["name"])] = chosen.attributes.get("value") or ""
    return fields


def sign_up(
    readers: Sequence[Reader],
    make_client: Callable[[], httpx2.Client],
    mailbox: Mailbox,
) -> None:
    """All subscribe, confirm by the mailed link, and set zone, hour and cadence."""
    browsers = [Browser(make_client()) for _ in readers]
    for browser in browsers:
        browser.open("/subscribe/")
    # A form that comes back at once is taken for a machine's.
    time.sleep(LEAST_SECONDS_ON_FORM)
    for reader, browser in zip(readers, browsers, strict=True):
        _sign_up_one(reader, browser, mailbox)


def _sign_up_one(reader: Reader, browser: Browser, mailbox: Mailbox) -> None:
    start = len(mailbox.received)
    topics = browser.values_of("topics", reader.topics)
    browser.submit(
        "[name=email]", {"email": reader.email, "topics": topics, "zone": reader.zone}
    )
    link = CONFIRM_LINK.search(mailbox.wait_for(reader.email, start).text)
    if link is None:
        raise StoryError(f"The confirmation mail for {reader.email} has no link.")
    browser.open(link.group())
    browser.submit("button", {})
    browser.open("/preferences/")
    browser.submit(
        "[name=hour]",
        {
            "action": "schedule",
            "hour": str(reader.hour),
            "zone": reader.zone,
            "cadence": reader.cadence,
            "weekday": str(reader.weekday),
        },
    )
