"""Whether a run is small enough for this server."""

from __future__ import annotations

from ...core.config.config import RunConfig
from ...core.data.tables import UPLOADS
from ...core.ground.errors import check_integer
from ..wire.settings import Limits


def most_samples(config: RunConfig, drawn: int, units: int) -> int:
    """Return how many samples a run can have on a server that draws so many, for nets of so many neurons.

    Uploads may have more samples where the net is smaller: a pass over all of them takes no more memory.
    """
    if config.data.name not in UPLOADS:
        return drawn
    return max(2, drawn * units // sum(config.sizes))


def check_size(config: RunConfig, limits: Limits) -> None:
    """Raise ConfigError, naming value and range, if a run is larger than the limits allow."""
    hidden, record = config.network.hidden, config.data.record
    check_integer("number of hidden layers", len(hidden), 0, limits.layers)
    check_integer("neurons per layer", max(hidden, default=1), 1, limits.neurons)
    check_integer("neurons in all hidden layers", sum(hidden), 0, limits.units)
    check_integer("parameters", config.parameter_count, 1, limits.parameters)
    most = most_samples(config, limits.samples, min(limits.units, limits.layers * limits.neurons))
    check_integer("samples", record.samples if record.fixed else config.data.samples, 1, most)
