"""Samples that a hand puts into the plane or takes out of it: the checks of what a config says of them."""

from __future__ import annotations

from collections.abc import Sequence
from reprlib import repr as shorten
from typing import TYPE_CHECKING

from ..ground.errors import ConfigError, check_integer, check_number

if TYPE_CHECKING:
    from ..data.dataset import DatasetRecord

#: x₁, x₂ and the class, from 0.
Painted = tuple[float, float, int]

MOST_PAINTED = 500
#: A sample must lie in the plane that is drawn, and a little within its edge.
EDGE = 1.19
#: Beyond any number of samples.
_FAR = 100_000


def check_paintable(name: str, record: DatasetRecord) -> None:
    """Raise ConfigError unless a data set draws classes in the plane."""
    if not record.paintable:
        message = f"samples of {name} cannot be painted or erased: it draws no classes in the plane"
        raise ConfigError(message, "painted", name)


def check_painted(values: object, classes: int) -> tuple[Painted, ...]:
    """Return samples (x1, x2, class) as tuples, or raise ConfigError."""
    samples = _list("painted", values, "samples [x1, x2, class]")
    check_integer("number of painted samples", len(samples), 0, MOST_PAINTED)
    found = []
    for sample in samples:
        if not isinstance(sample, list | tuple) or len(sample) != 3:
            raise ConfigError(f"a painted sample must be [x1, x2, class], got {shorten(sample)}", "painted", sample)
        x1, x2 = (check_number("place of a painted sample", value, -EDGE, EDGE) for value in sample[:2])
        found.append((x1, x2, check_integer("class of a painted sample", sample[2], 0, classes - 1)))
    return tuple(found)


def check_erased(values: object) -> tuple[int, ...]:
    """Return places of samples in ascending order, each once, or raise ConfigError."""
    places = _list("erased", values, "places of samples")
    return tuple(sorted({check_integer("place of an erased sample", place, 0, _FAR) for place in places}))


def _list(name: str, values: object, of: str) -> Sequence[object]:
    if not isinstance(values, list | tuple):
        raise ConfigError(f"{name} must be a list of {of}, got {shorten(values)}", name, values)
    return values
