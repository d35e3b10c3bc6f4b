"""Trainability maps: the published arithmetic, a reference bitmap, engines that agree, and refusals in words."""

import json
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
from backscope.core import ACTIVATIONS, ConfigError, gaussian_net, trainability_map
from backscope.core.ensemble import compiled
from backscope.core.ensemble.pixels import MapNet, losses_of, measured
from backscope.core.ensemble.trainability import MapTask, axis, map_measures

REFERENCE = json.loads((Path(__file__).parents[2] / "fixtures" / "trainability.json").read_text())
ENGINES = ["numpy", pytest.param("compiled", marks=pytest.mark.skipif(not find_spec("numba"), reason="no numba"))]


def net_of(reference: dict[str, list[list[float]]], nudge: float = 0.0) -> list[np.ndarray]:
    """The reference's arrays, its weights moved by one unit in the last place towards `nudge`."""
    W0, W1, X, Y = (np.array(reference[name]) for name in ("W0", "W1", "X", "Y"))
    return [np.nextafter(W0, nudge) if nudge else W0, np.nextafter(W1, nudge) if nudge else W1, X, Y]


def textbook(net: MapNet, rate0: float, rate1: float, scale: float, steps: int) -> list[float]:
    """The formulas as they are written, by central differences of nothing: gradients by hand."""
    W0, W1, n, losses = scale * net.W0, scale * net.W1, net.W0.shape[1], []
    gain = 1.0 if net.activation == "identity" else np.sqrt(2)
    function = ACTIVATIONS[net.activation]
    for _ in range(steps):
        z = gain * net.X @ W0 / np.sqrt(n)
        a = function.apply(z)
        error = a @ W1 / n - net.Y
        losses.append(float(np.mean(error**2)))
        out = 2 * error / error.size
        d1 = a.T @ out / n
        d0 = gain * net.X.T @ (out @ W1.T / n * function.slope(z)) / np.sqrt(n)
        W0, W1 = W0 - rate0 * d0, W1 - rate1 * d1
    return losses


@pytest.mark.parametrize("engine", ENGINES)
def test_the_reference_bitmap_is_met_in_every_pixel_that_twins_keep(engine: str) -> None:
    expected = np.array([[bit == "1" for bit in f"{int(row, 16):064b}"] for row in REFERENCE["rows"]])
    found = trainability_map(*net_of(REFERENCE), "relu", 100, engine=engine)
    twins = [trainability_map(*net_of(REFERENCE, to), "relu", 100, engine=engine).converged for to in (-9.0, 9.0)]
    kept = np.logical_and.reduce([twin == found.converged for twin in twins])
    assert kept.mean() > 0.95
    assert (found.converged == expected)[kept].all()
    assert ((found.measure < 0) == found.converged).all()
    assert found.engine == engine
    first = MapNet(*net_of(REFERENCE), "relu", 1)
    np.testing.assert_allclose(losses_of(first, *np.ones((3, 1)), engine=engine), REFERENCE["loss0"], rtol=1e-14)


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_pixels_train_as_the_formulas_say(activation: str, engine: str) -> None:
    rng = np.random.default_rng(3)
    shapes = ((3, 5), (5, 2), (11, 3), (11, 2))
    net = MapNet(*(rng.standard_normal(shape) for shape in shapes), activation, 30)
    if engine == "compiled" and compiled.missing_for(net):
        pytest.skip("not compiled")
    rates = np.array([[0.1, 0.5, 0.02], [0.3, 0.01, 0.6], [1.0, 0.5, 2.0]])
    found = losses_of(net, *rates, engine=engine)
    for k in range(3):
        np.testing.assert_allclose(found[:, k], textbook(net, *rates[:, k], 30), rtol=1e-9)


@pytest.mark.parametrize("engine", ENGINES)
def test_a_pixel_is_the_same_alone_and_in_any_tile(engine: str) -> None:
    net = gaussian_net(4, "tanh", 60, seed=2)
    x, y = (grid.ravel() for grid in np.meshgrid(np.linspace(-3, 6, 9), np.linspace(-3, 6, 9)))
    task = MapTask(net, x, y, "rates", engine)
    whole = map_measures(task, 0, 81)
    assert (whole < 0).any()
    assert (whole > 0).any()
    assert [map_measures(task, k, k + 1)[0] for k in range(81)] == whole.tolist()
    assert map_measures(task, 17, 50).tolist() == whole[17:50].tolist()


@pytest.mark.skipif(not find_spec("numba"), reason="no numba")
@pytest.mark.parametrize("activation", compiled.KINDS)
def test_engines_agree_where_twins_do(activation: str) -> None:
    net = gaussian_net(6, activation, 60, seed=1)
    arrays = net.W0, net.W1, net.X, net.Y
    twin = np.nextafter(net.W0, 9.0), np.nextafter(net.W1, 9.0), net.X, net.Y
    first, other, fast = (
        trainability_map(*given, activation, 60, resolution=24, engine=engine).converged
        for given, engine in ((arrays, "numpy"), (twin, "numpy"), (arrays, "compiled"))
    )
    assert (first == fast)[first == other].all()


def test_the_scale_is_an_axis_and_one_rate_is_for_both_layers() -> None:
    net = gaussian_net(3, "tanh", 40)
    arrays = net.W0, net.W1, net.X, net.Y
    by_scale = trainability_map(*arrays, "tanh", 40, (-1, 2), (0, 1), 2, axes="rate_scale", engine="numpy")
    rates = np.array([0.1, 100.0])
    for row, scale in enumerate((1.0, 10.0)):
        expected = measured(losses_of(net, rates, rates, np.full(2, scale), "numpy"))
        np.testing.assert_array_equal(by_scale.measure[row], expected[1])


def test_progress_is_told_and_what_it_raises_ends_the_map() -> None:
    net, shares = gaussian_net(2, steps=5), []
    trainability_map(net.W0, net.W1, net.X, net.Y, steps=5, resolution=20, progress=shares.append)
    assert shares == sorted(shares)
    assert shares[-1] == 1.0

    def stop(share: float) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        trainability_map(net.W0, net.W1, net.X, net.Y, steps=5, resolution=20, progress=stop)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"W0": np.zeros((3, 2))}, "W0 must have 2 rows"),
        ({"W1": np.zeros((3, 1))}, "W1 must have 2 rows"),
        ({"Y": np.zeros((6, 2))}, "Y must have 1 columns"),
        ({"Y": np.zeros((5, 1))}, "Y must have 6 rows"),
        ({"X": [[1.0, np.nan]] * 6}, "X must have finite numbers only, got nan"),
        ({"X": [1.0, 2.0]}, "X must be a matrix"),
        ({"X": "words"}, "X must be a matrix"),
        ({"activation": "softmax"}, "activation must be one of"),
        ({"steps": 0}, "steps must be a whole number in"),
        ({"resolution": 0}, "resolution must be a whole number in"),
        ({"x_log10": (1, 1)}, "x_log10 must be two numbers, low and high"),
        ({"y_log10": (1, np.inf)}, "y_log10 must be two numbers"),
        ({"y_log10": (1, 301)}, "y_log10 must lie within -300 to 300"),
        ({"x_log10": (1, np.nextafter(1, 2))}, "float64 cannot tell neighbours apart"),
        ({"axes": "both"}, "axes must be one of"),
        ({"engine": "fast"}, "engine must be one of"),
    ],
)
def test_what_cannot_be_is_refused_in_words(change: dict[str, object], words: str) -> None:
    net = gaussian_net(2)
    given = {"W0": net.W0, "W1": net.W1, "X": net.X, "Y": net.Y, **change}
    with pytest.raises(ConfigError, match=words.replace("(", r"\(")):
        trainability_map(**given)  # type: ignore[arg-type]


def test_an_axis_has_all_numbers_apart_down_to_the_limit_of_float64() -> None:
    for width in (1.0, 1e-6, 1e-12):
        places = axis("x_log10", (1.5, 1.5 + width), 16)
        assert len(set((10.0**places).tolist())) == 16
