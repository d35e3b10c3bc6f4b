"""The host token as it lies beside the runs."""

import os
import stat
from pathlib import Path

import pytest
from backscope.server.front.token import TOKEN_FILE, kept_token


def test_the_token_lies_beside_the_runs_for_this_user_alone(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    token = kept_token(folder)
    assert kept_token(folder) == token
    assert len(token) >= 16
    if os.name == "posix":
        assert stat.S_IMODE((folder / TOKEN_FILE).stat().st_mode) == 0o600
    assert len({token, kept_token(None), kept_token(None)}) == 3


@pytest.mark.parametrize("held", ["", "short", "spaces are no letters", "ä" * 20, "x" * 200])
def test_a_file_that_holds_no_token_is_said_to_hold_none(tmp_path: Path, held: str) -> None:
    (tmp_path / TOKEN_FILE).write_text(held, "utf-8")
    with pytest.raises(ValueError, match="16 to 128 letters"):
        kept_token(tmp_path)


def test_where_no_file_can_be_kept_there_is_a_token_all_the_same(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert len(kept_token(tmp_path / "file" / "below")) >= 16
