"""What the tests of the core share: the textbook oracle can be imported, and configs are built in one line."""

import sys
from pathlib import Path

import pytest
from backscope.core import RunConfig

sys.path.insert(0, str(Path(__file__).parent))


@pytest.fixture(scope="session")
def config():
    """Return a function that builds a RunConfig from its JSON, given as keywords."""

    def build(**values):
        return RunConfig.from_json(values)

    return build
