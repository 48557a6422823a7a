"""The plain text of a digest's pieces: lines of at most 72 characters."""

from django.utils.translation import gettext as _

from digest.pipeline.render.paper import LINE_WIDTH, PaperView, wrap


def paper(view: PaperView) -> dict[str, object]:
    """The paper's lines, wrapped once."""
    why = [_("Picked by the curators")] if view.is_pick else []
    why += [view.reason_text] if view.reason_text else []
    line = "; ".join(why)
    if view.also_in:
        line += " · " + _("also in {topics}").format(topics=view.also_in)
    return {
        "title": wrap(view.title),
        "link": view.link,
        "feedback": view.feedback,
        "meta": wrap(" · ".join([view.byline, *view.facts])),
        "note": wrap(f"“{view.note}”") if view.note else "",
        "abstract": wrap(view.abstract),
        "why": wrap(line.strip(" ·")),
        "also": [
            {"title": wrap(_("Also: {title}").format(title=other.title))}
            | {"link": other.link}
            for other in view.also
        ],
    }


def rule(name: str) -> str:
    """The line beneath a heading."""
    return "-" * min(len(name), LINE_WIDTH)
