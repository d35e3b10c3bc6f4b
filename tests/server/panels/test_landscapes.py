"""Sessions on landscapes: how they are chosen, their surface and path, what is refused, and how they come back."""

import json
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from backscope.core.config.config import OptimizerConfig, RunConfig
from backscope.core.landscapes.functions import LANDSCAPES
from backscope.core.optimizers.table import OPTIMIZERS
from backscope.core.run.trainer import Trainer
from backscope.server.front.options import options
from backscope.server.wire.edits import patched
from backscope.server.wire.presets import PRESETS
from backscope.server.wire.settings import Limits
from stage import Stage, parse


def surface_of(stage: Stage) -> tuple[dict[str, Any], dict[str, Any]]:
    """Let a surface be computed, and return the picture that the next frame brings."""
    stage.now += 10
    stage.work()
    stage.serve_jobs()
    return stage.see()["before"]["surface"]


@pytest.mark.parametrize("name", LANDSCAPES)
def test_a_landscape_is_chosen_like_a_data_set(name: str) -> None:
    stage = Stage()
    assert stage.do("configure", data={"name": name})["restarted"]
    assert tuple(stage.trainer.theta) == LANDSCAPES[name].start
    layout = json.loads(stage.published["layout"])
    assert (layout["landscape"], layout["loss"], layout["sizes"]) == (name, "landscape", [1, 2])
    assert stage.trainer.config == PRESETS[name]
    frame = stage.see()
    assert frame["loss"] == pytest.approx(float(LANDSCAPES[name].loss(stage.trainer.theta)))
    assert frame["accuracy"] is None
    np.testing.assert_allclose(frame["arrays"]["P"], LANDSCAPES[name].start, rtol=1e-6)


def test_what_is_offered_names_every_landscape_and_rates_for_every_optimizer() -> None:
    offered = options(Limits())["landscapes"]
    json.dumps(offered, allow_nan=False)
    assert [entry["name"] for entry in offered] == list(LANDSCAPES)
    assert all(list(entry["rates"]) == list(OPTIMIZERS) for entry in offered)
    assert {entry["name"] for entry in offered if entry["lowest"] is None} == {"saddle", "monkey_saddle"}
    assert set(LANDSCAPES) <= set(PRESETS)


def test_between_landscapes_the_optimizer_stays_and_its_rate_fits() -> None:
    config = patched(PRESETS["bowl"], {"optimizer": {"name": "adam", "learning_rate": 0.06, "beta1": 0.8}, "seed": 7})
    config = patched(config, {"gradient_noise": 0.5, "clip_norm": 3.0, "initial": [1.0, 1.0]})
    other = patched(config, {"data": {"name": "booth"}})
    assert (other.optimizer.name, other.optimizer.learning_rate) == ("adam", 0.2)
    assert other.optimizer.hyperparameters["beta1"] == 0.8
    assert (other.gradient_noise, other.clip_norm, other.seed, other.initial) == (0.5, 3.0, 7, None)
    assert patched(config, {"data": {"name": "bowl"}}).initial == (1.0, 1.0)


def test_back_to_a_data_set_there_is_a_network_again() -> None:
    stage = Stage(PRESETS["ackley"])
    stage.do("configure", data={"name": "xor"})
    config = stage.trainer.config
    assert (config.network, config.batch_size, config.gradient_noise) == (RunConfig().network, 10, 0.0)
    stage.travel("step", count=20)
    assert stage.see()["accuracy"] is not None
    kept = patched(PRESETS["ackley"], {"data": {"name": "xor"}, "network": {"hidden": [3]}})
    assert kept.network.hidden == (3,)


@pytest.mark.parametrize("name", LANDSCAPES)
def test_the_surface_is_the_function_over_its_window_and_holds_every_step_of_the_path(name: str) -> None:
    landscape, stage = LANDSCAPES[name], Stage(PRESETS[name])
    stage.see()
    header, arrays = surface_of(stage)
    assert (header["plane"], header["axes"], header["progress"]) == ("weights", ["x", "y"], 1)
    assert (header["alpha"], header["beta"]) == tuple(map(list, landscape.domain))
    resolution = header["resolution"]
    assert resolution >= 96
    np.testing.assert_allclose(arrays["grid"], landscape.grid(landscape.plane, resolution), rtol=1e-5, atol=1e-5)
    stage.travel("step", count=30)
    frame = stage.see()
    path = frame["arrays"]["path"]
    assert len(path) == 30
    expected = stage.trainer.track.path(100)[1]
    np.testing.assert_allclose(path[:, :2], expected[1:], rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(path[:, 2], landscape.loss(expected[1:]), rtol=1e-5, atol=1e-6)
    assert frame["figures"]["share"] == pytest.approx(1)
    assert frame["figures"]["distance"] == pytest.approx(0, abs=1e-12)
    assert frame["figures"]["plane_loss"] == pytest.approx(frame["figures"]["loss"], abs=1e-9)


def test_the_window_grows_with_a_path_that_leaves_it_and_shrinks_on_return() -> None:
    stage = Stage(PRESETS["bowl"])
    stage.see()
    header, _ = surface_of(stage)
    assert header["alpha"] == [-3, 3]
    stage.do("set", learning_rate=2.1)
    stage.travel("step", count=30)
    stage.see()
    wide, arrays = surface_of(stage)
    assert wide["alpha"][1] == 3 * 2 ** round(np.log2(wide["alpha"][1] / 3)) > np.abs(arrays["path"][:, 0]).max()
    stage.travel("seek", step=0)
    stage.see()
    assert surface_of(stage)[0]["alpha"] == [-3, 3]


def test_a_start_can_be_set_and_a_new_seed_draws_one() -> None:
    stage = Stage(PRESETS["beale"])
    stage.do("configure", initial=[2.0, -3.0])
    assert stage.trainer.theta.tolist() == [2.0, -3.0]
    stage.do("reset")
    assert stage.trainer.theta.tolist() == [2.0, -3.0]
    stage.do("reseed")
    assert stage.trainer.theta.tolist() != [2.0, -3.0]
    assert stage.trainer.config.initial is None
    stage.do("set_parameter", index=0, value=-1.5)
    assert stage.trainer.theta[0] == -1.5


@pytest.mark.parametrize(
    ("op", "fields", "words"),
    [
        ("microscope", {}, "microscope needs a network: bowl is a function of two parameters"),
        ("sample", {"row": 0}, "sample needs a network"),
        ("look", {"layers": [1]}, "look needs a network"),
        ("activation", {"layer": 1}, "activation needs a network"),
        ("surface", {"plane": "random"}, "one plane only"),
        ("configure", {"network": {"hidden": [3]}}, "hidden must be [], got [3]"),
        ("configure", {"network": {"bias": True}}, "bias must be False, got True"),
        ("configure", {"loss": "mse"}, "is its own loss"),
        ("configure", {"initial": [1, 2, 3]}, "initial must have 2 numbers, got 3"),
        ("configure", {"initial": [1e9, 0]}, "initial must lie in"),
        ("set", {"activation": "relu"}, "it has no activation, got relu"),
        ("set", {"dropout": 0.2}, "it has no dropout, got 0.2"),
        ("set", {"gradient_noise": 1e9}, "gradient_noise must lie in [0, 1000], got 1000000000.0"),
    ],
)
def test_what_needs_a_network_is_refused_in_words(op: str, fields: dict[str, Any], words: str) -> None:
    stage = Stage(PRESETS["bowl"])
    before = stage.trainer.config
    reply = stage.ask(op, **fields)
    assert not reply["ok"]
    assert words in reply["message"]
    assert stage.trainer.config == before


def test_it_is_watched_checked_and_explained_like_any_run() -> None:
    stage = Stage(PRESETS["himmelblau"])
    stage.travel("step", count=3)
    found = stage.do("explain", target={"layer": 1, "to": 0, "from": 0})["inspection"]
    gradient = LANDSCAPES["himmelblau"].gradient(stage.trainer.theta)
    assert found["tree"]["v"] == pytest.approx(float(gradient[0]), rel=1e-12)
    stage.said.clear()
    stage.session.obey(1, _command("check"))
    stage.serve_jobs()
    replies = [json.loads(said.text) for said in stage.said if getattr(said, "number", None) == 9]
    assert replies[0]["error"] < 1e-6


def test_its_sharpness_is_the_curvature_across_the_valley_and_its_cut_the_function() -> None:
    stage = Stage(PRESETS["valley"])
    stage.travel("step", count=12)
    for op in ("sharpness", "cut"):
        stage.said.clear()
        stage.session.obey(1, _command(op))
        stage.serve_jobs()
        (reply,) = [json.loads(said.text) for said in stage.said if getattr(said, "number", None) == 9]
        assert reply["ok"], reply
        if op == "sharpness":
            assert reply["points"][-1][:2] == [12, pytest.approx(25, rel=1e-4)]
            assert reply["factor"] == 1
        else:
            start, end = np.array(LANDSCAPES["valley"].start), stage.trainer.theta
            points = start + np.array(reply["alpha"])[:, None] * (end - start)
            np.testing.assert_allclose(reply["loss"], LANDSCAPES["valley"].loss(points), rtol=1e-9, atol=1e-12)


def _command(op: str) -> Any:

    return parse(json.dumps({"id": 9, "op": op}))


def test_a_session_comes_back_to_the_same_bits() -> None:
    stage = Stage(PRESETS["rosenbrock"])
    stage.do("set", gradient_noise=0.3)
    stage.travel("step", count=40)
    stage.do("set", optimizer="adam", learning_rate=0.04)
    stage.travel("step", count=60)
    stage.state()
    theta, record = stage.trainer.theta.copy(), stage.saved()
    stage.build(record, "trainer_restarted")
    stage.finish()
    np.testing.assert_array_equal(stage.trainer.theta, theta)
    assert stage.trainer.step_count == 100


def test_divergence_is_found_and_recovered_from() -> None:
    stage = Stage(PRESETS["booth"])
    stage.travel("step", count=10)
    stage.do("set", learning_rate=0.12)
    stage.travel("step", count=3000)
    state = stage.state()
    assert state["status"]["kind"] == "diverged"
    assert (state["status"]["good_step"], state["status"]["good_rate"]) == (10, 0.02)
    stage.do("recover")
    stage.pass_time(3.0)
    assert stage.trainer.diverged is None


def test_lanes_race_on_one_surface_that_holds_all_their_paths() -> None:
    stage = Stage(PRESETS["bowl"])
    wide = stage.do("lane_add", change={"learning_rate": 2.02})["lane"]
    adam = stage.do("lane_add", change={"optimizer": "adam", "learning_rate": 0.06})["lane"]
    stage.finish()
    stage.travel("step", count=40)
    stage.see()
    header, arrays = surface_of(stage)
    assert header["alpha"] == [-6, 6]
    for lane, config in ((wide, OptimizerConfig("sgd", 2.02)), (adam, OptimizerConfig("adam", 0.06))):
        alone = Trainer(replace(PRESETS["bowl"], optimizer=config))
        alone.run(40)
        path = arrays[f"lane{lane}_path"]
        np.testing.assert_allclose(path[:, :2], alone.track.path(100)[1], rtol=1e-6, atol=1e-6)
        np.testing.assert_allclose(path[:, 2], LANDSCAPES["bowl"].loss(alone.track.path(100)[1]), rtol=1e-5, atol=1e-6)
    stage.now += 10
    stage.work()
    assert not [job for job in stage.jobs() if job.topic == "surface"]  # it holds, and is not computed again
    stage.do("configure", initial=[1.0, -2.0])
    stage.travel("step", count=1)
    starts = [lane.trainer.track.path(2)[1][0].tolist() for lane in stage.session.run.lanes.values()]
    assert starts == [[1.0, -2.0]] * 3
