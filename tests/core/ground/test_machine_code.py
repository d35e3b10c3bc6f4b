"""Machine code: what is marked for it computes the same with numba and without."""

import pytest
from backscope.core.ground import machine_code as module


def doubled(x):
    return 2.0 * x


def test_without_numba_a_marked_function_is_the_function(monkeypatch):
    monkeypatch.setattr(module, "find_spec", lambda name: None)
    assert not module.installed()
    assert module.machine_code()(doubled) is doubled
    assert module.machine_code("float64(float64)", sums=True)(doubled) is doubled


@pytest.mark.skipif(not module.installed(), reason="no numba")
def test_what_is_compiled_computes_the_same_and_lies_in_the_cache_of_these_sources():
    made = module.machine_code("float64(float64)")(doubled)
    assert made is not doubled
    assert made(1.5) == doubled(1.5)
    assert module._cache() in made.stats.cache_path
