"""A run as a picture, for where nothing runs."""

import base64
import re
import zlib
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest
from backscope.core import RunConfig, Trainer
from backscope.server.notebook.picture import picture, watched_picture

SVG = "{http://www.w3.org/2000/svg}"


@pytest.mark.parametrize(
    ("config", "points", "images"),
    [
        ({"data": {"name": "circle", "samples": 80}}, True, 1),
        ({"data": {"name": "blobs", "samples": 80}}, True, 1),
        ({"data": {"name": "xor"}}, True, 1),
        ({"data": {"name": "plane", "samples": 80}, "loss": "mse"}, True, 1),
        ({"data": {"name": "digits"}}, False, 0),
        ({"data": {"name": "himmelblau"}}, False, 0),
    ],
)
def test_a_picture_of_every_kind_of_data(config: dict[str, Any], points: bool, images: int) -> None:
    """The plane where there is one, with the samples that are trained on; the curve of the loss after a step."""
    trainer = Trainer(RunConfig.from_json(config))
    assert "no loss yet" in picture(trainer)
    trainer.run(20)
    drawn = ElementTree.fromstring(picture(trainer))
    assert len(drawn.findall(f"{SVG}image")) == images
    expected = min(300, len(trainer.dataset.X_train)) if points else 0
    assert 0.9 * expected <= len(drawn.findall(f"{SVG}circle")) <= expected
    (line,) = drawn.findall(f"{SVG}polyline")
    assert len(line.attrib["points"].split()) == 20
    assert "step 20" in "".join(drawn.itertext())


def test_the_picture_has_the_answers_of_the_net() -> None:
    """Its pixels lie on that side of the middle on which the net's answers do."""
    trainer = Trainer(RunConfig.from_json({"data": {"name": "gauss", "samples": 100}}))
    trainer.run(200)
    found = re.search('data:image/png;base64,([^"]+)', picture(trainer))
    assert found is not None
    content = base64.b64decode(found[1])
    length = int.from_bytes(content[33:37], "big")
    assert content[37:41] == b"IDAT"
    rows = zlib.decompress(content[41 : 41 + length])
    pixels = [rows[181 * k + 1 : 181 * (k + 1)] for k in range(60)]
    assert {len(row) for row in pixels} == {180}
    for x, y in ((0.5, 0.5), (-0.5, -0.5), (0.9, 0.1)):
        (answer,) = trainer.network.predict(trainer.theta, [[x, y]])[0]
        (left, right), (bottom, top) = trainer.dataset.domain
        column, row = round(59 * (x - left) / (right - left)), round(59 * (top - y) / (top - bottom))
        red, _, blue = pixels[row][3 * column : 3 * column + 3]
        assert (blue > red) == (answer > 0.5)


def test_of_a_watched_training_each_norm_is_a_bar_and_what_is_none_has_no_length() -> None:
    norms = {"|δ|": np.array([1e-8, 1e-2, np.nan]), "|∂W|": np.array([0.0, 1e-4, np.inf])}
    drawn = ElementTree.fromstring(watched_picture("a <b>", ["0", "1", "2"], norms, [(1, 0.5), (9, 0.25)]))
    bars = [bar for bar in drawn.findall(f"{SVG}rect") if bar.find(f"{SVG}title") is not None]
    delta0, gradient0, delta1, gradient1, *others = [float(bar.attrib["width"]) for bar in bars]
    assert delta1 > gradient1 > delta0 > gradient0 == 0
    assert others == [0, 0]
    assert len(drawn.findall(f"{SVG}polyline")) == 1
    ElementTree.fromstring(watched_picture("before", ["0"], {"|δ|": np.array([np.nan])}, []))
