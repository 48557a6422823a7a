"""What a first load moves: everything that the page asks for, once each."""

from digest.bench.pages.browser import Answer
from digest.bench.pages.weight import weigh

PAGE = """<link rel="stylesheet" href="/a.css"><script src="/b.js"></script>
<a href="https://arxiv.org/abs/1">away</a><link rel="canonical" href="https://x.org/">
<img src="{picture}">"""


class Shelf:
    """A site of a few files, as a browser finds them."""

    def __init__(self, files: dict[str, tuple[str, str]]) -> None:
        self._files = files
        self.asked: list[str] = []

    def ask(self, path: str) -> Answer:
        """Give the file."""
        self.asked.append(path)
        kind, text = self._files[path]
        return Answer(200, {"Content-Type": kind}, text.encode(), 1.0)


def site(picture: str) -> Shelf:
    return Shelf(
        {
            "/": ("text/html; charset=utf-8", PAGE.format(picture=picture)),
            "/a.css": ("text/css", "a { background: url('p.svg') }"),
            "/b.js": ("text/javascript", "1"),
            "/p.svg": ("image/svg+xml", "<svg/>"),
        }
    )


def test_it_loads_what_a_browser_loads_and_nothing_that_is_only_linked() -> None:
    shelf = site("data:image/gif;base64,R0lG")

    weight = weigh(shelf, "/")

    assert sorted(shelf.asked) == ["/", "/a.css", "/b.js", "/p.svg"]
    assert weight.total > len(PAGE)
    assert not weight.other_hosts


def test_another_host_is_named_and_not_asked() -> None:
    weight = weigh(site("https://pictures.example.org/1.png"), "/")

    assert weight.other_hosts == {"pictures.example.org"}
