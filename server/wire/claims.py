"""What each preset shows, as data: whatever the seed, and whatever processor computes it.

Its name and the words about it on the page promise this much; the tests hold every preset to it, for many seeds. The
bounds leave room: they are no records, but what somebody who opens the preset can count on.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any


@dataclass(frozen=True, slots=True)
class Learns:
    """By `steps` steps its test accuracy (R² for a regression) is at least `accuracy`, in the middle of some looks."""

    steps: int
    accuracy: float


@dataclass(frozen=True, slots=True)
class StaysPlastic:
    """Of `tasks` tasks the last six are learnt worse than the first six by at most `worse` of the samples."""

    tasks: int
    worse: float


@dataclass(frozen=True, slots=True)
class Cure:
    """A change of the configuration, as a patch, with which the run learns after all."""

    patch: Mapping[str, Any]
    then: Learns | StaysPlastic


@dataclass(frozen=True, slots=True)
class Vanishes:
    """Going back, each layer passes on `factor` of the error at most, to the end of `steps` steps.

    What is left in the first layer is `left` of the last hidden layer's error at most; the test accuracy stays below
    `accuracy`.
    """

    steps: int
    factor: float
    left: float
    accuracy: float
    cures: tuple[Cure, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class Explodes:
    """Going back, each layer multiplies the first step's error by at least `factor`; it diverges within `steps`."""

    steps: int
    factor: float
    cures: tuple[Cure, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class Rests:
    """After `steps` steps the slope is as good as zero, and the training loss `loss`."""

    steps: int
    loss: float


@dataclass(frozen=True, slots=True)
class Prints:
    """Its loss at the start, and θ after the first step where `moved` says a number, are those printed in a source."""

    loss: float
    moved: Mapping[int, float]


@dataclass(frozen=True, slots=True)
class Falls:
    """For `hesitates` steps it is hardly below 0, as at a saddle point, and after `steps` steps below `loss`."""

    hesitates: int
    steps: int
    loss: float


@dataclass(frozen=True, slots=True)
class Sharpens:
    """The curvature that its rule sees begins below `begins` of the rule's limit, and after `steps` steps hovers there.

    The median of nine looks is within `tolerance`: the edge of stability (Cohen et al. 2021; 2022 for Adam, 38/η).
    Adam is thrown back a little farther each time that it has come to the edge.
    """

    steps: int
    begins: float
    tolerance: float


@dataclass(frozen=True, slots=True)
class Catapults:
    """η lies between 2/λ₀ and 4/λ₀: the loss rises by `rises` and more, and the run learns where λ is below 2/η.

    Below `converges`/λ₀ it would do so, and above `diverges`/λ₀ no more; 4/λ₀ lies between the two (Lewkowycz et al.
    2020, "The large learning rate phase of deep learning: the catapult mechanism"). After `steps` steps its R² is
    `accuracy` at least.
    """

    steps: int
    rises: float
    converges: float
    diverges: float
    accuracy: float


@dataclass(frozen=True, slots=True)
class BornDead:
    """No input reaches the output: for `steps` steps nothing moves but the output's bias (Lu et al. 2019).

    "Dying ReLU and Initialization: Theory and Numerical Examples": with L layers of N neurons, a start is dead with a
    chance of at most 1 − (1 − 2⁻ᴺ)ᴸ, and nearly that.
    """

    steps: int
    cures: tuple[Cure, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class GrowsByModes:
    """Each mode's strength follows the closed form for deep linear nets (Saxe et al. 2014) for `steps` steps.

    It has half its singular value within `late` of the step at which theory has, and is off by at most `off` of it.
    """

    steps: int
    late: float
    off: float


@dataclass(frozen=True, slots=True)
class DrownsInNoise:
    """The noise scale (McCandlish et al. 2018) begins at no more than `begins` batches; from `steps` on it is `ends`.

    Later it is so much at least, at the median of nine looks. Gradients of batches have the mean square that it says.
    """

    steps: int
    begins: float
    ends: float


@dataclass(frozen=True, slots=True)
class Groks:
    """Training samples are right, 99 % and more, after `known` steps, when at most `guessed` of the test samples are.

    So it stays for `times` as many steps, below `half`; after `steps` the test accuracy is `found` at least (Power et
    al. 2022, "Grokking: generalization beyond overfitting on small algorithmic datasets").
    """

    known: int
    guessed: float
    times: int
    half: float
    steps: int
    found: float


@dataclass(frozen=True, slots=True)
class DescendsTwice:
    """Test losses over the width, medians of `seeds` runs of `steps` steps: down, up to a peak, and down again.

    The peak is that of the hidden layers in `peak`, which have half to as many parameters as there are training samples
    times outputs (Belkin et al. 2019, "Reconciling modern machine-learning practice and the classical bias–variance
    trade-off"). It is `times` the loss of `narrow`, and that of `wide`, and more; `narrow` is no worse than `narrowest`
    by more than `slack`. From the last of `peak` on the training loss is below `learnt`, and at `narrow` above
    `unlearnt`.
    """

    narrowest: int
    narrow: int
    peak: tuple[int, ...]
    wide: int
    seeds: int
    steps: int
    times: float
    slack: float
    learnt: float
    unlearnt: float


@dataclass(frozen=True, slots=True)
class Stiffens:
    """Of `tasks` tasks the last six are learnt worse than the first six, by at least `worse` of the samples on average.

    Fresh nets get at most `fresh` of those last six wrong on average (Dohare et al. 2024, "Loss of plasticity in deep
    continual learning").
    """

    tasks: int
    worse: float
    fresh: float
    cures: tuple[Cure, ...] = field(default=())


Claim = (
    Learns
    | Vanishes
    | Explodes
    | Rests
    | Prints
    | Falls
    | Sharpens
    | Catapults
    | BornDead
    | GrowsByModes
    | DrownsInNoise
    | Groks
    | DescendsTwice
    | Stiffens
)

_CLIP = {"clip_norm": 1.0}
_RELU_HE = {"network": {"activation": "relu"}, "initializer": "he_uniform", "initializer_scale": None}
_HE = {"initializer": "he_uniform", "initializer_scale": None}
_BATCH_NORM = {"network": {"normalization": "batch"}}
_CONTINUAL = {"replacement_rate": 3e-4}
_SKIPS = {"network": {"residual": True}}
_WIDE = {"network": {"hidden": [16] * 24}, "optimizer": {"learning_rate": 0.02}}

#: preset -> what it shows.
CLAIMS: Mapping[str, tuple[Claim, ...]] = MappingProxyType(
    {
        "circle": (Learns(600, 0.85), Learns(2000, 0.9)),
        "xor": (Learns(600, 0.8), Learns(2000, 0.88)),
        "spiral": (Learns(6000, 0.95),),
        "digits": (Learns(2500, 0.93),),
        "deep_sigmoid": (
            Vanishes(
                *(1000, 0.3, 1e-6, 0.2),
                cures=(
                    Cure(_RELU_HE, Learns(3000, 0.6)),
                    Cure(_BATCH_NORM, Learns(1000, 0.8)),
                    Cure(_SKIPS, Learns(2000, 0.7)),
                ),
            ),
        ),
        "large_weights": (Explodes(5, 1.7, cures=(Cure(_CLIP, Learns(3000, 0.7)), Cure(_HE, Learns(1500, 0.7)))),),
        "deep_linear": (Explodes(5, 1.02, cures=(Cure(_CLIP, Learns(600, 0.85)),)),),
        "tutorial": (Rests(10_000, 0.125),),
        # Mazur's w₁ to w₈; the biases, which he leaves as they are, are not compared.
        "mazur": (
            Prints(
                0.298371109,
                {
                    **{0: 0.149780716, 2: 0.19956143, 1: 0.24975114, 3: 0.29950229},
                    **{6: 0.35891648, 8: 0.408666186, 7: 0.511301270, 9: 0.561370121},
                },
            ),
            Rests(10_000, 0.0),
        ),
        "regression": (Learns(5000, 0.75),),
        "edge": (Sharpens(2600, 0.9, 0.1), Learns(3000, 0.7)),
        "edge_adam": (Sharpens(2600, 0.5, 0.2), Learns(3000, 0.9)),
        "catapult": (Catapults(400, 1.5, 2.8, 4.2, 0.9),),
        "born_dead": (BornDead(300, cures=(Cure(_WIDE, Learns(1500, 0.9)),)),),
        "linear_modes": (GrowsByModes(600, 0.06, 0.1),),
        "noise_scale": (DrownsInNoise(1500, 1.0, 3.0), Learns(1500, 0.9)),
        "grokking": (Groks(200, 0.1, 2, 0.4, 4000, 0.9),),
        "double_descent": (DescendsTwice(1, 2, (5, 6, 7, 8, 9), 96, 8, 2000, 1.5, 0.2, 1e-3, 5e-3),),
        "plasticity": (Stiffens(36, 0.3, 0.35, cures=(Cure(_CONTINUAL, StaysPlastic(36, 0.1)),)),),
        "bowl": (Rests(300, 0.0),),
        "valley": (Rests(300, 0.0),),
        "saddle": (Falls(50, 100, -100.0),),
        "monkey_saddle": (Falls(50, 105, -10.0),),
        "rosenbrock": (Rests(20_000, 0.0),),
        "beale": (Rests(10_000, 0.0),),
        "booth": (Rests(100, 0.0),),
        "himmelblau": (Rests(100, 0.0),),
        # In a dip that is not the deepest.
        "rastrigin": (Rests(200, 19.8990750),),
        "ackley": (Rests(200, 9.0010935),),
        "three_hump_camel": (Rests(300, 0.2986384),),
        "styblinski_tang": (Rests(200, -50.0588933),),
    }
)
