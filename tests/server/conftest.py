"""Fixtures of the server's tests."""

from collections.abc import Iterator

import pytest
from hypothesis import settings
from talking import House, Talk, housed

settings.register_profile("no clock", deadline=None)
settings.load_profile("no clock")


@pytest.fixture
def house() -> Iterator[House]:
    with housed() as running:
        yield running


@pytest.fixture
def talk(house: House) -> Iterator[Talk]:
    """A client in a fresh session with the default preset."""
    with house.enter() as speaker:
        yield speaker
