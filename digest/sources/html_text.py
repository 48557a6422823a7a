"""HTML from a feed becomes plain text: tags go, maths stays.

Feeds state the type of a text wrongly as often as rightly, so what counts as a
tag is judged by its name: `$x_1<y>z$` and `$n<m$` hold none, `<i>E. coli</i>`
does. Whatever still looks like a tag afterwards ("&lt;script&gt;", written to
be read) keeps its entities, so that stored text never holds markup.
"""

import html
import re

from selectolax.lexbor import LexborHTMLParser, LexborNode

# Longer texts are cut first: no abstract needs them, and no parser should.
_LONGEST = 100_000

# As CSS selectors: what stands apart from the text around it, what no reader sees,
# and what changes the look alone (HTML, MathML and the tags of journal articles).
_BLOCKS = (
    "address,article,aside,blockquote,dd,details,div,dl,dt,figcaption,figure,footer,"
    "h1,h2,h3,h4,h5,h6,header,hr,li,main,ol,p,pre,section,table,td,th,title,tr,ul"
)
_SILENT = (
    "script,style,template,iframe,object,embed,svg,noscript,form,canvas,audio,video,"
    "map,select,textarea,button"
)
_INLINE = (
    "a,abbr,acronym,annotation,b,base,basefont,bdi,bdo,big,body,bold,br,caption,center,"
    "cite,code,col,data,del,dfn,em,fieldset,font,frame,frameset,head,html,i,image,img,"
    "inf,input,ins,italic,kbd,label,legend,link,mark,marquee,math,menu,meta,mfrac,mi,"
    "mn,mo,mover,mrow,mspace,mstyle,msub,msubsup,msup,mtext,munder,nobr,option,param,"
    "picture,q,rp,rt,ruby,s,samp,sc,sec,semantics,small,source,span,strike,strong,sub,"
    "summary,sup,tbody,tfoot,thead,time,tt,u,underline,var,wbr,xmp"
)
_NAMES = frozenset(",".join((_BLOCKS, _SILENT, _INLINE)).split(","))
# Names that a formula may hold between "<" and ">": bare, they prove nothing.
_VARIABLES = frozenset("abipqsu")
# Names that are no word of any text.
_CERTAIN = frozenset(("embed", "iframe", "img", "input", "script", "svg", "textarea"))

_TAG = re.compile(
    r"<(?P<slash>/?)(?P<name>[a-zA-Z][\w:.-]{0,40})(?P<rest>(?:[\s/][^<>]*)?)"
    r"(?:>|(?=<)|\Z)"
)
_OTHER_MARKUP = re.compile(r"<!--|<!\[CDATA\[|<!doctype\b|<\?", re.IGNORECASE)

_MINUS = "\N{MINUS SIGN}"
_RAISED = str.maketrans(f"0123456789+-{_MINUS}=()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿ")
_LOWERED = str.maketrans(f"0123456789+-{_MINUS}=()", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎")
_SHIFTABLE = re.compile(rf"[0-9+\-{_MINUS}=()]+")


def to_text(value: str, *, is_html: bool) -> str:
    """The text a reader of the HTML would see, blocks as paragraphs ("\\n\\n").

    `is_html` is what the feed says about the type. Entities are decoded once,
    and only in HTML. A text without a tag is otherwise left as it is.
    """
    text = value[:_LONGEST]
    closed = _closed_names(text) if "<" in text else set()
    if "<" in text and _holds_markup(text, closed):
        return _neutral(_strip(_escape_non_tags(text, closed)))
    return _neutral(html.unescape(text)) if is_html else text


def _closed_names(text: str) -> set[str]:
    return {match["name"].lower() for match in _TAG.finditer(text) if match["slash"]}


def _is_tag(match: re.Match[str], closed: set[str]) -> bool:
    """Whether this is markup, given the names that the text closes somewhere."""
    name, rest = match["name"].lower(), match["rest"]
    if name in closed or name in _CERTAIN or ":" in name:
        return True
    if name not in _NAMES:
        return False
    return "=" in rest or (name not in _VARIABLES and not rest.strip(" \t\n/"))


def _holds_markup(text: str, closed: set[str]) -> bool:
    if _OTHER_MARKUP.search(text):
        return True
    return any(_is_tag(match, closed) for match in _TAG.finditer(text))


def _escape_non_tags(text: str, closed: set[str]) -> str:
    """Escape each "<" that begins no tag, so that the HTML parser leaves it alone."""

    def keep_or_escape(match: re.Match[str]) -> str:
        tag = _TAG.match(text, match.start())
        if (tag and _is_tag(tag, closed)) or _OTHER_MARKUP.match(text, match.start()):
            return "<"
        return "&lt;"

    return re.sub("<", keep_or_escape, text)


def _strip(markup: str) -> str:
    tree = LexborHTMLParser(f"<body>{markup}")
    for node in tree.css(_SILENT):
        node.decompose()
    for node in tree.css("br"):
        node.replace_with("\n")
    _shift(tree.css("sup"), _RAISED)
    _shift(tree.css("sub"), _LOWERED)
    for node in tree.css(_BLOCKS):
        node.insert_before("\n\n")
        node.insert_after("\n\n")
    return tree.body.text() if tree.body else ""


def _shift(nodes: list[LexborNode], table: dict[int, int]) -> None:
    """Write "10<sup>-3</sup>" as 10⁻³: without its place the number is another."""
    for node in nodes:
        inner = node.first_child
        if inner is None or inner.next is not None or not inner.is_text_node:
            continue
        shown = inner.text().strip()
        if _SHIFTABLE.fullmatch(shown):
            node.replace_with(shown.translate(table))


def _neutral(text: str) -> str:
    """Give what still looks like a tag its entities back."""
    closed = _closed_names(text)

    def with_entities(match: re.Match[str]) -> str:
        shown = match[0]
        return html.escape(shown, quote=False) if _is_tag(match, closed) else shown

    return _OTHER_MARKUP.sub(
        lambda match: match[0].replace("<", "&lt;"), _TAG.sub(with_entities, text)
    )
