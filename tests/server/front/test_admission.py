"""The host token, and the pass that a browser gets for it."""

import os
import stat
from pathlib import Path
from typing import Any

import pytest
from backscope.server.front.admission import Admission
from backscope.server.front.token import TOKEN_FILE, kept_token
from backscope.server.wire.commands import CommandError

TOKEN = "the-right-token-of-this-server"
OWNER = "the secret of a browser"


def refused(admission: Admission, fields: dict[str, Any]) -> str:
    with pytest.raises(CommandError) as caught:
        admission.admit(fields)
    return caught.value.code


def test_nothing_is_asked_where_there_is_no_token() -> None:
    for fields in ({}, {"token": "any"}, {"pass": "any"}, {"owner": OWNER}):
        assert Admission(None).admit(fields) == {}


@pytest.mark.parametrize("token", ["", "wrong", "rïght", TOKEN + " ", TOKEN[:-1], "\ud800", "a" * 1000])
def test_a_wrong_token_is_told_apart_from_a_missing_one(token: str) -> None:
    admission = Admission(TOKEN)
    kept = admission.admit({"token": TOKEN, "owner": OWNER})
    assert refused(admission, {"token": token, "owner": OWNER, **kept}) == "token_wrong"
    assert refused(admission, {"owner": OWNER}) == "token_required"
    assert refused(admission, {"owner": OWNER, "pass": token}) == "token_required"
    assert refused(admission, {}) == "token_required"


def test_the_token_is_exchanged_for_a_pass_that_is_of_use_to_one_browser_and_one_token_alone() -> None:
    kept = Admission(TOKEN).admit({"token": TOKEN, "owner": OWNER})
    assert TOKEN not in kept["pass"]
    assert Admission(TOKEN).admit({"owner": OWNER, **kept}) == {}  # after a restart, too
    assert refused(Admission(TOKEN), {"owner": "another", **kept}) == "token_required"
    assert refused(Admission(TOKEN), kept) == "token_required"
    assert refused(Admission("another-token-of-it"), {"owner": OWNER, **kept}) == "token_required"
    assert Admission(TOKEN).admit({"token": TOKEN}) == {}  # a client without a secret has to bring it every time


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
