# ruff: noqa: RUF001 (mathematical look-alikes are meant)
"""TeX becomes readable text, and what is not TeX stays as it is."""

import time
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest import tex


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        (r"Hern\'andez", "Hernández"),
        (r"G\"odel and G{\"o}del", "Gödel and Gödel"),
        (r"S{\o}rensen, S\o rensen", "Sørensen, Sørensen"),
        (r"\v{S}koda, \c c, \'{\i}, \H{o}", "Škoda, ç, í, ő"),
        (r"Scheff{é}", "Scheffé"),
        (r"\r{ho} = 0.91, \k{appa}", "ρ = 0.91, κ"),
    ],
)
def test_it_writes_accents_as_letters(source: str, shown: str) -> None:
    assert tex.to_unicode(source) == shown


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("$x^2$, n^2, $L_2$, CO$_2$, CO_{2}", "x², n², L₂, CO₂, CO₂"),
        ("$10^{-3}$ and p < 10^-27", "10⁻³ and p < 10⁻²⁷"),
        ("$2^{n+1}$, $u^{t - 1}$", "2ⁿ⁺¹, uᵗ⁻¹"),
        ("$x_{ij}$, $x_{i,j}$", "x_ij, x_(i,j)"),
        (r"$\pi^{\star}$, $H^*$", "π^⋆, H*"),
        (r"$e^{-\lambda t}$, $\mathbb{F}_{p^m}$", "e^(-λt), F_(pᵐ)"),
        (r"$60^\circ$, $f'(x)$", "60°, f′(x)"),
    ],
)
def test_it_raises_and_lowers_where_unicode_can(source: str, shown: str) -> None:
    assert tex.to_unicode(source) == shown


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        (r"$\alpha \leq \beta$, $\infty$", "α ≤ β, ∞"),
        (r"$96\times 96$, $96 \times 96$", "96×96, 96 × 96"),
        (r"$\sim 70\%$, $\pm0.5$", "∼70%, ±0.5"),
        (r"$A\to B$, $x\not\in S$, $a \neq b$", "A→B, x∉S, a ≠ b"),
        (r"$O(n\log n)$, $\log^2{m}\log n$", "O(n log n), log²m log n"),
        (r"$\frac{1}{2}$, $\frac{a+b}{2}$, $\sqrt{n}$", "1/2, (a+b)/2, √n"),
        (r"$\left.\hat{x}\right|_{2}$, $\binom{n}{k}$", "x̂|₂, (n choose k)"),
        (r"\(\mathcal{O}(n)\), \[\mathbb{R}^d\], $$k$$", "O(n), ℝᵈ, k"),
        (r"$9{,}913$ and 1{,}000", "9,913 and 1,000"),
        ("CO$_2$$>1$, $-$", "CO₂>1, −"),
    ],
)
def test_it_writes_formulas_as_text(source: str, shown: str) -> None:
    assert tex.to_unicode(source) == shown


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        (r"\textbf{bold \emph{and} slanted}", "bold and slanted"),
        (r"R\&D, 5\%, \$3, a\_b, \#1", "R&D, 5%, $3, a_b, #1"),
        ("pages 1--2, then---so", "pages 1–2, then—so"),
        ("``quoted'' words", "“quoted” words"),
        ("Fig.~3 by A.~Author", "Fig. 3 by A. Author"),
        (r"\url{https://a.example/x\_y~z}", "https://a.example/x_y~z"),
        (r"\href{https://a.example}{here}", "here (https://a.example)"),
        (r"\href{https://a.example/x}{a.example/x}", "https://a.example/x"),
        (r"as shown \cite{key}, it\footnote{so} is", "as shown, it (so) is"),
        (r"We present \ours{}, \method and \model{X}", "We present ours, method and X"),
        (r"{\em all} \textcolor{red}{red} \begin{it}x\end{it}", "all red x"),
        (r"\char65 \unicode{x2013} \ding{51}", "A – ✓"),
    ],
)
def test_it_leaves_the_words_of_a_command(source: str, shown: str) -> None:
    assert tex.to_unicode(source) == shown


@pytest.mark.parametrize(
    "text",
    [
        "It costs $5 and $10, or $5-$10, or a lone $",
        "over $1 trillion in spending, at $0.08 per day",
        "Cats & dogs: 100% of {a, b} in snake_case_1",
        r"C:\new\file, \d+ and --verbose, ~10 ms, 10~20",
        "https://a.example/~b/c--d?x=1",
        "a < b > c \u202dand 💡\n\nsecond paragraph",
        "",
    ],
)
def test_it_returns_plain_text_untouched(text: str) -> None:
    assert tex.to_unicode(text) == text


def test_it_keeps_the_less_than_sign_for_the_output_to_escape() -> None:
    assert tex.to_unicode("if $a<b$ and <script>") == "if a<b and <script>"


def test_it_drops_control_characters_but_not_line_breaks() -> None:
    assert tex.to_unicode("a\x00b\x08c\x7fd\x85\ne") == "abcd\ne"


def test_it_makes_no_invisible_character() -> None:
    assert tex.to_unicode(r"a\unicode{xE000}\char8\unicode{x202E}b") == "ab"


@pytest.mark.parametrize(
    "text", ["$x", "x$", r"\textbf{x", "}{", "\\", "$$", "^", "_{"]
)
def test_it_survives_what_is_cut_off(text: str) -> None:
    assert tex.to_unicode(text).strip("\\${}^_") in ("", "x")


@given(st.text(alphabet=st.sampled_from(r"\${}^_~'`-abzA2 .,[]()<>&%" + '"\n\x00é')))
def test_it_never_raises_and_never_makes_control_characters(text: str) -> None:
    shown = tex.to_unicode(text)

    assert not [c for c in shown if unicodedata.category(c) == "Cc" and c != "\n"]


@given(st.lists(st.sampled_from([*r"\${}^_ x2", r"\frac", r"\'", r"\left", "$$"])))
def test_it_takes_commands_in_any_order(tokens: list[str]) -> None:
    assert isinstance(tex.to_unicode("".join(tokens)), str)


@given(st.text(st.characters(exclude_categories=["Cc"], exclude_characters="\\$~^-`{")))
def test_it_is_the_identity_on_text_without_tex(text: str) -> None:
    assert tex.to_unicode(text) == text


@pytest.mark.parametrize(
    "unit",
    [
        "$",
        "{",
        "\\",
        r"\hat",
        r"\frac{",
        "$x$",
        "``",
        " ",
        "a",
        "~",
        "--",
        "_{",
        "^",
        "$a ",
    ],
)
def test_its_work_is_linear(unit: str) -> None:
    text = r"\o " + unit * (10_000 // len(unit))

    started = time.perf_counter()
    tex.to_unicode(text)

    # Measured below 0.1 s each; quadratic work would take many seconds.
    assert time.perf_counter() - started < 1


def test_it_leaves_what_is_longer_than_any_abstract() -> None:
    text = r"\alpha" * tex.MAX_LENGTH
    assert tex.to_unicode(text) == text


@pytest.mark.parametrize("command", ["input", "include", "verbatiminput", "openin"])
def test_a_file_that_is_named_is_not_read(command: str, tmp_path: Path) -> None:
    (tmp_path / "secret.tex").write_text("secret words")

    shown = tex.to_unicode(rf"Zebra \{command}{{{tmp_path}/secret.tex}}")

    assert "secret words" not in shown
    assert shown.startswith("Zebra")
