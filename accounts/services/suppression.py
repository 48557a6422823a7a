"""Do not write to this address: recorded, asked for, lifted.

`all` (hard bounce, complaint, never again) stops every mail; `digests` (unsubscribed)
must not stop the confirmation or sign-in mail that the person asks for later.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from accounts.models import (
    AddressError,
    Suppression,
    User,
    email_hmac,
    email_hmacs,
    parse_address,
)

Scope = Suppression.Scope
Reason = Suppression.Reason

# A bounced or complained address may earn one confirmation mail when this is over.
RETRY_AFTER = timedelta(days=30)
RETRYABLE = (Reason.HARD_BOUNCE, Reason.COMPLAINT)

_BY_STRENGTH = (
    Reason.SOFT_BOUNCE,
    Reason.BLOCKED,
    Reason.REQUEST,
    Reason.HARD_BOUNCE,
    Reason.COMPLAINT,
    Reason.ERASED,
)


def suppress(
    email: str, reason: str, scope: str, now: datetime, evidence: str = ""
) -> None:
    """Stop mail to an address, known here or not. Again is harmless.

    A stronger reason is never replaced by a weaker one: erased, complaint, hard
    bounce, request, the provider's list, soft bounces. `evidence` is what tells so,
    and holds no address.
    """
    key = parse_address(email).key
    with transaction.atomic():
        _move_to_current_key(key)
        row, is_new = Suppression.objects.get_or_create(
            email_hmac=email_hmac(key),
            scope=Scope(scope),
            defaults={"reason": Reason(reason), "at": now, "evidence": evidence[:300]},
        )
        if not is_new and _strength(reason) >= _strength(row.reason):
            row.reason, row.at, row.evidence = Reason(reason), now, evidence[:300]
            row.save(update_fields=["reason", "at", "evidence"])


def _strength(reason: str) -> int:
    return _BY_STRENGTH.index(Reason(reason))


def _move_to_current_key(key: str) -> None:
    """Bring rows from before a key rotation under the current key.

    The join of people with suppressions compares hashes, so both sides of one address
    must carry the same.
    """
    current, *older = email_hmacs(key)
    User.objects.filter(email_key=key).exclude(email_hmac=current).update(
        email_hmac=current
    )
    present = Suppression.objects.filter(email_hmac=current).values("scope")
    moved = Suppression.objects.filter(email_hmac__in=older)
    for scope in Scope.values:
        rows = moved.filter(scope=scope).exclude(scope__in=present).order_by("-at")
        newest = rows.values_list("pk", flat=True).first()
        if newest is not None:
            moved.filter(pk=newest).update(email_hmac=current)
    moved.delete()


def lift(email: str, *scopes: str) -> int:
    """End suppressions of the given scopes (all scopes if none is named)."""
    rows = rows_for(parse_address(email).key)
    if scopes:
        rows = rows.filter(scope__in=scopes)
    count, _by_model = rows.delete()
    return count


def lift_soft_bounces(email: str) -> int:
    """End a suppression by soft bounces, and none that has another reason."""
    rows = rows_for(parse_address(email).key).filter(reason=Reason.SOFT_BOUNCE)
    count, _by_model = rows.delete()
    return count


def is_suppressed(email: str, scope: str) -> bool:
    """Tell whether mail of this scope must not go to the address."""
    rows = rows_for(parse_address(email).key)
    return rows.filter(scope__in=_blocking(scope)).exists()


def suppressed_users(scope: str) -> Exists:
    """Condition for querysets on User: `User.objects.exclude(suppressed_users("all"))`.

    For querysets on a model with a foreign key use `suppressed_through`.
    """
    return suppressed_through("email_hmac", scope)


def suppressed_through(path: str, scope: str) -> Exists:
    """Return the same for a path to the column: `"digest__subscriber__email_hmac"`."""
    return Exists(
        Suppression.objects.filter(
            email_hmac=OuterRef(path), scope__in=_blocking(scope)
        )
    )


def may_confirm(key: str, now: datetime) -> bool:
    """Tell whether a confirmation mail may go out in spite of suppressions."""
    lately = Q(at__gt=now - RETRY_AFTER) | Q(retried_at__gt=now - RETRY_AFTER)
    blocking = rows_for(key).filter(~Q(reason__in=RETRYABLE) | lately, scope=Scope.ALL)
    return not blocking.exists()


def note_retry(key: str, now: datetime, *, is_granted: bool) -> None:
    """Remember that the one confirmation mail of these 30 days is granted.

    Asks the database either way, so that a refusal takes as long.
    """
    retried_at: datetime | F = now if is_granted else F("retried_at")
    rows_for(key).filter(scope=Scope.ALL).update(retried_at=retried_at)


def find_suppressions(text: str) -> QuerySet[Suppression]:
    """Find the rows of an address as somebody typed it; none for other text."""
    try:
        return rows_for(parse_address(text).key)
    except AddressError:
        return Suppression.objects.none()


def rows_for(key: str) -> QuerySet[Suppression]:
    """All rows of one address, under whichever key they were written."""
    return Suppression.objects.filter(email_hmac__in=email_hmacs(key))


def _blocking(scope: str) -> set[str]:
    return {Scope.ALL, Scope(scope)}
