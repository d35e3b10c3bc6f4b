"""Machine code: what is marked for it computes the same with numba and without."""

import math
from time import monotonic, sleep

import pytest
from backscope.core.ground import machine_code as module


def doubled(x):
    return 2.0 * x


def test_without_numba_a_marked_function_is_the_function(monkeypatch):
    monkeypatch.setattr(module, "find_spec", lambda name: None)
    assert not module.installed()
    assert module.machine_code()(doubled) is doubled
    assert module.machine_code("float64(float64)", sums=True)(doubled) is doubled


@pytest.mark.parametrize("there", [False, True])
def test_a_loop_is_made_when_it_is_wanted_and_beforehand_only_where_it_can_be(monkeypatch, there):
    monkeypatch.setattr(module, "installed", lambda: there)
    waited, asked = (module.Making("math", "sqrt") for _ in range(2))
    assert waited() is math.sqrt
    assert waited.there
    assert not asked.there
    until = monotonic() + (60 if there else 0.2)
    while not asked.ready() and monotonic() < until:
        sleep(0.01)
    assert asked.there == there
    assert asked() is math.sqrt


@pytest.mark.skipif(not module.installed(), reason="no numba")
def test_what_is_compiled_computes_the_same_and_lies_in_the_cache_of_these_sources():
    made = module.machine_code("float64(float64)")(doubled)
    assert made is not doubled
    assert made(1.5) == doubled(1.5)
    assert module._cache() in made.stats.cache_path
