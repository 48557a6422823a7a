"""The row is the queue: brokers forget, workers die, and every mail comes once."""

import pytest

from tests.queue.conftest import Service

pytestmark = pytest.mark.queue


def test_beat_finds_a_due_reader_and_the_mail_arrives_once(service_on: Service) -> None:
    service_on.prepare(1)
    service_on.start_broker()
    service_on.start_worker()
    service_on.start_beat()

    service_on.wait_until(lambda: service_on.states() == ["accepted"], "accepted")
    service_on.wait_for_sweeps(2)

    assert service_on.inbox.recipients == ["reader0@example.org"]


def test_a_worker_killed_at_the_final_dot_leaves_a_doubt_and_one_copy(
    service: Service,
) -> None:
    service.inbox.is_stuck = True
    service.prepare(1)
    service.start_broker()
    worker = service.start_worker()
    service.start_beat()
    service.wait_until(service.inbox.at_the_dot.is_set, "the whole mail has left")

    service.kill(worker)
    assert service.states() == ["handoff"]
    service.inbox.is_stuck = False
    service.start_worker()

    service.wait_until(lambda: service.states() == ["uncertain"], "uncertain")
    service.wait_for_sweeps(3)
    assert service.states() == ["uncertain"]
    assert len(service.inbox.recipients) == 1


def test_a_broker_that_forgets_everything_loses_no_mail(service: Service) -> None:
    service.prepare(5)
    broker = service.start_broker()
    service.start_beat()
    service.wait_until(lambda: int(broker.dbsize()) > 0, "work is on the queue")

    broker.flushall()
    service.start_worker()

    service.wait_until(lambda: service.states() == ["accepted"] * 5, "all accepted")
    assert sorted(service.inbox.recipients) == [
        f"reader{number}@example.org" for number in range(5)
    ]


def test_two_beats_and_repeated_messages_send_one_mail_each(service: Service) -> None:
    service.prepare(3)
    service.start_broker()
    service.start_beat("one")
    service.start_beat("two")
    service.publish("digest.sweep")
    for _copy in range(3):
        service.publish("digest.plan_some", [1])
    service.start_worker()

    service.wait_until(lambda: service.states() == ["accepted"] * 3, "all accepted")
    service.wait_for_sweeps(2)

    assert sorted(service.inbox.recipients) == [
        f"reader{number}@example.org" for number in range(3)
    ]
