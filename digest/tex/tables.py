# ruff: noqa: RUF001, PIE800 (mathematical look-alikes are meant; rows keep to a line)
"""Which TeX commands stand for what, as far as pylatexenc lacks them or differs.

Names are without backslash and star. Lists of names are strings, to be split.
"""

BLACKBOARD = dict(zip("CHNPQRZ", "ℂℍℕℙℚℝℤ", strict=True))
DINGBATS = {"51": "✓", "52": "✔", "55": "✗", "56": "✘"}

SYMBOLS = {
    **{char: char for char in "&%$#_{}"},
    **dict.fromkeys((" ", ",", ";", ":", ">", "\n", "\\", "~"), " "),
    **dict.fromkeys(("quad", "qquad", "newline", "linebreak", "space"), " "),
    **dict.fromkeys(("!", "-", "/", "@", "(", ")", "[", "]", "+"), ""),
    "|": "‖",
    "ne": "≠",
    "degree": "°",
    "epsilon": "ε",
    "phi": "φ",
    "prime": "′",
    "sim": "∼",
    "S": "§",
    "P": "¶",
    "copyright": "©",
    "TeX": "TeX",
    "LaTeX": "LaTeX",
    "ie": "i.e.",
    "eg": "e.g.",
    "etal": "et al.",
    "colon": ":",
    "lbrace": "{",
    "rbrace": "}",
    "lVert": "‖",
    "rVert": "‖",
    "lvert": "|",
    "rvert": "|",
    "textbackslash": "\\",
    "iff": "⇔",
    "implies": "⇒",
    "square": "□",
    "angle": "∠",
    "checkmark": "✓",
    "xmark": "✗",
    "cmark": "✓",
    "bmod": "mod",
    "mod": "mod",
    "softmax": "softmax",
    "lollipop": "⊸",
    "mathellipsis": "…",
}

SWITCHES = """
left right middle big Big bigg Bigg bigl bigr Bigl Bigr biggl biggr Biggl Biggr
displaystyle textstyle scriptstyle limits nolimits em it rm cal sf tt sc sl
bf bfseries itshape rmfamily sffamily ttfamily scshape mdseries upshape normalfont
tiny small footnotesize scriptsize normalsize large Large LARGE huge Huge
boldmath unboldmath noindent centering protect xspace footnotemark par
nonumber smallskip medskip bigskip mathstrut relax
"""

FONTS = """
text textbf textit textrm textsf texttt textsc textsl textup textnormal emph
underline mathbf mathit mathrm mathsf mathtt mathcal mathscr mathfrak mathnormal
mathbin mathrel mathop mathord boldsymbol bm pmb mbox hbox operatorname smash
ensuremath uppercase underbrace overbrace
"""
CITATIONS = "cite citep citet citealp citealt citeauthor citeyear label"
INVISIBLE = """
ref eqref begin end vspace hspace color thanks includegraphics phantom vphantom
hphantom tag index
"""

LETTERS = {
    **{"o": "ø", "O": "Ø", "l": "ł", "L": "Ł", "ss": "ß", "i": "ı", "j": "ȷ"},
    **{"ae": "æ", "AE": "Æ", "oe": "œ", "OE": "Œ", "aa": "å", "AA": "Å"},
    **{"dh": "ð", "DH": "Ð", "th": "þ", "TH": "Þ", "dj": "đ", "DJ": "Đ"},
    **{"ng": "ŋ", "NG": "Ŋ"},
}

WORDS = """
log ln lg exp sin cos tan cot sec csc sinh cosh tanh coth arcsin arccos arctan
min max sup inf lim liminf limsup arg argmin argmax det dim deg gcd hom ker Pr
"""

# The combining mark of each accent command, by name.
TEXT_ACCENTS = {
    **dict(zip("`'^\"~=.", "\u0300\u0301\u0302\u0308\u0303\u0304\u0307", strict=True)),
    **dict(
        zip("uvHckrdb", "\u0306\u030c\u030b\u0327\u0328\u030a\u0323\u0331", strict=True)
    ),
}
MATHS_ACCENTS = {
    **dict.fromkeys(("hat", "widehat"), "\u0302"),
    **dict.fromkeys(("tilde", "widetilde"), "\u0303"),
    **dict.fromkeys(("bar", "overline"), "\u0304"),
    **{"dot": "\u0307", "ddot": "\u0308", "check": "\u030c", "breve": "\u0306"},
    **{"acute": "\u0301", "grave": "\u0300", "vec": "\u20d7", "mathring": "\u030a"},
}
