"""Measured data: their files, read without scikit-learn, or its own loader where they are not there."""

import subprocess
import sys

import pytest
from backscope.core.data import real_data


@pytest.mark.parametrize("name", ["iris", "digits", "diabetes"])
def test_without_the_packages_files_its_loader_is_asked(name, monkeypatch):
    load = getattr(real_data, name).__wrapped__
    expected = load()
    monkeypatch.setattr(real_data, "_table", lambda *arguments, **options: None)
    if name == "digits":
        monkeypatch.setattr(real_data, "_digits", real_data._digits.__wrapped__)
    for found, wanted in zip(load(), expected, strict=True):
        assert found.tolist() == wanted.tolist()


def test_digits_are_read_without_importing_scikit_learn():
    program = (
        "import sys; from backscope.core.data import real_data; real_data.digits(); real_data.diabetes(); "
        "print([name for name in ('sklearn', 'scipy') if name in sys.modules])"
    )
    assert subprocess.run([sys.executable, "-c", program], capture_output=True, text=True).stdout.strip() == "[]"
