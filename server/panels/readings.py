"""Readings of the gradient laboratory on the wire, and their past: of whatever run, the page's own or a watched one."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ...core.insight.laboratory import Reading
from ...core.insight.theory import Expectation
from ..wire.protocol import Arrays, DType

#: Steps of the past that are kept; above, every other one is dropped.
MOST_ROWS = 240
#: Of them, what one answer carries.
ROWS_AT_ONCE = 60


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows of the past that somebody does not have yet.

    Attributes
    ----------
    rows : list of (int, array (2, L))
        Steps, and the norms of δ and ∂W then.
    serial : int
        The newest of what he has with them.
    more : bool
        Whether there may be others.
    """

    rows: list[tuple[int, NDArray[np.float64]]]
    serial: int
    more: bool


class Past:
    """Norms of δ and ∂W at steps of a run (2, L). Each row has a number, so that a client can name the last it has."""

    def __init__(self) -> None:
        self._rows: dict[int, tuple[int, NDArray[np.float64]]] = {}
        self._serial = 0

    def __contains__(self, step: int) -> bool:
        return step in self._rows

    def __len__(self) -> int:
        return len(self._rows)

    def clear(self) -> None:
        """Forget all rows; their numbers go on."""
        self._rows.clear()

    def cut(self, last: int) -> None:
        """Forget what lies behind a step."""
        self._rows = {step: row for step, row in self._rows.items() if step <= last}

    def add(self, step: int, norms: NDArray[np.float64], gap: int = 0) -> None:
        """Keep a row (2, L), unless its step is known, or less than `gap` behind the last."""
        if step in self._rows or (gap and self._rows and step - max(self._rows) < gap):
            return
        self._serial += 1
        self._rows[step] = self._serial, norms

    def thin(self) -> None:
        """Drop every other row where there are too many; the newest stays."""
        if len(self._rows) > MOST_ROWS:
            kept = sorted(self._rows)
            self._rows = {step: self._rows[step] for step in kept[:-1:2] + kept[-1:]}

    def since(self, serial: int) -> Rows:
        """Return the first of the rows that came after the one of this number; −1 for all."""
        fresh = sorted((number, step, norms) for step, (number, norms) in self._rows.items() if number > serial)
        taken = fresh[:ROWS_AT_ONCE]
        newest = max([serial, *(number for number, _, _ in taken)])
        return Rows([(step, norms) for _, step, norms in taken], newest, len(taken) == ROWS_AT_ONCE)


def reading_arrays(
    reading: Reading, pace: NDArray[np.float64], past: Rows, expected: Expectation | None, normalized: bool
) -> Arrays:
    """Return a reading as the page reads it.

    Parameters
    ----------
    reading : Reading
        Of L layers.
    pace : array (4, L)
        ‖ΔW‖, its share of ‖W‖, the share of its norm by which W has moved, and the step at which that was a hundredth.
    past : Rows
        Of the past.
    expected : Expectation, optional
        Of theory.
    normalized : bool
        Whether any layer is: then z before normalization is sent too.
    """
    arrays, layers = Arrays(), len(reading.delta)
    arrays.add(
        "layers",
        np.stack(
            [
                reading.delta, reading.gradient, reading.weight, reading.weights_part, reading.slope_part,
                reading.normalization_part, reading.mean_gain, reading.most_gain, reading.slope, reading.flat, *pace,
            ]
        ),
    )  # fmt: skip
    if expected is not None:
        arrays.add("expected", np.stack([expected.factors, expected.spread]))
    arrays.add("health", reading.health, DType.INT32)
    arrays.add("reach", np.stack([reading.reach, reading.z_reach]))
    arrays.add("counts", reading.input_counts, DType.BFLOAT16)
    if normalized:
        arrays.add("z_counts", reading.z_counts, DType.BFLOAT16)
    arrays.add("history_steps", np.array([step for step, _ in past.rows], np.int32), DType.INT32)
    arrays.add("history", np.array([norms for _, norms in past.rows]).reshape(-1, 2, layers))
    return arrays
