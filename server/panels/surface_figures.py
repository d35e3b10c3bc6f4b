"""Numbers that say how honest the picture of a surface is, and the loss that it is of."""

from __future__ import annotations

import math

from ...core.config.config import RunConfig
from ...core.config.problem import Problem, problem_key
from ...core.ground.geometry import Plane
from ...core.optimizers.penalties import penalty_at
from ...core.run.trainer import Trainer
from ...core.surface.loss_function import LossFunction
from ...core.surface.random_walk import walk_share
from ..run.spent import spent
from ..wire.protocol import finite
from .surface_choice import SurfaceChoice, here, penalized, positions_of

#: Seconds between two readings of the costly figures, and of the costliest;
_REST = 0.1
_SHARE_REST = 0.5
#: more among many that share a core: all together take no more than one part of so many.
_COST_REST = 20


class SurfaceFigures:
    """How far the run is from its plane, and how much of its way the plane shows."""

    def __init__(self) -> None:
        self._known: dict[str, float | None] = {}
        self._next = self._read_share = -math.inf
        self._losses: LossFunction | None = None
        self._config: RunConfig | None = None
        self._problem = ""

    def renew(self) -> None:
        """There is another plane: nothing read before holds."""
        self._next = self._read_share = -math.inf

    def restart(self) -> None:
        """There is another run."""
        self._losses = None

    def loss_changed(self, config: RunConfig, choice: SurfaceChoice) -> bool:
        """Whether a live edit has made the loss another one (smoothed targets, Huber's δ): the old picture is wrong."""
        if config is self._config:
            return False
        self._config, before = config, self._problem
        self._problem = problem_key(config.to_json())
        if penalized(choice, config):
            self._problem += f" {config.l1} {config.l2}"
        if before in ("", self._problem):
            return False
        self._losses = None
        return True

    def read(
        self,
        plane: Plane,
        choice: SurfaceChoice,
        trainer: Trainer,
        loss: float,
        now: float,
        exact: bool,
        fresh: bool,
        crowd: int = 1,
    ) -> dict[str, float | None]:
        """Return how honest the picture is: unless `exact`, some of it up to half a second old; losses are of `step`.

        Where a `crowd` of runs shares the core, it may be older. Where `loss` is not `fresh`, because it takes long to
        compute, so does this, and the last figures hold.
        """
        count = trainer.network.parameter_count
        if exact or not self._known or (fresh and now >= self._next):
            begin = spent()
            if penalized(choice, trainer.config):
                loss += trainer.view.penalty
            self._known["loss"], self._known["step"] = finite(loss), trainer.step_count
            self._known["distance"] = finite(float(plane.distance(here(trainer))))
            self._known["plane_loss"] = finite(self._loss_on_plane(plane, choice, trainer))
            if exact or now >= self._read_share + _SHARE_REST:
                self._read_share = now
                positions = positions_of(trainer)
                self._known["share"] = finite(plane.share(positions))
                self._known["walk"] = _share_of_random_walk(plane, len(positions), trainer.network.free_count)
            self._next = now + max(_REST, _COST_REST * crowd * (spent() - begin))
        return {**self._known, "parameters": count}

    def _loss_on_plane(self, plane: Plane, choice: SurfaceChoice, trainer: Trainer) -> float:
        if self._losses is None:
            self._losses = LossFunction(*Problem.of(trainer.config, trainer.dataset))
        point, config = plane.point(*plane.project(here(trainer)))[None], trainer.config
        loss = float(self._losses.at(point)[0])
        if penalized(choice, config):
            loss += float(penalty_at(trainer.network, point, config.l1, config.l2)[0])
        return loss


def _share_of_random_walk(plane: Plane, positions: int, parameters: int) -> float:
    """Return the share of its variance that a random walk would show on its own main components, or else here."""
    return walk_share(positions, parameters) if plane.basis == "pca" else min(1.0, 2 / parameters)
