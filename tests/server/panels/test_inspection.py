"""Looking closer on the wire: what a weight's numbers are, and editing it."""

import json

import numpy as np
import pytest
from backscope.core.config.config import RunConfig
from backscope.server.wire.edits import beginning
from backscope.server.wire.presets import PRESETS
from stage import Stage, parse

SHAPES = {
    "circle": PRESETS["circle"],
    "digits": PRESETS["digits"],
    "adam": RunConfig.from_json({"optimizer": {"name": "adam"}, "l2": 0.01}),
    "batch": RunConfig.from_json({"network": {"hidden": [4, 3], "normalization": "batch"}}),
    "dropout": RunConfig.from_json({"network": {"hidden": [8, 6], "dropout": 0.4}}),
    "deep": PRESETS["deep_sigmoid"],
    "skips": RunConfig.from_json({"network": {"hidden": [5, 5, 5], "residual": True, "dropout": 0.2}}),
}


def value(node) -> float:
    """What the children make, as far down as they were told."""
    if "k" not in node:
        return node["v"]
    values = [value(child) for child in node["k"]]
    if node["c"] == "product":
        return float(np.prod(values))
    count = sum(child["at"][0] if child["n"] == "rest" else 1 for child in node["k"])
    return sum(values) / (count if node["c"] == "mean" else 1)


@pytest.mark.parametrize("name", SHAPES)
def test_the_product_is_the_gradient_in_the_same_frame(name: str) -> None:
    stage = Stage(SHAPES[name])
    stage.travel("step", count=25)
    net = stage.trainer.network
    rng = np.random.default_rng(1)
    for _ in range(12):
        layer = int(rng.integers(1, len(net.sizes)))
        to, source = (int(rng.integers(net.sizes[k])) for k in (layer, layer - 1))
        target = {"layer": layer, "to": to, "from": source}
        stage.do("watch", target=target, over="batch", key="k")
        stage.travel("step")
        frame = stage.see()
        (found,) = frame["inspections"]
        assert found["key"] == "k"
        assert found["step"] == frame["step"]
        gradient = float(stage.trainer.gradient[found["index"]])
        assert found["gradient"] == gradient
        size = abs(gradient) + 1e-3 * float(np.abs(stage.trainer.gradient).max())
        assert abs(found["tree"]["v"] + found["penalty"] - gradient) < 1e-9 * size
        assert abs(value(found["tree"]) - found["tree"]["v"]) < 1e-9 * size
        assert found["terms"]["step"] == pytest.approx(found["update"], rel=1e-9, abs=1e-15)


def test_a_sample_unfolds_step_by_step() -> None:
    stage = Stage(SHAPES["deep"])
    stage.travel("step", count=3)
    target, unfold = {"layer": 1, "to": 0, "from": 1}, []
    for _ in range(4):
        tree = stage.do("explain", target=target, unfold=unfold)["inspection"]["tree"]
        node, place = tree, []
        while "k" in node:
            place.append("0")
            node = node["k"][0]
        assert value(tree) == pytest.approx(tree["v"], rel=1e-9)
        unfold = [*unfold, ".".join(place)]
    assert len(place) == 6  # a path shows its two factors at once, so every second step goes two levels down


def test_a_neuron_behind_a_skip_tells_what_its_activation_makes_and_what_is_passed_on() -> None:
    stage = Stage(SHAPES["skips"])
    stage.travel("step", count=9)
    layer = stage.trainer.network.residual.index(True) + 1
    own, below = (
        stage.do("explain", target={"layer": at, "to": 3}, unfold=["0"])["inspection"] for at in (layer, layer - 1)
    )
    assert own["f"] == pytest.approx(np.tanh(own["input"]))
    assert own["a"] == pytest.approx(own["f"] + below["a"])
    names = [child["n"] for child in below["tree"]["k"][0]["k"]]
    assert names == ["path"] * 5 + ["skip"]
    past = below["tree"]["k"][0]["k"][-1]
    assert [factor["n"] for factor in past["k"]] == ["dC_da", "da_da"]
    assert value(below["tree"]) == pytest.approx(below["tree"]["v"], rel=1e-12)


def test_watching_ends_when_asked_and_when_the_network_changes() -> None:
    stage = Stage()
    stage.do("watch", target={"layer": 1, "to": 0, "from": 0})
    assert len(stage.see()["inspections"]) == 1
    stage.do("watch", target=None)
    stage.travel("step")
    assert "inspections" not in stage.see()
    stage.do("watch", target={"layer": 2, "to": 1})
    stage.do("configure", network={"hidden": [3]})
    assert "inspections" not in stage.see()


def test_a_neuron_tells_its_terms_its_slope_and_its_health() -> None:
    stage = Stage()
    stage.travel("step", count=30)
    found = stage.do("watch", target={"layer": 1, "to": 2})["inspection"]
    assert value(found["forward"]) == pytest.approx(found["input"], rel=1e-12)
    assert found["a"] == pytest.approx(np.tanh(found["input"]))
    assert found["slope"] == pytest.approx(1 - found["a"] ** 2)
    assert found["health"]["samples"] == len(stage.trainer.dataset.X_train)
    assert 0 <= found["health"]["dead"] <= found["health"]["flat"] <= 1
    batch = stage.do("watch", target={"layer": 1, "to": 2}, over="batch")["inspection"]
    assert len(batch["batch"]["a"]) == len(batch["rows"]) == 10


def test_an_input_tells_its_value_what_it_feeds_and_how_the_loss_answers_to_it() -> None:
    stage = Stage()
    stage.travel("step", count=30)
    found = stage.do("watch", target={"layer": 0, "to": 1})["inspection"]
    assert found["a"] == stage.trainer.dataset.X_train[0, 1]
    assert [path["at"] for path in found["tree"]["k"]] == [[1, i, 1] for i in range(stage.trainer.network.sizes[1])]
    assert sum(map(value, found["tree"]["k"])) == pytest.approx(found["tree"]["v"], rel=1e-12)
    batch = stage.do("watch", target={"layer": 0, "to": 1}, over="batch")["inspection"]
    assert batch["a"] is None
    assert len(batch["tree"]["k"]) == len(batch["rows"]) == 10
    assert "forward" not in found
    assert "health" not in found


@pytest.mark.parametrize("activation", ["tanh", "sigmoid", "relu"])
def test_inspector_and_laboratory_call_a_neuron_the_same(activation: str) -> None:
    network = {"hidden": [12, 6], "activation": activation}
    start = {"data": {"name": "circle", "samples": 200}, "initializer": "normal", "initializer_scale": 9.0}
    stage = Stage(RunConfig.from_json({"network": network, **start}))
    trainer = stage.trainer
    said = [
        stage.do("explain", target={"layer": layer, "to": i})["inspection"]["health"]["kind"]
        for layer, size in enumerate(trainer.network.sizes[1:-1], 1)
        for i in range(size)
    ]
    health = trainer.view.laboratory.read(trainer.theta).health[: len(said)]
    assert said == [["alive", "saturated", "dead"][one] for one in health]
    assert len(set(said)) > 1


def test_dead_neurons_are_found() -> None:
    stage = Stage(RunConfig.from_json({"network": {"hidden": [3], "activation": "relu"}}))
    stage.do("set_parameter", index=2 * 3, value=-100.0)
    assert stage.do("explain", target={"layer": 1, "to": 0})["inspection"]["health"]["dead"] == 1.0
    assert stage.do("explain", target={"layer": 1, "to": 1})["inspection"]["health"]["dead"] < 1.0


@pytest.mark.parametrize("name", SHAPES)
@pytest.mark.parametrize("over", ["sample", "batch"])
def test_the_difference_agrees_within_the_error_it_states(name: str, over: str) -> None:
    stage = Stage(SHAPES[name])
    stage.travel("step", count=8)
    places = ({"layer": 1, "to": 1, "from": 0}, {"layer": 2, "to": 0}, {"layer": 2, "to": 0, "from": 1})
    for target in (*places, {"layer": 0, "to": 1}):
        stage.said.clear()
        stage.orders.clear()
        reply = ask_later(stage, "difference", target=target, over=over)
        assert reply["ok"], reply
        assert reply["kink"] or abs(reply["numeric"] - reply["analytic"]) <= reply["error"] + 1e-13
        found = stage.do("explain", target=target, over=over)["inspection"]
        assert found["tree"]["v"] == pytest.approx(reply["analytic"], rel=1e-9, abs=1e-15)


def ask_later(stage: Stage, op: str, **fields):
    """Give a command that a worker answers."""
    import json

    from backscope.server.wire.messages import Reply

    stage.said.clear()
    stage.session.obey(1, parse(json.dumps({"id": 5, "op": op, **fields})))
    stage.serve_jobs()
    return next(json.loads(message.text) for message in stage.said if isinstance(message, Reply))


def test_before_the_first_step_there_is_no_batch() -> None:
    stage = Stage()
    target = {"layer": 1, "to": 0, "from": 0}
    assert stage.do("watch", target=target, over="batch")["inspection"]["tree"] is None
    assert ask_later(stage, "difference", target=target, over="batch")["code"] == "no_batch"


def test_the_curve_of_an_activation() -> None:
    stage = Stage()
    curve = stage.do("activation", layer=1, low=-2, high=2)
    np.testing.assert_allclose(curve["a"], np.tanh(curve["z"]))
    assert stage.ask("activation", layer=9)["code"] == "out_of_range"


@pytest.mark.parametrize(
    ("op", "fields", "code"),
    [
        ("watch", {"target": {"layer": 9, "to": 0}}, "out_of_range"),
        ("watch", {"target": {"layer": 1}}, "wrong_type"),
        ("watch", {"target": {"layer": 1, "to": 0}, "over": "moon"}, "unknown_choice"),
        ("explain", {"target": {"layer": 1, "to": "0"}}, "bad_config"),
        ("explain", {"target": {"layer": 1, "to": 0}, "unfold": [1]}, "wrong_type"),
        ("set_parameter", {"index": 1_000_000, "value": 0.5}, "out_of_range"),
    ],
)
def test_what_is_not_there_is_refused_in_words(op: str, fields, code: str) -> None:
    stage = Stage()
    before = stage.trainer.theta.copy()
    reply = stage.ask(op, **fields)
    assert not reply["ok"]
    assert reply["code"] in (code, "out_of_range"), reply
    np.testing.assert_array_equal(stage.trainer.theta, before)


# Edits


def test_an_edited_weight_is_in_the_log_and_comes_back() -> None:
    stage = Stage()
    stage.travel("step", count=10)
    old = [float(stage.trainer.theta[k]) for k in (3, 4)]
    for number in (0.5, 0.75):
        stage.do("set_parameter", index=3, value=number)
    stage.do("set_parameter", index=4, value=-1.0)
    (entry,) = stage.state()["log"]  # a hand at rest leaves one edit, whatever it moves
    assert entry == {
        "step": 10,
        "change": {"parameters": {"3": 0.75, "4": -1.0}},
        "before": {"parameters": {"3": old[0], "4": old[1]}},
    }
    stage.travel("step", count=20)
    end = stage.trainer.theta.copy()
    stage.travel("step_back", count=20)
    assert stage.trainer.theta[3] == 0.75
    stage.travel("step_back")
    assert stage.trainer.theta[3] != 0.75
    stage.travel("seek", step=30)
    np.testing.assert_array_equal(stage.trainer.theta, end)
    state = stage.state()
    config, edits = beginning(state["config"], state["log"])
    again = Stage(config, log=edits, step=30)
    again.finish()
    np.testing.assert_array_equal(again.trainer.theta, end)


def test_the_frame_after_an_edit_shows_it() -> None:
    stage = Stage()
    stage.see()
    stage.do("set_parameter", index=0, value=2.5)
    assert stage.see()["arrays"]["P"][0] == 2.5


def test_an_activation_changes_under_the_eyes_of_its_audience() -> None:
    stage = Stage(RunConfig.from_json({"network": {"hidden": [4, 3], "activation": "tanh"}}))
    stage.travel("step", count=20)
    target = {"layer": 1, "to": 1, "from": 0}
    stage.do("watch", target=target, over="batch", key="k")
    first = stage.see()
    theta = stage.trainer.theta.copy()
    stage.do("set", activation=["relu", "tanh"])
    layout = json.loads(stage.published["layout"])
    assert layout["activations"] == ["relu", "tanh", "sigmoid"]
    frame = stage.see()
    assert frame["layout"] == layout["id"] != first["layout"]
    assert frame["step"] == first["step"]
    assert "history" not in frame["before"]
    np.testing.assert_array_equal(frame["arrays"]["P"], theta.astype(np.float32))
    (found,) = frame["inspections"]
    assert found["tree"]["v"] == pytest.approx(found["gradient"], rel=1e-9)
    reply = ask_later(stage, "difference", target=target, over="batch")
    assert abs(reply["analytic"] - reply["numeric"]) <= reply["error"] + 1e-15
    assert stage.do("activation", layer=1, low=-1, high=0, over="batch")["a"][0] == pytest.approx(np.tanh(-1))
    assert stage.do("activation", layer=1, low=-1, high=0)["a"][0] == 0
    (entry,) = stage.state()["log"]
    assert entry["change"] == {"activation": ["relu", "tanh"]}
    assert entry["before"]["network"]["activation"] == "tanh"
    stage.travel("seek", step=10)
    assert stage.see()["layout"] == first["layout"]
    stage.travel("seek", step=25)
    assert stage.see()["layout"] == layout["id"]
    state = stage.state()
    begun, _ = beginning(state["config"], state["log"])
    assert begun.network.activation == "tanh"
