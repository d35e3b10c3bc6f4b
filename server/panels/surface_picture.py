"""The picture of a surface that clients are shown: the loss on a grid over a plane."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ...core.ground.geometry import Plane
from ...core.nets.network import Network
from ..wire.protocol import Arrays, encode
from .surface_choice import SurfaceChoice
from .surface_paths import SurfacePaths


class PictureTask(NamedTuple):
    """A picture on its way: its plane, the points along each side, where the run was, and whose parameters they are."""

    plane: Plane
    resolution: int
    laid: int
    network: Network


class SurfacePicture:
    """The newest picture, if there is one.

    Parameters
    ----------
    first : int
        All numbers given to planes and pictures are above this one.

    Attributes
    ----------
    version : int
        Grows with everything about it that clients have to be sent.
    plane : Plane or None
    plane_id : int
    laid : int
        The step at which the plane was laid.
    """

    def __init__(self, first: int = 0) -> None:
        self.version = self.plane_id = first
        self.plane: Plane | None = None
        self.laid = 0
        self._space: tuple[Any, Any] = (), ()
        self._grid: NDArray[np.float32] = np.empty((0, 0), np.float32)

    @property
    def resolution(self) -> int:
        """Points along each side."""
        return len(self._grid)

    @property
    def grid(self) -> NDArray[np.float32]:
        """The losses (resolution, resolution)."""
        return self._grid

    def take(self, task: PictureTask, losses: NDArray[np.float64]) -> bool:
        """Show what was computed; return whether it is on another plane than before."""
        fresh = task.plane is not self.plane
        if fresh:
            self.plane, self.plane_id, self.laid = task.plane, self.plane_id + 1, task.laid
            self._space = task.network.sizes, task.network.blocks
        with np.errstate(over="ignore"):  # what is beyond float32 is drawn as what is beyond all bounds
            self._grid = losses.reshape(task.resolution, task.resolution).astype(np.float32)
        self.version += 1
        return fresh

    def shows(self, network: Network) -> bool:
        """Whether the picture, if there is one, is in the parameter space of this network."""
        return self.plane is not None and self._space == (network.sizes, network.blocks)

    def message(
        self, choice: SurfaceChoice, progress: float, figures: dict[str, float | None], paths: SurfacePaths
    ) -> bytes:
        """Return the whole picture with the paths so far."""
        plane = self.plane
        assert plane is not None
        header = {
            "kind": "surface",
            "plane": plane.kind,
            "basis": plane.basis,
            "through": choice.through,
            "laid": self.laid,
            "plane_id": self.plane_id,
            "alpha": plane.alpha,
            "beta": plane.beta,
            "resolution": self.resolution,
            "progress": progress,
            "finest": choice.resolution,
            "axes": plane.axes,
            "figures": figures,
        }
        arrays = Arrays()
        arrays.add("grid", self._grid)
        arrays.add("path", paths.since(-1))
        for lane in paths.others():
            arrays.add(f"lane{lane}_path", paths.since(-1, lane))
        return encode(header, arrays)
