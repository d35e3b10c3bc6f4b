"""Records: to JSON and back, and what is not known is refused by its name."""

import json
from dataclasses import dataclass
from typing import ClassVar

import pytest
from backscope.core.ground.errors import ConfigError, check_integer
from backscope.core.ground.records import Record


@dataclass(frozen=True, slots=True)
class Window(Record):
    _where: ClassVar[str] = "window"

    size: int = 3
    axes: tuple[str, ...] = ("x", "y")

    def __post_init__(self):
        self._set("size", check_integer("size", self.size, 1, 9))
        self._set("axes", tuple(self.axes))


def test_a_record_comes_back_from_its_json():
    window = Window(5.0, ("z",))
    text = json.dumps(window.to_json())
    assert json.loads(text) == {"size": 5, "axes": ["z"]}
    assert Window.from_json(json.loads(text)) == window
    assert Window.from_json({}) == Window()


@pytest.mark.parametrize(
    ("values", "name", "words"),
    [
        ({"size": 10}, "size", r"size must be a whole number in \[1, 9\], got 10"),
        ({"siez": 2}, "siez", "unknown key 'siez' in window; known are size, axes"),
        ([3], "window", "window must be an object, got list"),
        (None, "window", "window must be an object, got NoneType"),
    ],
)
def test_what_is_no_such_record_is_refused_with_the_name(values, name, words):
    with pytest.raises(ConfigError, match=words) as caught:
        Window.from_json(values)
    assert caught.value.name == name
