"""The host token, and the pass that a browser gets for it."""

from typing import Any

import pytest
from backscope.server.front.admission import Admission
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
