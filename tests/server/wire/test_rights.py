"""Parts: the sets that commands name, and what their records refuse."""

import pytest
from backscope.server.wire.commands import Operations
from backscope.server.wire.rights import ANYBODY, DRIVER, HOST, INSIDE, STRANGER, Role


def action() -> None:
    """Do it."""


def test_a_command_that_says_nothing_is_for_who_drives() -> None:
    table = Operations()  # type: ignore[var-annotated]
    table.operation("jump")(action)
    assert table["jump"].who == DRIVER


def test_who_only_looks_on_cannot_be_let_change_a_run() -> None:
    for flag in ("exact", "picture_first", "undoable"):
        with pytest.raises(TypeError, match="only looks on"):
            Operations().operation("jump", who=INSIDE, **{flag: True})(action)
    with pytest.raises(TypeError, match="for nobody"):
        Operations().operation("jump", who=frozenset())(action)


def test_the_sets_are_what_they_are_called() -> None:
    assert ANYBODY - INSIDE == STRANGER
    assert HOST | DRIVER < INSIDE
    assert set(Role) == ANYBODY
