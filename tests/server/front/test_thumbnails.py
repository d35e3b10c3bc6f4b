"""A glance at each data set: of every one something that is right and can be drawn."""

import json

import numpy as np
import pytest
from backscope.core.config.config import DataConfig
from backscope.core.data.datasets import DATASETS, make_dataset
from backscope.server.front.thumbnails import thumbnail

SETS = [name for name, record in DATASETS.items() if record.kind != "landscape"]


@pytest.mark.parametrize("name", SETS)
def test_each_set_has_one_picture_small_enough_to_send(name: str) -> None:
    shown, record = thumbnail(name), DATASETS[name]
    (kind,) = shown
    assert kind == ("preview_image" if record.image else "table" if not record.split else "preview")
    assert len(json.dumps(shown)) < 8000
    assert np.isfinite(np.array(shown[kind], dtype=float)).all()


@pytest.mark.parametrize("name", [name for name in SETS if DATASETS[name].kind in ("binary", "classes")])
def test_every_class_is_among_its_points(name: str) -> None:
    shown, record = thumbnail(name), DATASETS[name]
    if "preview_image" in shown:
        return
    classes = {row[-1] for row in shown.get("preview", shown.get("table"))}
    assert classes == set(range(max(2, record.outputs)))


def test_a_truth_table_is_shown_whole_and_a_digit_by_one_of_its_samples() -> None:
    assert sorted(thumbnail("truth_xor")["table"]) == [[0, 0, 0], [0, 1, 1], [1, 0, 1], [1, 1, 0]]
    levels = thumbnail("digits")["preview_image"]
    X = make_dataset(DataConfig("digits"), 1).X_train
    assert len(levels) == X.shape[1]
    assert np.abs(X - levels).max(axis=1).min() < 0.006
