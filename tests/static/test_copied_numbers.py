"""Numbers that the page has to know by itself are the core's and the server's own; all others are served."""

import inspect
import math
import re
from pathlib import Path

import pytest
from backscope.core import Network
from backscope.core.insight import evaluation, health
from backscope.core.nets import elementwise, normalization
from backscope.core.optimizers.optimizer import LEARNING_RATE
from backscope.core.run import remedies
from backscope.server.front import own_runs
from backscope.server.run import curves
from backscope.server.wire import protocol

PAGE = Path(__file__).parents[2] / "static" / "js"

#: Where the page has a number, by file and name, and what it is a copy of. What follows a frame's clock or a formula's
#: letters cannot wait for an answer; whatever can is served instead.
COPIES: dict[tuple[str, str], float] = {
    ("wire/protocol.js", "VERSION"): protocol.VERSION,
    ("app/runs.js", "VERSION"): own_runs.VERSION,
    ("model/classes.js", "TIE"): evaluation.TIE,
    ("model/series.js", "MOST_GHOSTS"): curves._MOST_GHOSTS,
    ("views/timeline/strip.js", "GHOSTS"): curves._MOST_GHOSTS,
    ("maths/forward.js", "EPSILON"): normalization.EPSILON,
    ("maths/activations.js", "LEAK"): inspect.signature(Network).parameters["leaky_slope"].default,
    ("maths/activations.js", "SELU_ALPHA"): elementwise.SELU_ALPHA,
    ("maths/activations.js", "SELU_SCALE"): elementwise.SELU_SCALE,
    ("views/cures/table.js", "REPLACEMENT"): remedies.REPLACEMENT,
    ("views/laboratory/why.js", "SATURATED"): health.SATURATED_NEURON,
    ("views/laboratory/why.js", "DEAD"): health.DEAD_NEURON,
    ("views/bar/rate.js", "HIGH"): math.log10(LEARNING_RATE.high),
}


@pytest.mark.parametrize(("file", "name"), COPIES)
def test_a_copied_number_is_the_original(file: str, name: str) -> None:
    found = re.search(rf"^(?:export )?const {name} = ([-\d._e]+);$", (PAGE / file).read_text("utf-8"), re.M)
    assert found is not None, f"{file} has no number {name}"
    assert float(found.group(1).replace("_", "")) == COPIES[file, name]
