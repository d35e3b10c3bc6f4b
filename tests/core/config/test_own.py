"""Parts from formulas: they are what the formulas say, and a formula that cannot be read is refused."""

import numpy as np
import pytest
from backscope.core import ConfigError
from backscope.core.config.own import own_activation, own_loss, own_points, own_schedule


def test_an_activation_and_its_second_derivative_from_differences():
    cube = own_activation("cube", "z**3 + k", "3 * z**2", constants={"k": 2.0})
    z = np.array([-1.5, 0.0, 0.7])
    np.testing.assert_allclose(cube.apply(z.copy()), z**3 + 2)
    np.testing.assert_allclose(cube.slope(z), 3 * z**2)
    np.testing.assert_allclose(cube.second(z), 6 * z, atol=1e-8)


def test_a_loss_is_summed_over_samples():
    loss = own_loss("fourth", "sum((a - y)**4)", "4 * (a - y)**3")
    a, y = np.array([[1.0, 2.0], [0.0, -1.0]]), np.array([[0.0, 0.0], [0.0, 1.0]])
    slope = np.empty_like(a)
    assert loss.bind(a, a, slope)(y) == pytest.approx(1 + 16 + 16)
    np.testing.assert_allclose(slope, 4 * (a - y) ** 3)


def test_what_cannot_be_read_or_placed_is_refused():
    with pytest.raises(ConfigError, match="the formula of schedule s has the name u: it knows t"):
        own_schedule("s", "1 / (1 + u)")
    with pytest.raises(ConfigError, match="the formula of activation b cannot be read"):
        own_activation("b", "z +", "1")
    shape = own_points(lambda labels, rng: np.full((len(labels), 2), 3.0)).shape
    with pytest.raises(ConfigError, match=r"sample 0 is placed at \(3, 3\), outside ±1.15"):
        shape(np.zeros(4, int), np.random.default_rng(0))
