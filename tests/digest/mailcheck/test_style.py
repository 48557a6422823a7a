"""C9 and C10: contrast, sizes and dark mode, as a browser would work them out."""

import pytest

from digest.mailcheck import css
from tests.digest.mailcheck.messages import CONFIRMATION, DIGEST, Message, numbers

AUTHORS = '<p style="font-size: 14px; color: #6a655c">'


@pytest.mark.parametrize(
    "broken",
    [
        DIGEST.with_html("color: #6a655c", "color: #9a958c"),
        DIGEST.with_html("color: #6a655c", "color: rgb(154, 149, 140)"),
        DIGEST.with_html("color: #6a655c", "color: #6a655c; background: #777"),
        DIGEST.with_html("<style>", "<style> p { color: #9a958c !important }"),
        DIGEST.with_html("a { color: #9cc3ee !important; }", ""),
        DIGEST.with_html("h1, h2, p {", "h1, h2 {"),
        DIGEST.with_html(
            "[data-ogsc] p { color: #dad5ca", "[data-ogsc] p { color: #222324"
        ),
        DIGEST.with_html("14px", "13px"),
        DIGEST.with_html("14px", "80%"),
        DIGEST.with_html("14px", "9pt"),
        DIGEST.with_html("14px", "14px; line-height: 1.2"),
        DIGEST.with_html("14px", "14px; line-height: 18px"),
        CONFIRMATION.with_html("; line-height: 1.5", ""),
        CONFIRMATION.with_html("color: #1b4b7a", "margin: 0"),
    ],
)
def test_it_finds_text_that_is_hard_to_read(broken: Message) -> None:
    assert numbers(broken.raw()) == {"C9"}


@pytest.mark.parametrize(
    "message",
    [
        DIGEST.with_html("color: #6a655c", "color: inherit"),
        DIGEST.with_html("color: #6a655c", "background-color: transparent"),
        DIGEST.with_html("14px", "14px; line-height: 21px"),
        DIGEST.with_html("14px", "0.9em"),
        DIGEST.with_html("<style>", "<style>/* p { color: #eee } */"),
        DIGEST.with_html("<style>", "<style>p { color: #eee }"),
        DIGEST.with_html(
            "<style>", "<style>@media (max-width: 9px) { p { color: #eee } }"
        ),
        DIGEST.with_html("<style>", "<style>a:hover::before( { color: #eee }"),
    ],
)
def test_it_follows_the_cascade(message: Message) -> None:
    # A style attribute wins over a rule, which is why the last ones change nothing.
    own = message.with_html("<p>You get", '<p style="color: #22201c">You get')
    styled = own.html.replace("<p>", '<p style="color: #22201c">')
    whole = Message(own.headers, own.text, styled)
    assert numbers(whole.raw()) == set()


@pytest.mark.parametrize(
    "broken",
    [
        DIGEST.with_html('<meta name="color-scheme" content="light dark">', ""),
        DIGEST.with_html("[data-ogsc] p", "[data-other] p"),
        DIGEST.with_html("#fffdf8", "#ffffff"),
        DIGEST.with_html("#fffdf8", "white"),
        DIGEST.with_html("; color: #22201c", "; color: #000"),
        DIGEST.with_html("; color: #22201c", "; color: rgb(0,0,0)"),
    ],
)
def test_it_wants_dark_mode_and_no_pure_black_or_white(broken: Message) -> None:
    assert numbers(broken.raw()) == {"C10"}


def test_it_wants_rules_for_the_dark_scheme() -> None:
    broken = DIGEST.with_html("(prefers-color-scheme: dark)", "print")
    assert numbers(broken.raw()) == {"C10"}


def test_it_measures_contrast_as_wcag_does() -> None:
    white, black = (255.0, 255.0, 255.0), (0.0, 0.0, 0.0)
    grey = css.colour("#777777")
    assert grey is not None
    assert css.contrast(white, black) == pytest.approx(21)
    assert css.contrast(white, grey) == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize(
    ("value", "colour"),
    [
        ("#fff", (255, 255, 255)),
        ("1px solid #0a0b0c", (10, 11, 12)),
        ("rgb(1, 2, 3)", (1, 2, 3)),
        ("rgba(1, 2, 3, 0.5)", None),
        ("navy", (0, 0, 128)),
        ("none", None),
    ],
)
def test_it_reads_colours(value: str, colour: css.Colour | None) -> None:
    assert css.colour(value) == colour
