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
    "batches": [[("train", 200)], [("check",)], [("train", 200)], [("answer", 1)], [("check",)], [("train", 1500)], []],
    "minima": [
        [("train", 80)],
        [("check",)],
        [("train", 50)],
        [("train", 100)],
        [("train", 100)],
        [("answer", 2)],
        [],
    ],
    "cures": [
        [("answer", 2)],
        [("train", 900)],
        [("check",)],
        [("train", 400)],
        [("train", 1000)],
        [("configure", {"network": {"normalization": "batch"}}), ("train", 400)],
        [],
    ],
    "dead-relus": [
        [("train", 2000)],
        [("train", 300)],
        [("answer", 3)],
        [_rate(0.1), ("train", 200)],
        [("set", {"activation": "leaky_relu"}), ("train", 20)],
        [],
    ],
    "losses": [[("check",)], [("train", 100)], [("answer", 2)], [("train", 200)], [("answer", 3)], []],
    "optimizers": [[("answer", 1)], [("train", 600)], [("check",)], [("answer", 2)], [("train", 50)], []],
    "overfitting": [[("answer", 3)], [("train", 900)], [("answer", 1)], [("train", 300)], [("train", 300)], []],
    "digits": [
        [("check",)],
        [("train", 400)],
        [("answer", 2)],
        [("view", {"probe": {"kind": "picture"}})],
        [("answer", 3)],
        [],
    ],
    "edge": [
        [("check",)],
        [("view", {"surface": "sharpness"})],
        [("train", 2000)],
        [("answer", 2)],
        [_rate(0.2), ("train", 500)],
        [],
    ],
    "exploding": [
        [("answer", 1)],
        [("train", 1), ("train", 1), ("train", 1)],
        [("check",)],
        [("check",)],
        [("train", 300)],
        [("train", 400)],
        [],
    ],
    "four-by-three": [[("answer", 2)], [("train", 1000)], [("check",)], [("train", 400)], [("train", 600)], []],
    "symmetry": [
        [("answer", 3)],
        [("train", 300)],
        [("answer", 2)],
        [("train", 1), ("check",)],
        [("train", 900)],
        [],
    ],
    "vanishing": [[("answer", 3)], [("train", 300)], [("check",)], [("answer", 2)], [("train", 800)], []],
    "whole-loop": [
        [("check",)],
        [("check",)],
        [("check",)],
        [("check",)],
        [("check",)],
        [("check",)],
        [("view", {"microscope": True})],
        [("train", 1)],
        [("answer", 2)],
        [],
    ],
}
