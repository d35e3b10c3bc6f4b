"""What helps a run that shows a symptom, as edits: "the same, but …", to run beside it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ..optimizers.optimizer import LEARNING_RATE
from ..optimizers.table import OPTIMIZERS
from .signs import Signs


@dataclass(frozen=True, slots=True)
class Remedy:
    """A change of a run.

    Attributes
    ----------
    name : str
        What it is; words for it are the page's.
    change : mapping
        As JSON: what is other than in the run, in words of live edits where there are, else of the config.
    values : mapping of str to float
        The numbers that its words need.
    here : bool
        Whether it helps from the present step on; else a run begins with it.
    """

    name: str
    change: Mapping[str, Any]
    values: Mapping[str, float] = field(default_factory=dict)
    here: bool = False


#: A rate that is more than so many times the usual one of its rule is what to change first.
_FAST = 2.0


def _fast(signs: Signs) -> bool:
    rule = signs.config.optimizer
    return rule.learning_rate > _FAST * OPTIMIZERS[rule.name].usual.rate


def slower(signs: Signs) -> Remedy | None:
    """A tenth of the learning rate, at most the usual one of the rule, where it is far above that."""
    rate = _usual_rate(signs)
    return Remedy("slower", {"learning_rate": rate}, {"rate": rate}) if _fast(signs) else None


def _usual_rate(signs: Signs) -> float:
    rule = signs.config.optimizer
    return float(f"{min(rule.learning_rate / 10, OPTIMIZERS[rule.name].usual.rate):.2g}")


def slower_here(signs: Signs) -> Remedy | None:
    """A quarter of the learning rate, from here on: below the limit of a valley that has curved to that of before."""
    rate = float(f"{signs.config.optimizer.learning_rate / 4:.2g}")
    return Remedy("slower", {"learning_rate": rate}, {"rate": rate}, here=True) if rate > LEARNING_RATE.low else None


def spread(signs: Signs) -> Remedy | None:
    """Weights of Xavier's spread (Glorot & Bengio 2010)."""
    config = signs.config
    if _fast(signs) or (config.initializer.startswith("xavier") and config.initializer_scale is None):
        return None
    return Remedy("spread", {"initializer": "xavier_normal", "initializer_scale": None})


def relu(signs: Signs) -> Remedy | None:
    """ReLU with He's spread (He et al. 2015)."""
    if _fast(signs) or not signs.functions or all(name == "relu" for name in signs.functions):
        return None
    return Remedy("relu", {"network": {"activation": "relu"}, "initializer": "he_normal", "initializer_scale": None})


def normalized(signs: Signs) -> Remedy | None:
    """Batch normalization in every hidden layer (Ioffe & Szegedy 2015)."""
    kinds = signs.config.network.normalization
    if _fast(signs) or not signs.functions or kinds == "batch" or (isinstance(kinds, tuple) and "batch" in kinds):
        return None
    return Remedy("normalized", {"network": {"normalization": "batch"}})


def hidden(signs: Signs) -> Remedy | None:
    """A hidden layer where there is none, to bend the straight line between classes."""
    return None if signs.functions else Remedy("hidden", {"network": {"hidden": [8]}})


def weaker_pull(signs: Signs) -> Remedy | None:
    """A penalty or decay that takes a thousandth of a weight at each step, or less; at the usual rate."""
    if signs.pull is None:
        return None
    rate = _usual_rate(signs) if _fast(signs) else signs.config.optimizer.learning_rate
    value = min(0.001, float(f"{0.001 / rate:.1g}"))
    name = "weight_decay" if signs.pull.kind == "decay" else "l2"
    if not _fast(signs):
        return Remedy(f"weaker_{signs.pull.kind}", {name: value}, {"value": value})
    change = {name: value, "learning_rate": rate}
    return Remedy(f"weaker_{signs.pull.kind}_slower", change, {"value": value, "rate": rate})


def looser(signs: Signs) -> Remedy | None:
    """A bound above the gradients that there are now."""
    if signs.clipping is None:
        return None
    bound = float(f"{2 * signs.clipping.before:.1g}")
    return Remedy("looser", {"clip_norm": bound, "clip_value": None}, {"value": bound}, here=True)


#: A rate of replacement at which the shelf's run keeps its plasticity; the paper's are between 10⁻⁶ and 10⁻³.
REPLACEMENT = 3e-4


def continual(signs: Signs) -> Remedy | None:
    """Continual backpropagation (Dohare et al. 2024), where tasks follow one another."""
    config = signs.config
    if config.data.steps_per_task is None or config.replacement_rate or any(config.make_network().residual):
        return None
    return Remedy("continual", {"replacement_rate": REPLACEMENT}, {"rate": REPLACEMENT})


def penalized(signs: Signs) -> Remedy | None:
    """A penalty on large weights (Krogh & Hertz 1992)."""
    value = max(0.02, 3 * signs.config.l2)
    return Remedy("penalized", {"l2": value}, {"value": value}) if value <= 0.1 else None
