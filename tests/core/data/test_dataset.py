"""Records of data sets: what they say of inputs and outputs, and which features can be chosen."""

import pytest
from backscope.core import DATASETS, ConfigError


@pytest.mark.parametrize(
    ("name", "fixed", "paintable", "inputs", "outputs"),
    [("circle", False, True, 2, 1), ("plane", False, False, 2, 1), ("iris", True, False, 4, 3)],
)
def test_a_record_says_what_its_samples_are(name, fixed, paintable, inputs, outputs):
    record = DATASETS[name]
    found = (record.fixed, record.in_plane, record.paintable, record.inputs, record.outputs)
    assert found == (fixed, not fixed, paintable, inputs, outputs)


def test_features_come_in_the_order_of_the_table():
    record = DATASETS["circle"]
    assert record.choose(["product", "x1"]) == ("x1", "product")
    assert record.choose(None) == ("x1", "x2")
    with pytest.raises(ConfigError, match="x9"):
        record.choose(["x9"])
