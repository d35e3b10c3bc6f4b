"""Whether a run is small enough for this server."""

from __future__ import annotations

from ..core.config import RunConfig
from ..core.errors import check_integer
from .settings import Limits


def check_size(config: RunConfig, limits: Limits) -> None:
    """Raise ConfigError, naming value and range, if a run is larger than the limits allow."""
    hidden, record = config.network.hidden, config.data.record
    check_integer("number of hidden layers", len(hidden), 0, limits.layers)
    check_integer("neurons per layer", max(hidden, default=1), 1, limits.neurons)
    check_integer("parameters", config.parameter_count, 1, limits.parameters)
    check_integer("samples", record.samples if record.fixed else config.data.samples, 1, limits.samples)
