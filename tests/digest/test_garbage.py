"""The search for garbage is put off for a block, and no longer."""

import gc

import pytest

from digest.garbage import put_off_collection


def fail_inside() -> None:
    with put_off_collection():
        assert not gc.isenabled()
        raise ZeroDivisionError


def test_it_ends_with_the_block_even_if_that_fails() -> None:
    with pytest.raises(ZeroDivisionError):
        fail_inside()

    assert gc.isenabled()


def test_a_block_inside_another_does_not_end_it() -> None:
    with put_off_collection():
        with put_off_collection():
            pass
        assert not gc.isenabled()
