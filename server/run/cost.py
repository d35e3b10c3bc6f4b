"""What a run asks of a machine, estimated from its sizes: so that it can be placed before it is built."""

from __future__ import annotations

from collections.abc import Iterable

from ...core.config.config import RunConfig
from ..wire.messages import Cost

#: Seconds of a step, measured on a slow core within a factor of three: what every step takes, what every layer adds,
#: what a parameter costs that is read and updated, and a multiplication.
_STEP, _PER_LAYER, _PER_PARAMETER, _PER_PRODUCT = 3e-5, 2e-5, 2e-8, 1.3e-10
#: Bytes: of a run without a net, of a parameter in all its copies, of all keyframes, of one of them per parameter.
_BARE, _COPIES, _KEYFRAMES, _KEYFRAME = 1 << 20, 96, 1 << 26, 24
_KEPT_KEYFRAMES = 100
#: Bytes of a sample's activation.
_ACTIVATION = 12


def cost_of(runs: Iterable[tuple[RunConfig, int]]) -> Cost:
    """Return what runs, given with their numbers of parameters, take side by side."""
    steps, longest, memory = 0.0, 0.0, 0
    for config, parameters in runs:
        record = config.data.record
        samples = record.samples if record.fixed else config.data.samples
        batch = min(samples, config.batch_size or samples)
        fixed = _STEP + _PER_LAYER * len(config.network.hidden) + _PER_PARAMETER * parameters
        step = fixed + 6 * _PER_PRODUCT * parameters * batch
        steps += step
        longest = max(longest, step, 2 * _PER_PRODUCT * parameters * samples)
        keyframes = min(_KEYFRAMES, _KEYFRAME * _KEPT_KEYFRAMES * parameters)
        memory += _BARE + _COPIES * parameters + keyframes + _ACTIVATION * samples * sum(config.sizes)
    return Cost(steps, longest, memory)
