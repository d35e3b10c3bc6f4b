"""The order of the tests, and their share of the machine."""

import os
from pathlib import Path

import pytest

# Before NumPy comes: as many threads in each worker as there are cores would wait for each other.
for name in ("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "OMP_NUM_THREADS"):
    os.environ.setdefault(name, "1")
# Tests start some hundred processes: each would compile all modules anew.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

BROWSER = Path(__file__).parent / "browser"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put browser tests last: the quick ones fail first, and the driver's event loop is in nobody's way."""
    items.sort(key=lambda item: BROWSER in item.path.parents)
