"""What a student does in every step of every lesson, as its text says.

``("train", n)`` takes n steps, ``("answer", n)`` chooses an answer, ``("check",)`` types the right number,
``("view", {...})`` opens something on the page, and all else is a command: ``("set", {"learning_rate": 0.1})``.
"""

from __future__ import annotations

from typing import Any

Walk = list[list[tuple[Any, ...]]]

_LINE = ("view", {"selected": {"kind": "weight", "layer": 1, "from": 2, "to": 0}})


def _rate(rate: float) -> tuple[Any, ...]:
    return ("set", {"learning_rate": rate})


WALKS: dict[str, Walk] = {
    "one-neuron": [[("check",)], [("check",)], [("answer", 3)], [_LINE], [("train", 1)], [("check",)], []],
    "learning-rate": [
        [("train", 100)],
        [("check",)],
        [_rate(0.11), ("train", 60)],
        [_rate(0.12), ("train", 20)],
        [_rate(0.5), ("train", 2000)],
        [("answer", 3)],
        [],
    ],
    "vanishing": [[("answer", 3)], [("train", 300)], [("check",)], [("answer", 2)], [("train", 800)], []],
}
