"""Queries and papers from a small vocabulary, so that they meet often."""

from hypothesis import strategies as st

from digest.matching import PaperText

WORDS = (
    "deep",
    "network",
    "networks",
    "pre",
    "training",
    "pretraining",
    "c++",
    "model",
)
AUTHORS = ("Jane Doe", "J. Doe", "Ann Roe", "Ann M. Roe")
CATEGORIES = ("cs.CV", "cs.LG", "math.NA", "hep-th")

_word = st.sampled_from((*WORDS, "pre-training", "net*", "deep-network", "the"))
_phrase = st.lists(_word, min_size=2, max_size=3).map(lambda w: f'"{" ".join(w)}"')
_text = _word | _phrase
_leaf = (
    _text
    | st.builds("title:{}".format, _text)
    | st.builds("abstract:{}".format, _text)
    | st.sampled_from(
        [
            'author:"Jane Doe"',
            "author:roe",
            "cat:cs",
            "cat:cs.CV",
            "cat:hep-th",
            "org:network",
            "org:net*",
            "votes:5",
        ]
    )
)


def _grow(parts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    several = st.lists(parts, min_size=2, max_size=3)
    return (
        several.map(" ".join).map("({})".format)
        | several.map(" OR ".join).map("({})".format)
        | st.builds("({} -{})".format, parts, parts)
    )


queries = st.recursive(_leaf, _grow, max_leaves=6)

_writing = st.lists(
    st.sampled_from((*WORDS, "pre-training", "The", "deep.", "Deep", "MODEL")),
    max_size=7,
).map(" ".join)
papers = st.builds(
    PaperText,
    key=st.just(1),
    title=_writing,
    abstract=_writing,
    authors=st.lists(st.sampled_from(AUTHORS), max_size=2).map(tuple),
    categories=st.lists(st.sampled_from(CATEGORIES), max_size=2).map(tuple),
    organisation=st.sampled_from(("", "Network Lab", "Deep Model Inc")),
    votes=st.integers(0, 10),
)
