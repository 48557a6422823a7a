"""Asks every page in turn, round after round, so that all meet the same weather."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.urls import reverse

from digest.bench.pages.browser import Answer, Browser
from digest.bench.pages.outcome import Outcome, Times
from digest.bench.pages.scene import Scene
from digest.bench.pages.stage import HELLO, Stage
from digest.bench.pages.weight import weigh

OK = 200
FRONT = "front"
PREVIEW, _HELLO = "preview", "hello"


@dataclass(frozen=True, slots=True)
class Question:
    """A page as somebody asks for it, perhaps with a form."""

    browser: Browser
    path: str
    form: Mapping[str, str] | None = None

    def ask(self) -> Answer:
        """Ask once."""
        return self.browser.ask(self.path, self.form)


def measure_pages(
    stage: Stage, scene: Scene, readers: int, papers: int, rounds: int
) -> Outcome:
    """Ask each page once more than there are rounds: the first time stands alone."""
    questions = _questions(stage, scene)
    answers: dict[str, list[Answer]] = {name: [] for name in questions}
    odd: dict[str, int] = {}
    weight = weigh(stage.browser(), reverse("digest:front"))
    for _round in range(rounds + 1):
        for name, question in questions.items():
            answer = question.ask()
            answers[name].append(answer)
            if answer.status != OK:
                odd[name] = answer.status
    times = {name: _times(*given) for name, given in answers.items()}
    return Outcome(
        papers,
        readers,
        hello=times.pop(_HELLO),
        preview=times.pop(PREVIEW),
        pages=times,
        weight=weight,
        odd=odd,
    )


def _times(first: Answer, *later: Answer) -> Times:
    return Times(
        first.milliseconds,
        [answer.milliseconds for answer in later],
        [answer.cpu_milliseconds for answer in later],
    )


def _questions(stage: Stage, scene: Scene) -> dict[str, Question]:
    stranger = stage.browser()
    signed_in = stage.browser(scene.person.cookies)
    public, own = _public_paths(scene), _own_paths()
    return {
        _HELLO: Question(stranger, HELLO),
        **{name: Question(stranger, path) for name, path in public.items()},
        **{name: Question(signed_in, path) for name, path in own.items()},
        PREVIEW: Question(
            signed_in, reverse("digest:personal_topic_add"), _typed(scene)
        ),
    }


def _public_paths(scene: Scene) -> dict[str, str]:
    paper = scene.papers[0]
    day = paper.announced_on or date.min
    search = reverse("digest:search")
    word, phrase, author = _queries(scene)
    return {
        FRONT: reverse("digest:front"),
        "day": reverse("digest:day", args=[day]),
        "week": reverse("digest:week", args=[day]),
        "month": reverse("digest:month", args=[day]),
        "trending": reverse("digest:trending"),
        "topics": reverse("digest:topics"),
        "topic": scene.topics[0].get_absolute_url(),
        "paper": paper.get_absolute_url(),
        "search: a common word": f"{search}?{urlencode({'q': word})}",
        "search: a phrase": f"{search}?{urlencode({'q': phrase})}",
        "search: an author, by date": (
            f"{search}?{urlencode({'q': author, 'order': 'date'})}"
        ),
        "status": reverse("digest:status"),
    }


def _own_paths() -> dict[str, str]:
    names = ("preferences", "reading_list", "history", "learned", "personal_topic_add")
    return {name.replace("_", " "): reverse(f"digest:{name}") for name in names}


def _queries(scene: Scene) -> tuple[str, str, str]:
    """A word that many papers have, a phrase of one's title, an author of one."""
    paper = scene.papers[0]
    words = [word for word in paper.title.split() if word.isalpha()]
    name = paper.author_names[0].split()[-1]
    return scene.topics[0].query, f'"{" ".join(words[:2])}"', f"author:{name}"


def _typed(scene: Scene) -> dict[str, str]:
    """The builder's form as its script sends it while somebody types."""
    return {
        "csrfmiddlewaretoken": scene.person.form_token,
        "name": "",
        "wish": scene.papers[1].title,
        "query": "",
        "strictness": "0",
        "try": "1",
    }
