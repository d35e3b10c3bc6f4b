"""Which Backscope this is."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version


def installed_version() -> str:
    """Return the version of the installed package, ``"0"`` where it is used without being installed."""
    try:
        return version("backscope")
    except PackageNotFoundError:
        return "0"
