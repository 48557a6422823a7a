"""People and clocks for the tests of accounts."""

from __future__ import annotations

import pytest

from accounts.models import User
from tests.accounts.story import confirm, sign_up


@pytest.fixture
def alice(db: None) -> User:
    """A subscriber who signed up and confirmed."""
    sign_up("alice@example.org")
    return confirm("alice@example.org").user
