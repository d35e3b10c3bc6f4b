"""How a divergence is noted: what kind it is, where it began, and the learning rate that it happened at."""

from __future__ import annotations

from ..insight.origin import Origin, origin_of
from .runaway import runaway
from .standing import Standing
from .stopping import Divergence


def of_loss(at: Standing) -> Divergence:
    """Return the divergence of a run whose last loss is no acceptable number."""
    engine, step = at.engine, at.step_count
    return Divergence.of(engine.last_loss, step, engine.rate(step), _origin(at))


def of_parameters(at: Standing) -> Divergence | None:
    """Return the divergence of a run whose parameters have run away, whatever the loss is; None if they have not."""
    engine, step = at.engine, at.step_count
    rate = engine.rate(step)
    found = runaway(at.config, engine.theta, engine.optimizer, rate)
    return None if found is None else Divergence(step, found.kind, rate, _origin(at), found.pull)


def _origin(at: Standing) -> Origin:
    engine = at.engine
    assert engine.last_pass is not None
    return origin_of(engine.network, engine.last_pass, engine.before, engine.update)
