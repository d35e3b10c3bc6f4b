"""The version is the installed package's, and none is no error."""

from importlib.metadata import PackageNotFoundError, version

import pytest
from backscope.server.wire import installed


def test_the_version_is_that_of_the_package_or_none(monkeypatch: pytest.MonkeyPatch) -> None:
    assert installed.installed_version() == version("backscope")

    def missing(name: str) -> str:
        raise PackageNotFoundError(name)

    monkeypatch.setattr(installed, "version", missing)
    assert installed.installed_version() == "0"
