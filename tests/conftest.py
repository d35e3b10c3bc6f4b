"""The order of the tests."""

from pathlib import Path

import pytest

BROWSER = Path(__file__).parent / "browser"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put browser tests last: the quick ones fail first, and the driver's event loop is in nobody's way."""
    items.sort(key=lambda item: BROWSER in item.path.parents)
