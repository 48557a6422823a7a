"""Any order of planning, sending, dying and leaving keeps the promises.

A transport in the model's head says what truly arrived; the rows must never have
let a paper arrive twice, or started a hand-off that was forbidden.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from itertools import product

import pytest
from django.db import transaction
from django.db.models import F
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    rule,
    run_state_machine_as_test,
)

from digest import subscriptions
from digest.models import Delivery, Digest, DigestItem, Edition, Schedule, SendingHold
from digest.pipeline import plan, reconcile, states, track
from digest.pipeline.deliver.verdicts import Told, record
from digest.pipeline.states import Claim, State
from digest.transports import Outcome, Verdict
from tests.digest.pipeline.sending import (
    addressed,
    claim_one,
    hand_off_one,
    is_every_digest_in_one_place,
    queue_one,
)
from tests.factories import NOW, make_match, make_paper, make_reader, make_topic

ACTIONS = [
    *["claim", "hand_over", "wait"] * 5,
    *["be_answered"] * 4,
    *["leave_or_return"] * 3,
    *["begin_a_day", "be_refused", "die", "report", "release"],
]
REFUSALS = [Outcome.TEMPORARY, Outcome.PERMANENT, Outcome.QUEUE_PROBLEM]
ANSWERS = [Outcome.ACCEPTED, Outcome.UNCERTAIN, Outcome.TEMPORARY, Outcome.PERMANENT]


@dataclass
class Worker:
    """One worker on one delivery; it may be slow, and it may be dead wrong."""

    taken: Claim
    delivery: Delivery
    has_handed_off: bool = False


class Deliveries(RuleBasedStateMachine):
    """Two readers of one topic, any number of workers, one clock.

    One rule draws all actions: several rules would be switched off at random, and
    then hardly any example gets as far as an answer that comes too late.
    """

    def __init__(self) -> None:
        super().__init__()
        self.undo = transaction.atomic()
        self.undo.__enter__()
        self.now = NOW
        self.topic = make_topic()
        self.readers = [
            make_reader("", self.topic, hour=12, next_due_at=NOW) for _ in range(2)
        ]
        self.edition = Edition.objects.create(
            key="k", subject="s", language="en", created_at=NOW
        )
        self.workers: list[Worker] = []
        self.holders: dict[int, Claim] = {}
        self.has_left: set[int] = set()
        self.may_have_gone: set[int] = set()
        self.arrived: list[int] = []
        self.begin_a_day()

    def teardown(self) -> None:
        """Leave the database as it was."""
        transaction.set_rollback(True)
        self.undo.__exit__(None, None, None)

    @rule(action=st.sampled_from(ACTIONS), data=st.data())
    def act(self, action: str, data: st.DataObject) -> None:
        """Somebody does something, if there is anything to do it with."""
        choices = getattr(self, f"choices_to_{action}", lambda: [None])()
        if choices:
            getattr(self, action)(data.draw(st.sampled_from(choices)))

    def begin_a_day(self, _choice: None = None) -> None:
        """A new paper matches; planners come by, one twice; the mails are rendered."""
        make_match(self.topic, make_paper(announced_on=self.now.date()))
        for reader in (0, 1, 0):
            plan.plan_digest(self.schedule(reader).pk, now=self.now)
        for delivery in Delivery.objects.filter(state=State.PLANNED):
            delivery.edition = self.edition
            queue_one(delivery)

    def schedule(self, reader: int) -> Schedule:
        """That reader's schedule as it is now."""
        return Schedule.objects.get(user=self.readers[reader])

    def choices_to_claim(self) -> list[int]:
        """What a worker could claim now."""
        rows = Delivery.objects.filter(
            state=State.QUEUED, next_attempt_at__lte=self.now, expires_at__gt=self.now
        )
        return sorted(rows.values_list("pk", flat=True))

    def claim(self, delivery_id: int) -> None:
        """A worker takes what is due."""
        is_held = states.is_held()
        taken = claim_one(delivery_id, "worker", self.now)
        assert bool(taken) != is_held, "I18"
        if taken:
            self.holders[delivery_id] = taken
            self.workers.append(Worker(taken, Delivery.objects.get(pk=delivery_id)))

    def choices_to_hand_over(self) -> list[Worker]:
        """Workers, however late, whose server is ready for the message."""
        return [worker for worker in self.workers if not worker.has_handed_off]

    def hand_over(self, worker: Worker) -> None:
        """May it go?"""
        delivery_id, is_held = worker.delivery.pk, states.is_held()
        if not hand_off_one(worker.taken, self.now):
            self.end(worker, Outcome.ABORTED)
            return
        worker.has_handed_off = True
        assert worker.delivery.digest.user_id not in self.has_left, "I8"
        assert not is_held, "I18"
        assert self.holders[delivery_id] == worker.taken, "I7"
        assert delivery_id not in self.may_have_gone, "I6"
        self.may_have_gone.add(delivery_id)

    def choices_to_be_refused(self) -> list[tuple[Worker, Outcome]]:
        """What a server may say before the hand-off."""
        return list(product(self.choices_to_hand_over(), REFUSALS))

    def be_refused(self, choice: tuple[Worker, Outcome]) -> None:
        """The server says no to the recipient, or to us."""
        self.end(*choice)

    def choices_to_be_answered(self) -> list[tuple[Worker, Outcome, bool]]:
        """What a server may say after the dot, and whether the mail is there then."""
        handed_off = [worker for worker in self.workers if worker.has_handed_off]
        return list(product(handed_off, ANSWERS, [True, False]))

    def be_answered(self, choice: tuple[Worker, Outcome, bool]) -> None:
        """The server answers, or stays silent (UNCERTAIN)."""
        self.end(*choice)

    def choices_to_die(self) -> list[tuple[Worker, bool]]:
        """Any worker; its mail may have arrived."""
        return list(product(self.workers, [True, False]))

    def die(self, choice: tuple[Worker, bool]) -> None:
        """A worker is killed, and writes nothing down."""
        worker, arrives = choice
        self.workers.remove(worker)
        if worker.has_handed_off and arrives:
            self.arrived.append(worker.delivery.pk)

    def end(self, worker: Worker, outcome: Outcome, arrives: bool = False) -> None:  # noqa: FBT001, FBT002
        """A worker learns, and writes down, what became of its mail."""
        self.workers.remove(worker)
        delivery_id = worker.delivery.pk
        if outcome == Outcome.ACCEPTED or (outcome == Outcome.UNCERTAIN and arrives):
            self.arrived.append(delivery_id)
        # A definite no that comes too late does not undo the doubt.
        row = Delivery.objects.filter(pk=delivery_id, claim_token=worker.taken.token)
        if outcome in {Outcome.TEMPORARY, Outcome.PERMANENT} and row.exists():
            self.may_have_gone.discard(delivery_id)
        record(
            [Told(worker.taken, addressed(worker.delivery), Verdict(outcome, "told"))],
            self.now,
        )

    def choices_to_report(self) -> list[int]:
        """Mails that the provider has."""
        return sorted(set(self.arrived))

    def report(self, delivery_id: int) -> None:
        """The provider reports on one."""
        public_id = str(Delivery.objects.get(pk=delivery_id).public_id)
        event = track.Report("Esp", "delivered", "", "m", "", "", public_id, self.now)
        track.track_event(event, now=self.now)

    def choices_to_leave_or_return(self) -> list[int]:
        """Either reader."""
        return [0, 1]

    def leave_or_return(self, reader: int) -> None:
        """A reader ends all digests, or begins again."""
        user_id = self.readers[reader].pk
        if user_id in self.has_left:
            subscriptions.resume(self.schedule(reader), now=self.now)
            self.has_left.discard(user_id)
        else:
            subscriptions.end_all(self.schedule(reader), now=self.now)
            self.has_left.add(user_id)

    def release(self, _choice: None) -> None:
        """The operator lets mail go again."""
        SendingHold.objects.update(released_at=self.now)

    def choices_to_wait(self) -> list[int]:
        """Minutes: past a claim's lease, past a hand-off's, past a day."""
        return [2, 300, 1440]

    def wait(self, minutes: int) -> None:
        """Time passes, for leases too, and the sweep comes by."""
        passed = timedelta(minutes=minutes)
        self.now += passed
        leased = Delivery.objects.filter(lease_until__isnull=False)
        leased.update(lease_until=F("lease_until") - passed)
        reconcile.find_work(now=self.now)

    @invariant()
    def no_paper_arrives_twice(self) -> None:
        """I1, by what truly arrived and by what the rows reserve."""
        counts = Counter(
            (user_id, paper_id)
            for pk in self.arrived
            for user_id, paper_id in DigestItem.objects.filter(
                digest__delivery=pk, is_in_mail=True
            ).values_list("user_id", "paper_id")
        )
        assert not [pair for pair, count in counts.items() if count > 1], "I1"

    @invariant()
    def one_digest_for_each_period(self) -> None:
        """I2."""
        periods = Digest.objects.values_list("user_id", "cadence", "period_key")
        assert len(periods) == len(set(periods)), "I2"

    @invariant()
    def every_digest_is_in_one_place(self) -> None:
        """I4, and I16 with it: accepted has evidence."""
        assert is_every_digest_in_one_place(), "I4"
        assert not Delivery.objects.filter(state=State.ACCEPTED, evidence="").exists()

    @invariant()
    def a_doubt_is_never_queued_again(self) -> None:
        """I6, with its papers kept back."""
        doubtful = Delivery.objects.filter(pk__in=self.may_have_gone)
        places = set(doubtful.values_list("state", flat=True))
        assert places <= {State.HANDOFF, State.UNCERTAIN, State.ACCEPTED}, "I6"
        released = DigestItem.objects.filter(
            digest__delivery__in=self.may_have_gone, released_at__isnull=False
        )
        assert not released.exists(), "I1"


@pytest.mark.django_db
def test_no_order_of_events_breaks_a_promise() -> None:
    run_state_machine_as_test(
        Deliveries,
        settings=settings(
            max_examples=50,
            stateful_step_count=40,
            deadline=None,
            derandomize=True,
            database=None,
            phases=[Phase.generate, Phase.shrink],
            suppress_health_check=list(HealthCheck),
        ),
    )
