"""Limits, each with its reason, and what the machine has."""

import os
from dataclasses import FrozenInstanceError, fields

import pytest
from backscope.server.wire.settings import Limits, Settings, cores, half_of_memory


@pytest.mark.parametrize("kind", [Limits, Settings])
def test_every_entry_is_explained_and_none_can_be_changed_under_way(kind: type[Limits] | type[Settings]) -> None:
    words = kind.__doc__ or ""
    parameters = words[words.index("Parameters") :]
    assert [one.name for one in fields(kind) if one.name not in parameters] == []
    with pytest.raises(FrozenInstanceError):
        setattr(kind(), fields(kind)[0].name, 1)


def test_a_share_is_no_more_than_the_whole() -> None:
    limits = Limits()
    assert all(getattr(limits, one.name) > 0 for one in fields(limits) if one.name != "machine_code")
    assert limits.copies < limits.address_sessions < limits.sessions
    assert limits.address_uploads < limits.uploads
    assert limits.client_jobs < limits.session_jobs
    assert limits.neurons <= limits.units <= limits.neurons * limits.layers
    assert limits.units < limits.parameters
    assert limits.upload_bytes < limits.memory_bytes


def test_who_sets_nothing_serves_this_machine_alone_and_keeps_nothing() -> None:
    plain = Settings()
    assert (plain.local, plain.token, plain.data_dir, plain.root_path) == (True, None, None, "")
    assert (plain.origins, plain.frames, plain.lessons) == ((), (), ())


def test_what_the_machine_has_is_asked_of_it_and_guessed_where_it_does_not_say(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(os, "sysconf", {"SC_PHYS_PAGES": 1001, "SC_PAGE_SIZE": 4096}.__getitem__, raising=False)
    assert half_of_memory() == 1001 * 2048
    monkeypatch.delattr(os, "sysconf")
    assert half_of_memory() == Limits().memory_bytes
    monkeypatch.setattr(os, "sched_getaffinity", lambda process: {0, 3}, raising=False)
    assert cores() == 2
    monkeypatch.delattr(os, "sched_getaffinity")
    monkeypatch.setattr(os, "cpu_count", lambda: None)
    assert cores() == 1
