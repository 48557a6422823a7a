"""What holds after every step of the state machine's model, whatever happened."""

from collections import Counter

from hypothesis.stateful import RuleBasedStateMachine, invariant

from digest.models import Delivery, Digest, DigestItem
from tests.digest.pipeline.sending import State, is_every_digest_in_one_place
from tests.digest.pipeline.wire import Wire


class Promises(RuleBasedStateMachine):
    """The rows, set against what truly arrived and what may have gone."""

    def __init__(self) -> None:
        super().__init__()
        self.may_have_gone: set[int] = set()
        self.wire = Wire()

    @invariant()
    def no_paper_arrives_twice(self) -> None:
        """I1, by what truly arrived and by what the rows reserve."""
        counts = Counter(
            (user_id, paper_id)
            for pk in self.wire.arrived
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
