"""The end of every link that a mail to a person carried and that opens something.

Other apps register what they have to make anew, so this one ends their links without
knowing them. Links that only stop mail stay good.
"""

from __future__ import annotations

from collections.abc import Callable

from django.db.models import F

from accounts.models import User

Revoker = Callable[[User], None]

_revokers: list[Revoker] = []


def register_revoker(revoke: Revoker) -> None:
    """Add one step to every revocation: `revoke(user)`."""
    if revoke not in _revokers:
        _revokers.append(revoke)


def revoke_links(user: User) -> None:
    """End the links and cookies that let their holder act for this person."""
    User.objects.filter(pk=user.pk).update(token_epoch=F("token_epoch") + 1)
    for revoke in _revokers:
        revoke(user)
