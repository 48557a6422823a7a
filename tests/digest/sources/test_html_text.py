"""HTML becomes plain text, and maths stays maths."""

import time

import pytest

from digest.sources.html_text import to_text


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<p>A &amp; b <i>E. coli</i></p>", "A & b E. coli"),
        ("CO<sub>2</sub> at 10<sup>-3</sup> M", "CO₂ at 10⁻³ M"),
        ("the 1<sup>st</sup>, a<sup><i>2</i></sup>", "the 1st, a2"),
        ("a<br>b", "a\nb"),
        ("<p>One</p><p>Two</p>", "One\n\n\n\nTwo"),
        ("<jats:p>Text</jats:p>", "Text"),
        ('<p title="a>b">x</p>', "x"),
        ("Caf&eacute; &#8212; &lt;b", "Café — <b"),
        ("<!-- hidden -->seen", "seen"),
        ("<math><mi>x</mi></math>", "x"),
    ],
)
def test_tags_go_and_entities_are_decoded_once(markup: str, text: str) -> None:
    assert to_text(markup, is_html=True).strip() == text


@pytest.mark.parametrize(
    "maths",
    [
        "for $a<b$ and $n<m$",
        "$x_1<y>z$",
        "$a<b>c$ and p<q",
        "p < 0.05 and q > 3",
        r"$\langle x \rangle$ & \& $",
        "t <time and q > 3",
        "2<x<3, <0.1",
    ],
)
@pytest.mark.parametrize("is_html", [True, False])
def test_maths_stays_as_it_is(maths: str, is_html: bool) -> None:  # noqa: FBT001
    assert to_text(maths, is_html=is_html) == maths


def test_maths_beside_tags_stays() -> None:
    text = to_text("<p>if $a<b$ and $x_1<y>z$ then</p>", is_html=True)

    assert text.strip() == "if $a<b$ and $x_1<y>z$ then"


@pytest.mark.parametrize(
    "markup",
    [
        "<script>alert(1)</script>x",
        "x<img src=x onerror=alert(1)>",
        "x<img src=x onerror=alert(1)",
        "x<svg/onload=alert(1)>",
        "<style>p{}</style>x<iframe src=//evil></iframe>",
        "x<a href='javascript:alert(1)'></a>",
        "<template><b>hidden</b></template>x",
    ],
)
@pytest.mark.parametrize("is_html", [True, False])
def test_what_runs_goes_with_its_content(markup: str, is_html: bool) -> None:  # noqa: FBT001
    assert to_text(markup, is_html=is_html).strip() == "x"


@pytest.mark.parametrize(
    "escaped",
    ["&lt;script&gt;alert(1)&lt;/script&gt;", "a &lt;div&gt; tag", "&lt;!-- x"],
)
def test_a_tag_written_to_be_read_keeps_its_entities(escaped: str) -> None:
    assert to_text(escaped, is_html=True) == escaped
    assert to_text(f"<b>{escaped}</b>", is_html=True) == escaped


def test_plain_text_keeps_its_entities() -> None:
    assert to_text("AT&amp;T &lt;", is_html=False) == "AT&amp;T &lt;"


@pytest.mark.parametrize(
    "tangle",
    [
        "<div>",
        "<!--",
        "<",
        "<a ",
        "<sup>1",
        "</b>",
        "<b><p>",
        "<table><tr><td>",
        "&amp",
    ],
)
def test_a_tangle_is_read_in_no_time(tangle: str) -> None:
    started = time.perf_counter()

    to_text(tangle * 30_000, is_html=True)

    assert time.perf_counter() - started < 5


def test_what_lies_behind_the_longest_text_is_not_read() -> None:
    assert to_text("<div>" * 100_000 + "behind", is_html=True).strip() == ""
