"""Ready-made runs, each made to show one thing: `claims` says what, and tests hold them to it."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from ...core.config.config import LANDSCAPE_NETWORK, DataConfig, NetworkConfig, OptimizerConfig, RunConfig
from ...core.landscapes.functions import LANDSCAPES, Landscape

#: ``np.random.seed(1); np.random.randn(3)``: where the tutorials' one neuron starts.
TUTORIAL_WEIGHTS = (1.6243453636632417, -0.6117564136500754, -0.5281717522634557)

#: Where Mazur's net starts ("A Step by Step Backpropagation Example", 2015), in the order of θ: w₁ and w₃ come first. A
#: layer's bias is one number in the article, and here one for each neuron.
MAZUR_WEIGHTS = (
    *(0.15, 0.25), *(0.20, 0.30), *(0.35, 0.35),
    *(0.40, 0.50), *(0.45, 0.55), *(0.60, 0.60),
)  # fmt: skip


def _on(landscape: Landscape) -> RunConfig:
    """Plain gradient descent on a landscape, from its own start at its own rate."""
    return RunConfig(
        DataConfig(landscape.name), LANDSCAPE_NETWORK, OptimizerConfig("sgd", landscape.rate), batch_size=None
    )  # fmt: skip


def _edge(optimizer: OptimizerConfig) -> RunConfig:
    """A run that a rule brings to its limit of stability."""
    return RunConfig(
        DataConfig("gaussian"), NetworkConfig((16, 16)), optimizer, initializer="lecun_normal", batch_size=None
    )  # fmt: skip


#: name -> config; the first is what a new session shows, and the order is the one in which they are offered.
PRESETS: Mapping[str, RunConfig] = MappingProxyType(
    {
        # He's spread, made for ReLU, also gives so small a tanh net enough slope to get going within five seconds. With
        # fewer neurons some seeds end in a local minimum: with 4 and 2 every tenth of the circle, every fourth of XOR.
        "circle": RunConfig(
            DataConfig("circle"), NetworkConfig((6, 3)), OptimizerConfig("sgd", 0.5), initializer="he_normal"
        ),
        "xor": RunConfig(
            DataConfig("xor"), NetworkConfig((4, 4)), OptimizerConfig("sgd", 0.5), initializer="he_normal"
        ),
        "spiral": RunConfig(
            DataConfig("spiral", noise=0.0),
            NetworkConfig((8, 8)),
            OptimizerConfig("adam", 0.03),
            initializer="he_uniform",
            batch_size=20,
        ),
        "digits": RunConfig(
            DataConfig("digits"), NetworkConfig((30,)), OptimizerConfig("momentum", 0.03, {"momentum": 0.9})
        ),
        # A sigmoid's slope is at most a quarter: twelve of them leave a millionth of the error for the first layer. The
        # rate is one at which the same net learns with ReLU, normalization or skips.
        "deep_sigmoid": RunConfig(
            DataConfig("digits"),
            NetworkConfig((30,) * 12, "sigmoid"),
            OptimizerConfig("sgd", 0.03),
            initializer="xavier_normal",
        ),
        # Weights of twice He's spread: each layer doubles what goes forward and the error that comes back, and the
        # second step throws the loss out of the numbers. With He's spread it learns, and with the gradient's norm held
        # below 1. Leaky, because clipped steps along so large gradients kill ReLUs for some seeds.
        "large_weights": RunConfig(
            DataConfig("digits"),
            NetworkConfig((30,) * 7, "leaky_relu"),
            OptimizerConfig("sgd", 0.1),
            initializer="normal",
            initializer_scale=0.52,
        ),
        # Twenty linear layers are one linear map, but a step of each is multiplied by all the others: the first three
        # throw the loss out of the numbers. With the gradient's norm held below 1 the map is learnt within 200. Wide
        # layers, because products of narrow ones differ much from seed to seed.
        "deep_linear": RunConfig(
            DataConfig("plane"),
            NetworkConfig((16,) * 20, "identity"),
            OptimizerConfig("sgd", 0.03),
            initializer="normal",
            initializer_scale=0.29,
        ),
        # The tutorials sum the gradient over four samples with rate 0.1; a mean needs four times that.
        "tutorial": RunConfig(
            DataConfig("truth_table"),
            NetworkConfig((), output="sigmoid", bias=False),
            OptimizerConfig("sgd", 0.4),
            loss="half_squared_error",
            initial=TUTORIAL_WEIGHTS,
            batch_size=None,
        ),
        # One sample with two targets: the numbers of every gradient and weight stand in the article.
        "mazur": RunConfig(
            DataConfig("mazur"),
            NetworkConfig((2,), "sigmoid", output="sigmoid"),
            OptimizerConfig("sgd", 0.5),
            initial=MAZUR_WEIGHTS,
            batch_size=None,
        ),
        "regression": RunConfig(DataConfig("gaussian"), NetworkConfig((6, 4)), OptimizerConfig("adam", 0.01)),
        # Smooth, with more weights than it needs, and all samples in each step: as Cohen et al. have it (2021, 2022).
        "edge": _edge(OptimizerConfig("sgd", 0.15)),
        "edge_adam": _edge(OptimizerConfig("adam", 0.01)),
        # λ₀, the curvature at the start, is 5 to 7 here, whatever the seed: η is 2.5 to 3.6 over λ₀. The known limit of
        # 4 / λ₀ is that of wide nets that are linear (ReLU stands up to 12 / λ₀).
        "catapult": RunConfig(
            DataConfig("plane"),
            NetworkConfig((128,), "identity"),
            OptimizerConfig("sgd", 0.5),
            initializer="xavier_normal",
            batch_size=None,
        ),
        # One of a thousand lives: with N neurons a layer, what reaches a layer dies there with a chance of 2 to the -N.
        "born_dead": RunConfig(
            DataConfig("circle"), NetworkConfig((2,) * 24, "relu"), OptimizerConfig("sgd", 0.1), initializer="he_normal"
        ),
        # Orthogonal halves, so that modes hardly touch each other on their way; a rate slow enough to be near the flow
        # of Saxe's equations, whose time constant is 4/η here, of four items.
        "linear_modes": RunConfig(
            DataConfig("items"),
            NetworkConfig((24,), "identity", bias=False),
            OptimizerConfig("sgd", 0.03),
            initializer="orthogonal",
            initializer_scale=0.03,
            batch_size=None,
        ),
        "noise_scale": RunConfig(
            DataConfig("digits"), NetworkConfig((30,)), OptimizerConfig("sgd", 0.1), batch_size=64
        ),
        # 40 % of the sums are enough, and a decay that is weak beside the rate keeps memory and rule a thousand steps
        # apart: with 0.5 it is hundreds. On 31 numbers with 0.3 there are too few sums, and 6,000 steps find no rule.
        "grokking": RunConfig(
            DataConfig("modular_addition", test_fraction=0.6),
            NetworkConfig((128,), "relu", output="identity", bias=False),
            OptimizerConfig("adamw", 0.01, {"weight_decay": 0.2}),
            initializer="lecun_normal",
            batch_size=None,
            precision="float32",
        ),
        # 53 wines, some with a wrong name, and three outputs: 159 targets, of which a net of 9 neurons has as many
        # parameters. Test losses of nets that can just learn all wrong names by heart are two to three times as large
        # as those of smaller and of wider ones.
        "double_descent": RunConfig(
            DataConfig("wine", test_fraction=0.7, label_noise=0.15),
            NetworkConfig((9,), "tanh", output="identity"),
            OptimizerConfig("adam", 0.02),
            loss="mse",
            initializer="lecun_normal",
            batch_size=None,
        ),
        # Labels that mean nothing, dealt out anew every fifty epochs: each task is as hard as the others. Plain
        # backpropagation at this rate learns the first few, and leaves dead units and large weights behind.
        "plasticity": RunConfig(
            DataConfig("wine", steps_per_task=600),
            NetworkConfig((32,), "relu"),
            OptimizerConfig("sgd", 0.3),
            initializer="he_uniform",
            batch_size=16,
        ),
        **{name: _on(landscape) for name, landscape in LANDSCAPES.items()},
    }
)

#: What the page opens with a preset besides its run: a sweep that is set up, curves of accuracies over powers of steps.
SHOWN: Mapping[str, Mapping[str, Any]] = MappingProxyType(
    {
        "grokking": {"accuracy": True, "log_steps": True},
        "double_descent": {
            "sweep": {
                "x": "width",
                "values": [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 16, 24, 48, 96],
                "seeds": 8,
                "steps": 2000,
                "measure": "loss",
            }
        },
    }
)

#: What presets are for, in the order of the gallery; each preset stands in one group.
GROUPS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "first_steps": ("circle", "xor", "spiral", "tutorial", "mazur", "regression"),
        "gradients": ("deep_sigmoid", "large_weights", "deep_linear"),
        "learning_rate": ("bowl", "valley", "booth"),
        "phenomena": (
            *("edge", "edge_adam", "catapult", "born_dead"),
            *("linear_modes", "noise_scale", "grokking", "double_descent", "plasticity"),
        ),
        "optimizers": ("rosenbrock", "beale", "saddle", "monkey_saddle"),
        "minima": ("himmelblau", "three_hump_camel", "styblinski_tang", "rastrigin", "ackley"),
        "digits": ("digits",),
    }
)

DEFAULT = next(iter(PRESETS))


def preset_name(name: str) -> str | None:
    """Return the preset of this name in any common spelling, or None."""
    name = name.strip().lower().replace("-", "_").replace(" ", "_")
    return name if name in PRESETS else None
