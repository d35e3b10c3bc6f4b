"""Activations one number at a time: the same as the table's, to the digits that those promise."""

import numpy as np
import pytest
from backscope.core import ACTIVATIONS
from backscope.core.nets.compiled_activations import KINDS, activate, exponential, log_of_one_and

Z = np.concatenate([-np.geomspace(1e-290, 700, 60), np.geomspace(1e-290, 700, 60), np.linspace(-40, 40, 81)])


@pytest.mark.parametrize("name", KINDS)
def test_values_and_slopes_are_those_of_the_table(name):
    record, a, slope = ACTIVATIONS[name], np.empty_like(Z), np.empty_like(Z)
    with np.errstate(all="ignore"):
        activate(KINDS[name], 0.01, Z, a, slope, 0, len(Z))
        for found, wanted in ((a, record.apply(Z)), (slope, record.slope(Z))):
            near_a_root = 1e-15 * (np.abs(Z) < 5) if name in ("gelu", "silu", "mish") else 0.0
            allowed = 10.0 ** (1 - record.digits) * np.abs(wanted) + near_a_root + 1e-300
            assert (np.abs(found - wanted) <= allowed).all(), Z[np.abs(found - wanted) > allowed]


@pytest.mark.parametrize("name", KINDS)
def test_what_is_no_number_stays_so(name):
    z, a, slope = np.array([np.nan, np.inf, -np.inf]), np.empty(3), np.empty(3)
    with np.errstate(all="ignore"):
        activate(KINDS[name], 0.01, z, a, slope, 0, 3)
    assert np.isnan(a[0])
    assert not np.isnan(slope[1:]).any() or name in ("gelu", "silu", "mish")


def test_the_exponential_has_15_digits_and_so_has_what_it_exceeds_1_by():
    for x in (-1e-300, -1e-9, -0.3, -20.0, -707.0, 0.0, 1e-12, 0.34, 0.35, 12.5, 700.0):
        with np.errstate(all="ignore"):
            whole, less = exponential(np.float64(x))
        assert whole == pytest.approx(np.exp(x), rel=1e-15)
        assert less == pytest.approx(np.expm1(x), rel=1e-15, abs=0)


def test_the_logarithm_of_one_and_a_little_keeps_its_digits():
    small = np.concatenate([np.geomspace(1e-300, 1.0, 600), np.linspace(0.0, 1.0, 201), np.sqrt(2) - [1.0, 1 - 2**-52]])
    found, wanted = np.array([log_of_one_and(x) for x in small]), np.log1p(small)
    assert (np.abs(found - wanted) <= 4 * np.spacing(wanted)).all()
    assert np.isnan(log_of_one_and(np.nan))
