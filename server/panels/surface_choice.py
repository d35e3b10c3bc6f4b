"""Which plane of a run's loss is looked at, and how it is laid."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...core.config.config import RunConfig
from ...core.ground.geometry import Plane
from ...core.run.trainer import Trainer
from ...core.surface.curvature import DirectionTask
from ...core.surface.planes import make_plane
from .landscape_view import landscape_of, window_of

_COMPONENT_NUMBERS = 150_000  # positions × parameters from which main components are found

#: Points along each side of the grid that can be asked for.
LEAST_RESOLUTION, MOST_RESOLUTION = 16, 128

#: A plane is left when the run has moved this share of the window's diagonal away from it: main components soon, a
#: plane of two weights sooner, for its hills are those of the other weights.
_MOST_ASIDE = {"pca": 0.1, "random": 0.25, "weights": 0.03, "sharpest": 0.05}

Flat = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class SurfaceChoice:
    """What the user wants to see.

    Parameters
    ----------
    plane : {"pca", "random", "weights", "sharpest"}
    weights : tuple of int
        The two parameters of a "weights" plane.
    through : {"auto", "mean", "start", "current", "end"}
        The point that the plane goes through: by itself the path's mean for main components, else the current point.
    resolution : int
        Points along each side of the grid, once it is as fine as it becomes.
    penalties : bool
        Whether the run's L1 and L2 penalties are part of the surface.
    off : bool
        Nothing at all: saves the work.
    """

    plane: str = "pca"
    weights: tuple[int, int] = (0, 1)
    through: str = "auto"
    resolution: int = MOST_RESOLUTION
    penalties: bool = False
    off: bool = False

    def changed(self, fields: Mapping[str, Any]) -> SurfaceChoice:
        """Return the choice with some fields replaced; whoever asks for a plane wants to see it."""
        return replace(self, **{"off": False, **fields})

    @property
    def moves(self) -> bool:
        """Whether the plane goes with the run: it goes through the current point."""
        return self.through == "current" or (self.through == "auto" and self.plane != "pca")

    def same_plane(self, other: SurfaceChoice) -> bool:
        """Whether only the resolution differs."""
        return self == replace(other, resolution=self.resolution)


def penalized(choice: SurfaceChoice, config: RunConfig) -> bool:
    """Whether penalties are part of the picture."""
    return choice.penalties and not config.on_landscape


def point_of(choice: SurfaceChoice, trainer: Trainer) -> Flat | None:
    """Return the point (P,) that the plane shall go through; None leaves it to the plane."""
    through = choice.through
    if through == "mean" and choice.plane == "pca":
        return None
    if through == "start":
        return np.asarray(trainer.track.path(2)[1][0], np.float64)
    if through == "mean":
        return np.asarray(positions_of(trainer).mean(axis=0))
    if through == "end":
        return np.asarray(trainer.track.end()[1], np.float64)
    return here(trainer).copy() if choice.moves else None


def search(choice: SurfaceChoice, trainer: Trainer, guess: Flat | None) -> DirectionTask:
    """Return what has to be found before a plane of steepest and sharpest direction can be laid."""
    point = point_of(choice, trainer)
    if guess is not None and len(guess) != trainer.network.parameter_count:
        guess = None
    return DirectionTask(trainer.posed.to_json(), here(trainer).copy() if point is None else point, guess)


def lay(
    choice: SurfaceChoice,
    trainer: Trainer,
    previous: Plane | None,
    found: Flat | None = None,
    beside: Sequence[Trainer] = (),
) -> Plane:
    """Lay the plane; `found` is what `core.curvature.find_directions` said of the point that it goes through.

    Its main components and its window are those of the run's path and of the paths `beside` it, all together.
    """
    positions = np.vstack([positions_of(one) for one in (*beside, trainer)])
    if trainer.config.on_landscape:
        return window_of(landscape_of(trainer), positions)
    net = trainer.network
    weights = choice.weights
    if max(weights) >= net.parameter_count or any(net.is_fixed(index) for index in weights):
        first, second, *_ = (index for index in range(net.parameter_count) if not net.is_fixed(index))
        weights = first, second
    gradient, sharpest = trainer.gradient.astype(np.float64), None
    if found is not None:
        gradient, sharpest = np.split(found[2:], 2)
        sharpest = sharpest if np.isfinite(sharpest).all() else None
    return make_plane(
        choice.plane,  # type: ignore[arg-type]  # checked by the table of commands
        net,
        here(trainer).copy(),
        positions,
        gradient=gradient,
        sharpest=sharpest,
        weights=weights,
        seed=trainer.config.seed,
        previous=previous,
        through=point_of(choice, trainer),
    )


def holds(
    choice: SurfaceChoice, plane: Plane, trainer: Trainer, then: int, still: bool, beside: Sequence[Trainer] = ()
) -> bool:
    """Whether a plane laid at step `then` still shows what the run is about; where it stands `still`, exactly that.

    On a landscape that is the run and those `beside` it: the window is as large as their paths ask for, and no larger.
    """
    theta = here(trainer)
    if not np.isfinite(theta).all():
        return True
    if trainer.config.on_landscape:
        return lay(choice, trainer, plane, None, beside).alpha == plane.alpha
    if not plane.contains(theta):
        return False
    step = trainer.step_count
    if choice.plane == "pca" and (plane.basis != "pca" or step >= 2 * then or 2 * step < then):
        return False  # the path has another shape now
    if not choice.moves and choice.plane != "pca":
        return True
    diagonal = math.hypot(
        float(np.linalg.norm(plane.d1)) * (plane.alpha[1] - plane.alpha[0]),
        float(np.linalg.norm(plane.d2)) * (plane.beta[1] - plane.beta[0]),
    )
    aside = 1e-9 if still and choice.moves else _MOST_ASIDE[choice.plane]
    return bool(plane.distance(theta) <= aside * diagonal)


def here(trainer: Trainer) -> Flat:
    """Where the run is, θ (P,), in the precision that planes are laid in."""
    return trainer.theta.astype(np.float64, copy=False)


def positions_of(trainer: Trainer) -> Flat:
    """Where the run was, (k, P): the fewer points the more parameters there are."""
    most = int(np.clip(_COMPONENT_NUMBERS // trainer.network.parameter_count, 16, 200))
    return trainer.track.path(most)[1].astype(np.float64, copy=False)
