"""Addresses of the reading, sign-up, preference and leaving pages."""

from datetime import date

from django.conf import settings
from django.urls import URLPattern, path, register_converter

from digest.views import (
    catcher,
    feedback,
    files,
    for_curators,
    history,
    learned,
    next_digest,
    periods,
    personal_topics,
    preferences,
    privacy_page,
    read,
    reading_list,
    search,
    signup,
    submissions,
    topics,
    unsubscribe,
    votes,
)

app_name = "digest"


class DayConverter:
    """A day written as 2026-11-21. One that no calendar has is no address."""

    regex = "[0-9]{4}-[0-9]{2}-[0-9]{2}"

    def to_python(self, value: str) -> date:
        """Read the day; a ValueError makes the address a 404."""
        return date.fromisoformat(value)

    def to_url(self, value: date) -> str:
        """Write the day."""
        return value.isoformat()


class WeekConverter:
    """A week written as 2026-W47 and known by its Monday; any of its days will do."""

    regex = "[0-9]{4}-W[0-9]{2}"

    def to_python(self, value: str) -> date:
        """Read the week; a ValueError makes the address a 404."""
        return date.fromisocalendar(int(value[:4]), int(value[6:]), 1)

    def to_url(self, value: date) -> str:
        """Write the week of a day."""
        year, week, _weekday = value.isocalendar()
        return f"{year:04d}-W{week:02d}"


class MonthConverter:
    """A month written as 2026-11, known by its first day; any of its days will do."""

    regex = "[0-9]{4}-[0-9]{2}"

    def to_python(self, value: str) -> date:
        """Read the month; a ValueError makes the address a 404."""
        return date.fromisoformat(f"{value}-01")

    def to_url(self, value: date) -> str:
        """Write the month of a day."""
        return value.isoformat()[:7]


class PaperConverter:
    """A paper's name: an arXiv id, or words and a hash."""

    regex = "[A-Za-z0-9._-]{1,200}"

    def to_python(self, value: str) -> str:
        """Take the name as it is."""
        return value

    def to_url(self, value: str) -> str:
        """Write the name as it is."""
        return value


register_converter(DayConverter, "day")
register_converter(WeekConverter, "week")
register_converter(MonthConverter, "month")
register_converter(PaperConverter, "paper")

urlpatterns: list[URLPattern] = [
    path("", read.front, name="front"),
    path("day/<day:day>/", read.day, name="day"),
    path("day/<day:day>/for-curators/", for_curators.day, name="day_for_curators"),
    path("week/<week:week>/", periods.week, name="week"),
    path("month/<month:month>/", periods.month, name="month"),
    path("trending/", periods.trending, name="trending"),
    path("day/<day:day>/papers.<str:ending>", files.day_file, name="day_file"),
    path("week/<week:week>/papers.<str:ending>", files.week_file, name="week_file"),
    path(
        "month/<month:month>/papers.<str:ending>", files.month_file, name="month_file"
    ),
    path("trending/papers.<str:ending>", files.trending_file, name="trending_file"),
    path("search/papers.<str:ending>", files.search_file, name="search_file"),
    path("topic/<slug:slug>/papers.<str:ending>", files.topic_file, name="topic_file"),
    path("paper/<paper:slug>/paper.<str:ending>", files.paper_file, name="paper_file"),
    path("search/", search.search, name="search"),
    path("topics/", topics.topics, name="topics"),
    path("topic/<slug:slug>/", topics.topic, name="topic"),
    path("paper/<paper:slug>/", read.paper, name="paper"),
    path("paper/<paper:slug>/vote/", votes.vote, name="vote"),
    path("paper/<paper:slug>/feedback/", feedback.feedback, name="feedback"),
    path(
        "paper/<paper:slug>/feedback/<str:act>/",
        feedback.feedback,
        name="feedback_act",
    ),
    path("f/<str:token>/<int:paper_id>", feedback.feedback_link, name="feedback_link"),
    path(
        "f/<str:token>/<int:paper_id>/<str:act>",
        feedback.feedback_link,
        name="feedback_link_act",
    ),
    path("reading-list/", reading_list.reading_list, name="reading_list"),
    path("reading-list/<str:show>/", reading_list.reading_list, name="list_part"),
    path(
        "reading-list/export.<str:ending>",
        reading_list.reading_list_file,
        name="reading_list_file",
    ),
    path("list/<str:token>/", reading_list.shared_list, name="shared_list"),
    path(
        "list/<str:token>/export.<str:ending>",
        reading_list.shared_list_file,
        name="shared_list_file",
    ),
    path("submit/", submissions.submit, name="submit"),
    path("digest/<uuid:public_id>/", read.digest, name="digest"),
    path("status/", read.status, name="status"),
    path("privacy/", privacy_page.privacy, name="privacy"),
    path("subscribe/", signup.subscribe, name="subscribe"),
    path("confirm/<str:token>/", signup.confirm, name="confirm"),
    path("welcome/", signup.welcome, name="welcome"),
    path("welcome/send/", signup.send_welcome, name="send_welcome"),
    path("m/<str:token>/", preferences.manage, name="manage"),
    path("preferences/", preferences.preferences, name="preferences"),
    path("preferences/next/", next_digest.next_digest, name="next_digest"),
    path(
        "preferences/next/mail/", next_digest.next_digest_mail, name="next_digest_mail"
    ),
    path("preferences/history/", history.history, name="history"),
    path("preferences/learned/", learned.learned, name="learned"),
    path(
        "preferences/topics/add/",
        personal_topics.personal_topic_add,
        name="personal_topic_add",
    ),
    path(
        "preferences/topics/<slug:slug>/edit/",
        personal_topics.personal_topic_edit,
        name="personal_topic_edit",
    ),
    path(
        "preferences/topics/<slug:slug>/remove/",
        personal_topics.personal_topic_remove,
        name="personal_topic_remove",
    ),
    path("u/<str:token>", unsubscribe.unsubscribe, name="unsubscribe"),
    path("u/<str:token>/", unsubscribe.unsubscribe, name="unsubscribe_slash"),
    path("l/<str:token>/", unsubscribe.leave, name="leave"),
]

# Mail that was caught is everybody's to read, so only a development catcher has it.
if hasattr(settings, "MAIL_CATCHER_DIR"):
    urlpatterns += [
        path("mail/", catcher.catcher, name="catcher"),
        path("mail/<str:name>/", catcher.caught_mail, name="caught_mail"),
        path("mail/<str:name>/raw/", catcher.caught_raw, name="caught_raw"),
    ]
