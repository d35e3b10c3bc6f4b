"""The golden forward passes are those of the core."""

import importlib.util
import json
from pathlib import Path

import numpy as np

FOLDER = Path(__file__).resolve().parents[2] / "fixtures"


def test_golden_forward_passes_are_up_to_date():
    spec = importlib.util.spec_from_file_location("make_forward", FOLDER / "make_forward.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    formulas = json.loads((FOLDER / "formulas.json").read_text(encoding="utf-8"))
    assert formulas == json.loads(json.dumps(module.formulas()))
    golden = json.loads((FOLDER / "forward.json").read_text(encoding="utf-8"))
    fresh = module.cases()
    assert [case["title"] for case in golden] == [case["title"] for case in fresh]
    for one, other in zip(golden, fresh, strict=True):
        computed = [name for name in ("A", "I", "X") if name in one and (name != "X" or "plane" in one)]
        given = [{name: entry[name] for name in entry if name not in computed} for entry in (one, other)]
        assert given[0] == given[1]
        for name in computed:
            np.testing.assert_allclose(one[name], other[name], rtol=1e-12, atol=1e-15)
