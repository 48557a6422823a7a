"""What the database itself refuses of a schedule and of a subscription."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from digest.models import Schedule, Subscription
from tests.factories import make_reader, make_topic

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("cadence", "welcome"),
        ("cadence", "yearly"),
        ("month_day", 0),
        ("month_day", 29),
        ("max_papers", 0),
        ("max_papers", 51),
    ],
)
def test_a_schedule_that_no_form_makes_is_refused(field: str, value: object) -> None:
    make_reader(cadence="monthly", month_day=28)

    with pytest.raises(IntegrityError), transaction.atomic():
        Schedule.objects.update(**{field: value})


@pytest.mark.parametrize("value", [0, 51])
def test_a_limit_that_no_form_makes_is_refused(value: int) -> None:
    make_reader("", make_topic())
    Subscription.objects.update(max_papers=50)
    Subscription.objects.update(max_papers=None)

    with pytest.raises(IntegrityError), transaction.atomic():
        Subscription.objects.update(max_papers=value)
