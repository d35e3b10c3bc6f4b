"""The gradient of a step on its way to the optimizer: ∂C/∂θ of the batch, plus penalties, plus noise, then clipped."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..config.config import RunConfig
from ..ground.lengths import length
from ..ground.streams import stream
from ..nets.activations import Array
from ..nets.network import Network
from ..optimizers.clipping import Clipping

#: What is added to a norm that is divided by, as in PyTorch.
CLIP_EPSILON = 1e-6

Flat = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class GradientParts:
    """What the gradient of a step is made of, of all parameters (P,) or of one.

    Attributes
    ----------
    slope : array (P,)
        ∂C/∂θ, the mean over the batch.
    penalty : array (P,)
        λ₁ sign(w) + λ₂ w of weights, at the parameters before the step; 0 of all others.
    noise : array (P,)
        What noise added.
    gradient : array (P,)
        The sum of the three.
    clipped : array (P,)
        The same held between ±`clip_value`, then times `clip_norm` / (`norm` + 10⁻⁶) where `norm` is above it: what the
        optimizer got.
    clip_value, clip_norm : float or None
        The bounds of that step, None without.
    norm : float
        Euclidean norm of the whole gradient as `clip_norm` found it, behind `clip_value`; NaN where nothing is clipped.
    """

    slope: Flat
    penalty: Flat
    noise: Flat
    gradient: Flat
    clipped: Flat
    clip_value: float | None
    clip_norm: float | None
    norm: float


class Gradient:
    """The gradient of one run, and what is done to it before the optimizer gets it.

    Parameters
    ----------
    config : RunConfig
    network : Network
    theta : array (P,)
        The parameters, which others go on to change in place.

    Attributes
    ----------
    slope : array (P,)
        ∂C/∂θ of the last batch, which the passes write.
    whole : array (P,)
        The same with penalties and noise, of the last step. An edit since then does not change it.
    clipped : array (P,)
        What the optimizer got in the last step: `whole`, clipped where it was.
    clipping : Clipping
        What clipping did since it has held at its present bounds.
    prepare : callable or None
        Makes of `slope` what the optimizer gets, and returns it; None where that is the slope itself.
    """

    def __init__(self, config: RunConfig, network: Network, theta: Array) -> None:
        self._theta, self._point, self.slope = theta, theta, np.zeros_like(theta)
        self._changed, self._cut, self._work = (np.zeros_like(theta) for _ in range(3))
        self._weights = network.weight_marks(theta.dtype)
        self.whole = self.clipped = self.slope
        self._stream = stream(config.seed, "gradient_noise")
        self._first, self._noisy, self._shaken = self._stream.bit_generator.state, False, False
        self.clipping, self._norm = Clipping(), float("nan")
        self.prepare: Callable[[], Array] | None = None
        self._last = config
        self.bind(config, network, theta)

    def bind(self, config: RunConfig, network: Network, point: Array) -> None:
        """Go on with another config: choose what happens to a gradient from the next step on.

        It is taken at `point` (P,), which others go on to change: θ itself, but for a rule that trains apart from it.
        """
        self._config, self._point = config, point
        self._l1, self._l2 = config.l1 * self._weights, config.l2 * self._weights
        layers = zip(network.blocks, network.sizes, strict=False)
        biases = [slice(start := block.offset + n * block.cols, start + block.cols) for block, n in layers]
        self._still = [part for part in biases if network.is_fixed(part.start)]
        penalized, noisy, clipped = bool(config.l1 or config.l2), config.gradient_noise > 0, _clips(config)

        def prepare() -> Array:
            gradient = self._penalized() if penalized else self.slope
            if noisy:
                gradient = self._with_noise(gradient)
            return self._clip(gradient) if clipped else gradient

        self.prepare = prepare if penalized or noisy or clipped else None

    def note(self, taken: bool) -> None:
        """Remember what the last step did; of one that was not taken there is the slope alone."""
        config = self._last = self._config
        self._shaken = taken and config.gradient_noise > 0
        self._noisy |= config.gradient_noise > 0
        changed = taken and bool(config.l1 or config.l2 or self._shaken)
        self.whole = self._changed if changed else self.slope
        self.clipped = self._cut if taken and _clips(config) else self.whole

    def parts(self, point: Array, index: int | slice = slice(None)) -> GradientParts:
        """Return what the last step's gradient was made of, for the parameters (P,) that it was taken at."""
        config, value = self._last, point[index]
        penalty = (config.l1 * np.sign(value) + config.l2 * value) * self._weights[index]
        noise = self._work[index] if self._shaken else np.zeros_like(penalty)
        norm = self._norm if self.clipped is self._cut else float("nan")
        return GradientParts(
            slope=_copied(self.slope[index]),
            penalty=_copied(penalty),
            noise=_copied(noise),
            gradient=_copied(self.whole[index]),
            clipped=_copied(self.clipped[index]),
            clip_value=config.clip_value,
            clip_norm=config.clip_norm,
            norm=norm,
        )

    @property
    def changed(self) -> bool:
        """Whether the optimizer got something else than ∂C/∂θ in the last step."""
        return self.clipped is not self.slope

    def penalty(self) -> float:
        """Return λ₁ Σ|w| + ½ λ₂ Σw² at the present parameters."""
        size = np.abs(self._theta)
        return float(np.dot(self._l1, size) + 0.5 * np.dot(self._l2, size * size))

    def noise_state(self) -> Mapping[str, Any] | None:
        """Return the state of the stream of noise, None before any was drawn."""
        return self._stream.bit_generator.state if self._noisy else None

    def restore(self, noise: Mapping[str, Any] | None, clipping: Clipping) -> None:
        """Go back to where the noise and the clipping were; of the step that led there nothing is known."""
        self._noisy, self.clipping = noise is not None, clipping
        self._stream.bit_generator.state = noise or self._first
        self.slope.fill(0.0)
        self._shaken = False
        self.whole = self.clipped = self.slope

    def elsewhere(self, theta: Array, slope: Array) -> Array:
        """Return what the optimizer would get in this step for a slope (P,) of its batch at other parameters θ (P,).

        Penalties are those there, noise and bounds those of the step.
        """
        if self.prepare is None:
            return slope
        config = self._config
        gradient = slope + self._l2 * theta + self._l1 * np.sign(theta)
        if config.gradient_noise > 0:
            gradient += self._work
        if _clips(config):
            _hold(config, gradient, length(gradient), gradient)
        return np.asarray(gradient)

    # The way

    def _penalized(self) -> Array:
        """Return the slope with λ₁ sign(w) + λ₂ w added, for weights only."""
        source, changed, work = self.slope, self._changed, self._work
        if self._config.l2:
            np.multiply(self._point, self._l2, work)
            np.add(source, work, changed)
            source = changed
        if self._config.l1:
            np.sign(self._point, work)
            np.multiply(work, self._l1, work)
            np.add(source, work, changed)
        return changed

    def _with_noise(self, source: Array) -> Array:
        """Return a gradient with normal noise on its entries (Neelakantan et al. 2015), as a small batch would have."""
        work = self._work
        self._stream.standard_normal(dtype=work.dtype, out=work)
        np.multiply(work, self._config.gradient_noise, work)
        for part in self._still:
            work[part] = 0.0
        return np.add(source, work, self._changed)

    def _clip(self, source: Array) -> Array:
        """Return a gradient held within the bounds, and note what that did."""
        before = length(source)
        self._norm, after = _hold(self._config, source, before, self._cut)
        self.clipping = self.clipping.then(before, after)
        return self._cut


def _copied(part: Array) -> Flat:
    return np.array(part, np.float64)


def _hold(config: RunConfig, source: Array, size: float, out: Array) -> tuple[float, float]:
    """Write a gradient of this norm with its entries held between ±clip_value, then its norm held below clip_norm.

    Returns the norm between the two, and at the end.
    """
    value, norm, between = config.clip_value, config.clip_norm, size
    np.copyto(out, source)
    if value is not None:
        np.minimum(out, value, out=out)
        np.maximum(out, -value, out=out)
        between = length(out)
    after = between
    if norm is not None and between > norm:
        np.multiply(out, norm / (between + CLIP_EPSILON), out)
        after *= norm / (between + CLIP_EPSILON)
    return between, after


def _clips(config: RunConfig) -> bool:
    return config.clip_value is not None or config.clip_norm is not None
