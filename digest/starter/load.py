"""Puts the starter content into the database. What is there already stays."""

from datetime import datetime

from digest.models import Holiday, Source, Strictness, Topic
from digest.starter import read_holidays, read_sources, read_topics


def load_topics() -> int:
    """Make the curated topics that are not there yet; return how many were made."""
    made = 0
    for position, topic in enumerate(read_topics(), start=1):
        _topic, is_new = Topic.objects.get_or_create(
            slug=topic.slug,
            defaults={
                "name": topic.name,
                "description": topic.description,
                "kind": topic.kind,
                "query": topic.query,
                "wish": topic.wish,
                "strictness": Strictness[topic.strictness.name],
                "position": position * 10,
            },
        )
        made += is_new
    return made


def load_sources(*, now: datetime, with_sample: bool) -> int:
    """Make the sources that are not there yet, due at once; return how many."""
    made = 0
    for source in read_sources():
        if source.kind == "sample" and not with_sample:
            continue
        _source, is_new = Source.objects.get_or_create(
            slug=source.slug,
            defaults={
                "name": source.name,
                "kind": source.kind,
                "address": source.address,
                "next_fetch_at": now,
            },
        )
        made += is_new
    return made


def load_holidays() -> int:
    """Make the days that are not in the calendar yet; return how many were made."""
    made = 0
    for holiday in read_holidays():
        _holiday, is_new = Holiday.objects.get_or_create(
            day=holiday.day, defaults={"name": holiday.name}
        )
        made += is_new
    return made
