"""Any order of planning, sending, dying and leaving keeps the promises.

A transport in the model's head says what truly arrived; the rows must never have
let a paper arrive twice, or started a hand-off that was forbidden. Some workers send
through a provider that remembers keys, for so long and no minute longer.
"""

from datetime import timedelta
from itertools import product

import pytest
from django.db import transaction
from django.db.models import F
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    rule,
    run_state_machine_as_test,
)

from digest.models import Delivery, Edition, Schedule, SendingHold
from digest.pipeline import reconcile, states
from digest.pipeline.deliver.verdicts import Told, record
from digest.pipeline.states import Claim, State
from digest.reading import subscriptions
from digest.transports import Idempotency, Outcome, Verdict
from tests.digest.pipeline.planning import plan_one
from tests.digest.pipeline.promises import Promises
from tests.digest.pipeline.reporting import KINDS, Reporter
from tests.digest.pipeline.sending import (
    addressed,
    claim_one,
    hand_off_one,
    queue_one,
)
from tests.digest.pipeline.wire import REMEMBERED, Worker
from tests.factories import NOW, make_match, make_paper, make_reader, make_topic

ACTIONS = [
    *["claim", "hand_over", "wait"] * 5,
    *["be_answered", "ask_again"] * 4,
    *["leave_or_return"] * 3,
    *["begin_a_day", "be_refused", "die", "report", "report", "release"],
]
OTHERWISE = ["hand_over", "be_answered", "ask_again", "wait"]
ENDS = [State.ACCEPTED, State.FAILED, State.UNCERTAIN, State.SKIPPED]
REFUSALS = [Outcome.TEMPORARY, Outcome.PERMANENT, Outcome.QUEUE_PROBLEM]
ANSWERS = [Outcome.ACCEPTED, Outcome.UNCERTAIN, Outcome.TEMPORARY, Outcome.PERMANENT]


class Deliveries(Promises):
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
        self.suppressed: set[int] = set()
        self.reporter = Reporter()
        self.begin_a_day()
        self.begin_in_doubt()

    def begin_in_doubt(self) -> None:
        """One mail has arrived already, and nobody here knows; its key is known."""
        self.claim(self.choices_to_claim()[0])
        [worker] = self.workers
        self.hand_over((worker, REMEMBERED))
        self.end(worker, Outcome.UNCERTAIN, arrives=True)

    def teardown(self) -> None:
        """See that all of it ends (I3), and leave the database as it was."""
        try:
            self.release(None)
            for _day in range(3):
                self.wait(1440)
            left = Delivery.objects.exclude(state__in=ENDS)
            assert not left.exists(), "I3"
        finally:
            transaction.set_rollback(True)
            self.undo.__exit__(None, None, None)

    @rule(action=st.sampled_from(ACTIONS), data=st.data())
    def act(self, action: str, data: st.DataObject) -> None:
        """Somebody does this, or, with nothing to do it with, the next best thing."""
        for one in (action, *OTHERWISE):
            choices = getattr(self, f"choices_to_{one}", lambda: [None])()
            if choices:
                getattr(self, one)(data.draw(st.sampled_from(choices)))
                return

    def begin_a_day(self, _choice: None = None) -> None:
        """A new paper matches; planners come by, one twice; the mails are rendered."""
        make_match(self.topic, make_paper(announced_on=self.now.date()))
        for reader in (0, 1, 0):
            plan_one(self.schedule(reader).pk, now=self.now)
        assert not Schedule.objects.due(self.now).exists(), "I3"
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

    def ready_workers(self) -> list[Worker]:
        """Workers, however late, whose server is ready for the message."""
        return [worker for worker in self.workers if not worker.has_handed_off]

    def choices_to_hand_over(self) -> list[tuple[Worker, Idempotency | None]]:
        """Those, and whether their provider will remember the key."""
        return list(product(self.ready_workers(), [None, REMEMBERED]))

    def hand_over(self, choice: tuple[Worker, Idempotency | None]) -> None:
        """May it go?"""
        worker, remembered = choice
        delivery_id, is_held = worker.delivery.pk, states.is_held()
        if not hand_off_one(worker.taken, self.now, remembered):
            self.end(worker, Outcome.ABORTED)
            return
        worker.gone_at, worker.remembered = self.now, remembered
        assert worker.delivery.digest.user_id not in self.unwanted, "I8"
        assert not is_held, "I18"
        row = Delivery.objects.get(pk=delivery_id)
        assert (row.state, row.claim_token) == (State.HANDOFF, worker.taken.token), "I5"
        assert self.holders[delivery_id] == worker.taken, "I7"
        assert delivery_id not in self.may_have_gone, "I6"
        self.may_have_gone.add(delivery_id)

    def choices_to_ask_again(self) -> list[int]:
        """What the machine would have asked about now."""
        return sorted(states.askable(self.now).values_list("pk", flat=True))

    def ask_again(self, delivery_id: int) -> None:
        """A worker would hand it over once more."""
        is_held = states.is_held()
        account = REMEMBERED.account
        for taken in states.hand_off_again([delivery_id], account, "w", self.now):
            delivery = Delivery.objects.get(pk=delivery_id)
            assert delivery.digest.user_id not in self.unwanted, "I8"
            assert not is_held, "I18"
            assert delivery.state == State.HANDOFF, "I5"
            assert delivery.keyed_by == account
            self.holders[delivery_id] = taken
            self.workers.append(Worker(taken, delivery, self.now, REMEMBERED))

    def choices_to_be_refused(self) -> list[tuple[Worker, Outcome]]:
        """What a server may say before the hand-off."""
        return list(product(self.ready_workers(), REFUSALS))

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
            self.wire.take(worker)

    def end(self, worker: Worker, outcome: Outcome, arrives: bool = False) -> None:  # noqa: FBT001, FBT002
        """A worker learns, and writes down, what became of its mail."""
        self.workers.remove(worker)
        delivery_id = worker.delivery.pk
        if outcome == Outcome.ACCEPTED or (outcome == Outcome.UNCERTAIN and arrives):
            self.wire.take(worker)
        # A definite no that comes too late, or to a second call, undoes no doubt.
        row = Delivery.objects.filter(pk=delivery_id, claim_token=worker.taken.token)
        is_definite = outcome in {Outcome.TEMPORARY, Outcome.PERMANENT}
        if is_definite and row.exists() and not worker.taken.was_in_doubt:
            self.may_have_gone.discard(delivery_id)
        record(
            [Told(worker.taken, addressed(worker.delivery), Verdict(outcome, "told"))],
            self.now,
        )

    def choices_to_report(self) -> list[tuple[int, str]]:
        """Mails that the provider has, and what it may say of them."""
        return list(product(sorted(set(self.wire.arrived)), KINDS))

    def report(self, choice: tuple[int, str]) -> None:
        """The provider reports on one, and then on all that it did before."""
        delivery_id, kind = choice
        delivery = Delivery.objects.get(pk=delivery_id)
        self.reporter.tell(delivery, kind, self.now)
        if kind == "complained" and delivery.digest.user_id:
            self.suppressed.add(delivery.digest.user_id)

    @property
    def unwanted(self) -> set[int]:
        """Readers who may get nothing: they left, or complained."""
        return self.has_left | self.suppressed

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
        """Minutes: past a claim's lease, a hand-off's, a key's life, a day."""
        return [2, 2, 300, 450, 1440]

    def wait(self, minutes: int) -> None:
        """Time passes, for leases too, and the sweep comes by."""
        passed = timedelta(minutes=minutes)
        self.now += passed
        leased = Delivery.objects.filter(lease_until__isnull=False)
        leased.update(lease_until=F("lease_until") - passed)
        reconcile.find_work(now=self.now)


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
