"""The map of depths and widths: what theory says of its corners, and that a cell is the net it speaks of."""

import math
from dataclasses import replace

import numpy as np
import pytest
from backscope.core.config.config import DataConfig, NetworkConfig, RunConfig
from backscope.core.data.datasets import make_dataset
from backscope.core.insight.depth_map import MapTask, first_to_last

DIGITS = RunConfig(DataConfig("digits"), NetworkConfig((30,)))


def cells(
    shapes: list[tuple[int, int]], activation: str, initializer: str, normalization: str | None = None, **more: object
) -> np.ndarray:
    config = replace(DIGITS, **more)  # type: ignore[arg-type]
    data = make_dataset(config.data, config.seed, *config.output_and_loss())
    task = MapTask.of(config, data, tuple(shapes), activation, initializer, normalization)
    return first_to_last(task, 0, len(shapes))


def test_a_cell_is_the_net_that_it_speaks_of() -> None:
    config = replace(DIGITS, network=NetworkConfig((20,) * 5, "tanh"), initializer="xavier_normal", batch_size=None)
    ratios = []
    for seed in range(3):
        data = make_dataset(config.data, config.seed, *config.output_and_loss())
        net = config.make_network()
        theta = net.initialize("xavier_normal", seed)
        layers = net.backpropagate(theta, data.X_train[:64], data.y_train[:64], "cross_entropy").layers
        sizes = [math.sqrt(float(np.mean(layers[k].delta ** 2))) for k in (0, 4)]
        ratios.append(math.log10(sizes[0] / sizes[1]))
    assert cells([(5, 20)], "tanh", "xavier_normal")[0] == pytest.approx(np.mean(ratios), rel=1e-12)


def test_sigmoid_vanishes_with_depth_and_relu_with_he_does_not() -> None:
    depths = [2, 8, 16, 32]
    sigmoid = cells([(depth, 64) for depth in depths], "sigmoid", "xavier_normal")
    assert (np.diff(sigmoid) < 0).all()
    for depth, ratio in zip(depths, sigmoid, strict=True):
        assert ratio == pytest.approx((depth - 1) * math.log10(0.23), rel=0.12)  # σ′ ≤ 1/4, √(n Var w) = 1
    relu = cells([(depth, 128) for depth in depths], "relu", "he_normal")
    assert (np.abs(relu) < 1).all()


def test_large_weights_explode_and_batch_normalization_holds_sigmoids() -> None:
    assert cells([(16, 32)], "relu", "normal")[0] > 5
    plain, normalized = (cells([(24, 32)], "sigmoid", "xavier_normal", kind)[0] for kind in (None, "batch"))
    assert plain < -10
    assert normalized > plain + 8


def test_one_layer_is_even_with_itself_and_silence_is_no_number() -> None:
    assert cells([(1, 8)], "relu", "he_normal")[0] == 0
    assert math.isnan(cells([(3, 8)], "relu", "zeros")[0])


def test_parts_make_up_the_whole() -> None:
    shapes = [(2, 4), (3, 8), (5, 2)]
    data = make_dataset(DIGITS.data, 0, *DIGITS.output_and_loss())
    task = MapTask.of(DIGITS, data, tuple(shapes), "tanh", "xavier_uniform", "layer")
    np.testing.assert_array_equal(
        np.concatenate([first_to_last(task, 0, 1), first_to_last(task, 1, 3)]), first_to_last(task, 0, 3)
    )
