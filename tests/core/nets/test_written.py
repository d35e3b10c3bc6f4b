"""Formulas of activations and losses: they come to what runs, and so do those of their derivatives."""

import json

import numpy as np
import pytest
from backscope.core.ground.expressions import expression
from backscope.core.nets.activations import ACTIVATIONS
from backscope.core.nets.batch_losses import softmax
from backscope.core.nets.losses import LOSSES, SOFTMAX, huber

SETTINGS = {"leaky_slope": 0.01, "huber_delta": 0.4}


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_an_activation_is_what_its_formula_says(name: str) -> None:
    record = ACTIVATIONS[name]
    z = np.concatenate([np.linspace(-6, 6, 501), [0.0]])
    f, slope = record.written.values(z=z, a=record.apply(z), **SETTINGS)
    np.testing.assert_allclose(f + 0 * z, record.apply(z), atol=1e-14)
    at_no_kink = ~np.isin(z, record.kinks)
    np.testing.assert_allclose((slope + 0 * z)[at_no_kink], record.slope(z)[at_no_kink], atol=1e-13)


@pytest.mark.parametrize("large", [1.0, 900.0])
def test_softmax_is_what_its_formula_says(large: float) -> None:
    z = large * np.random.default_rng(0).normal(size=(4, 6))
    expected = np.empty_like(z)
    softmax(z, expected)
    np.testing.assert_allclose(SOFTMAX.values(z=z, a=expected)[0], expected, rtol=1e-9, atol=1e-300)


@pytest.mark.parametrize("outputs", [1, 3])
@pytest.mark.parametrize("name", LOSSES)
def test_a_loss_is_what_its_formula_says(name: str, outputs: int) -> None:
    record = huber(SETTINGS["huber_delta"]) if name == "huber" else LOSSES[name]
    rng, batch = np.random.default_rng(1), 40
    z = rng.normal(size=(outputs, batch))
    a, slope = z.copy(), np.empty_like(z)
    evaluate = record.bind(z, a, slope)
    y = np.eye(max(2, outputs))[:outputs, rng.integers(0, outputs, batch)]
    if record.targets and "-1" in record.targets[0]:
        y = 2 * y - 1
    if name == "cross_entropy" and outputs == 1:
        y = np.ones_like(z)  # targets of one sample make 1
    total = evaluate(y) / (outputs if record.mean_over_outputs else 1)
    C, derivative = record.written.values(a=a, y=y, outputs=outputs, **SETTINGS)
    assert C.shape == (batch,)
    assert np.sum(C) == pytest.approx(total, rel=1e-10)
    factor = record.factor / (outputs if record.mean_over_outputs else 1)
    np.testing.assert_allclose(derivative, factor * slope, atol=1e-12)


def test_every_name_in_a_formula_is_known_to_the_page() -> None:
    settings = {*SETTINGS, "outputs"}
    records = [(record.written, {"z", "a"}) for record in ACTIVATIONS.values()]
    records += [(record.written, {"a", "y"}) for record in LOSSES.values()]
    for written, own in [*records, (SOFTMAX, {"z", "a"})]:
        names = {*expression(written.formula).names, *expression(written.derivative).names}
        assert names <= own | settings | written.constants.keys()
        assert json.loads(json.dumps(written.to_json(), allow_nan=False))["symbols"] == written.symbols
