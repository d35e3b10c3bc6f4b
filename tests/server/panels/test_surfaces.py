"""The loss surface of a session: when it is computed, and what is on it."""

import json
import pickle
from typing import Any

import numpy as np
import pytest
from backscope.core.run.trainer import Trainer
from backscope.core.surface.curvature import sharpness
from backscope.core.surface.random_walk import walk_share
from backscope.server.wire.messages import Cancel
from backscope.server.wire.presets import PRESETS
from stage import CIRCLE, Stage


def surface_of(stage: Stage) -> tuple[dict[str, Any], dict[str, Any]]:
    """Let a surface be computed, and return the picture that the next frame brings."""
    stage.now += 10
    stage.work()
    stage.serve_jobs()
    return stage.see()["before"]["surface"]


def stage_at(step: int, preset: str = "circle") -> Stage:
    """A run that stands, and whose surface begins when it is next let work, however long the way there took."""
    stage = Stage(PRESETS[preset])
    stage.do("surface", off=True)
    stage.travel("step", count=step)
    stage.do("surface", off=False)
    stage.see()
    return stage


def test_coarse_pictures_come_before_the_fine_one_and_whoever_opens_the_run_asks_for_the_same() -> None:
    stage, other = stage_at(50), stage_at(50)
    stage.work()
    other.work()
    planes = set()
    for resolution in (16, 32, 64, 128):
        (job,), (same,) = stage.jobs(), other.jobs()
        assert job.work.common
        assert pickle.dumps(job.work) == pickle.dumps(same.work)
        other.serve(same)
        stage.serve(job)
        header, arrays = stage.see()["before"]["surface"]
        assert arrays["grid"].shape == (resolution, resolution)
        assert (header["progress"] == 1) == (resolution == 128)
        planes.add(header["plane_id"])
    assert stage.jobs() == []
    assert len(planes) == 1


def test_a_run_under_way_gets_the_finest_picture_once_it_stands() -> None:
    stage = stage_at(600)
    stage.do("speed", steps_per_second=1)
    stage.do("play")
    stage.work()
    (job,) = stage.jobs()
    assert not job.work.common  # nobody else is where it is
    stage.serve(job)
    stage.serve_jobs()
    assert stage.see()["before"]["surface"][1]["grid"].shape == (64, 64)
    stage.do("pause")
    _, arrays = surface_of(stage)
    assert arrays["grid"].shape == (128, 128)


def test_what_is_given_up_is_not_computed_on() -> None:
    stage = stage_at(50)
    stage.work()
    (job,) = stage.jobs()
    stage.serve(job)
    (finer,) = stage.jobs()
    stage.session.job_advanced(finer.job, 0.4)
    told = json.loads(stage.published["computing"])
    assert (told["share"], told["resolution"]) == (0.4, 32)
    stage.do("surface_stop")
    assert [said.topic for said in stage.said if isinstance(said, Cancel)] == ["surface"]
    assert json.loads(stage.published["computing"])["share"] == 1
    stage.now += 100
    stage.work()
    assert stage.jobs() == []
    assert stage.see()["before"]["surface"][1]["grid"].shape == (16, 16)
    stage.travel("step", count=70)
    header, arrays = surface_of(stage)
    assert arrays["grid"].shape == (128, 128)
    assert header["progress"] == 1


@pytest.mark.parametrize("plane", ["pca", "random", "weights", "sharpest"])
@pytest.mark.parametrize("through", ["mean", "start", "current", "end"])
def test_a_plane_goes_through_the_chosen_point(plane: str, through: str) -> None:
    stage = stage_at(90)
    positions = {"end": np.array(stage.trainer.theta)}
    stage.travel("seek", step=60)
    positions["current"] = np.array(stage.trainer.theta)
    positions["start"] = stage.trainer.track.path(100)[1][0]
    positions["mean"] = stage.trainer.track.path(200)[1].mean(axis=0)
    stage.do("surface", plane=plane, weights=[3, 8], through=through, resolution=16)
    header, _ = surface_of(stage)
    shown = stage.session.surface.picture.plane
    assert shown is not None
    assert header["through"] == through
    assert shown.distance(positions[through]) == pytest.approx(0, abs=1e-9)
    assert shown.contains(np.stack([positions[through], positions["current"]]))
    if through == "current":
        assert header["figures"]["plane_loss"] == pytest.approx(header["figures"]["loss"], rel=1e-9)


def test_the_sharpest_plane_is_that_of_the_point_it_goes_through() -> None:
    stage = stage_at(90)
    data, net, theta = stage.trainer.dataset, stage.trainer.network, np.array(stage.trainer.theta)
    gradient = net.backpropagate(theta, data.X_train, data.y_train, "bce").gradient
    found = sharpness(net, theta, data.X_train, data.y_train, "bce")
    stage.do("surface", plane="sharpest", resolution=16)
    surface_of(stage)
    shown = stage.session.surface.picture.plane
    assert shown is not None
    assert shown.basis == "sharpest"
    assert float(shown.d1 @ -gradient) == pytest.approx(float(np.linalg.norm(gradient)))
    assert shown.distance(theta + found.direction) == pytest.approx(0, abs=1e-5)


def test_a_plane_of_two_weights_follows_the_others() -> None:
    stage = stage_at(60)
    stage.do("surface", plane="weights", weights=[3, 8], resolution=16)
    first, _ = surface_of(stage)
    stage.travel("step", count=1)
    second, arrays = surface_of(stage)
    assert second["plane_id"] > first["plane_id"]
    theta = np.array(stage.trainer.theta)
    theta[[3, 8]] = second["alpha"][0], second["beta"][0]
    data = stage.trainer.dataset
    loss = stage.trainer.network.backpropagate(theta, data.X_train, data.y_train, "bce").loss
    assert arrays["grid"][0, 0] == pytest.approx(loss, rel=1e-6)


def test_the_random_walk_beside_the_share() -> None:
    stage = stage_at(80)
    header, _ = surface_of(stage)
    assert header["figures"]["walk"] == pytest.approx(walk_share(81, CIRCLE.parameter_count))
    stage.do("surface", plane="random", resolution=16)
    header, _ = surface_of(stage)
    assert header["figures"]["walk"] == pytest.approx(2 / CIRCLE.parameter_count)


@pytest.mark.parametrize("plane", ["pca", "random", "weights"])
def test_the_grid_is_the_loss_of_the_real_network(plane: str) -> None:
    stage = stage_at(60)
    stage.do("surface", plane=plane, weights=[3, 8], resolution=16)
    header, arrays = surface_of(stage)
    shown = stage.session.surface.picture.plane
    assert shown is not None
    alpha = np.linspace(*header["alpha"], 16)
    beta = np.linspace(*header["beta"], 16)
    data, net = stage.trainer.dataset, stage.trainer.network
    for i, j in ((0, 0), (5, 11), (15, 15)):
        theta = shown.point(alpha[j], beta[i])
        loss = net.backpropagate(theta, data.X_train, data.y_train, "bce").loss
        assert arrays["grid"][i, j] == pytest.approx(loss, rel=1e-5)
    assert header["plane"] == plane
    assert len(header["axes"]) == (2 if plane == "weights" else 0)


def test_the_path_ends_where_the_run_is_and_grows_with_frames() -> None:
    stage = stage_at(80)
    header, arrays = surface_of(stage)
    assert len(arrays["path"]) > 10
    shown = stage.session.surface.picture.plane
    assert shown is not None
    stage.travel("step", count=5)
    frame = stage.see()
    assert frame["plane_id"] == header["plane_id"]
    (point,) = frame["arrays"]["path"]
    np.testing.assert_allclose(point[:2], np.array(shown.project(stage.trainer.theta)), rtol=1e-5, atol=1e-6)
    assert point[2] == np.float32(frame["loss"])


def test_figures_say_what_the_picture_leaves_out() -> None:
    stage = stage_at(80)
    header, _ = surface_of(stage)
    figures, shown = header["figures"], stage.session.surface.picture.plane
    assert shown is not None
    assert 0.5 < figures["share"] <= 1
    assert figures["distance"] == pytest.approx(float(shown.distance(stage.trainer.theta)))
    assert figures["loss"] == stage.trainer.evaluate().loss
    assert figures["plane_loss"] != figures["loss"]
    assert figures["parameters"] == CIRCLE.parameter_count


def test_figures_are_exact_once_the_run_stands() -> None:
    stage = stage_at(80)
    surface_of(stage)
    stage.do("speed", steps_per_second=0)
    stage.do("play")
    for _ in range(5):
        stage.work()
        stage.session.screen.want((stage.position,))
    stage.do("pause")
    stage.position = None
    frame, shown = stage.see(), stage.session.surface.picture.plane
    assert shown is not None
    assert frame["figures"]["distance"] == pytest.approx(float(shown.distance(stage.trainer.theta)))


def test_going_back_takes_the_path_back() -> None:
    stage = stage_at(80)
    _, arrays = surface_of(stage)
    stage.travel("seek", step=20)
    frame = stage.see()
    _, shorter = frame["before"]["surface"]
    assert 1 < len(shorter["path"]) < len(arrays["path"])
    shown = stage.session.surface.picture.plane
    assert shown is not None
    np.testing.assert_allclose(
        shorter["path"][-1][:2], np.array(shown.project(stage.trainer.theta)), rtol=1e-4, atol=1e-5
    )


def test_nothing_is_computed_while_the_picture_holds() -> None:
    stage = stage_at(500)
    surface_of(stage)
    stage.travel("step", count=5)
    stage.now += 10
    stage.work()
    assert stage.jobs() == []


def test_a_path_that_has_doubled_gets_a_new_plane_but_not_at_once() -> None:
    stage = stage_at(100)
    first, _ = surface_of(stage)
    started = stage.session.surface._schedule._started
    stage.do("speed", steps_per_second=0)
    stage.do("play")
    while stage.trainer.step_count < 250:
        stage.work()
    assert stage.session.surface.due(stage.trainer, still=False) == started + 1.5
    assert stage.jobs() == []
    second, arrays = surface_of(stage)
    assert second["plane_id"] > first["plane_id"]
    assert arrays["grid"].shape == (64, 64)


def test_another_run_gets_another_surface_at_once() -> None:
    stage = stage_at(100)
    first, _ = surface_of(stage)
    stage.do("configure", network={"hidden": [3]})
    frame = stage.see()
    assert "plane_id" not in frame
    stage.work()
    stage.serve_jobs()
    second, _ = stage.see()["before"]["surface"]
    assert second["plane_id"] > first["plane_id"]
    assert second["figures"]["parameters"] == 13


def test_a_late_grid_of_a_run_that_is_gone_is_thrown_away() -> None:
    stage = stage_at(100)
    stage.work()
    (job,) = stage.jobs()
    stage.do("configure", network={"hidden": [3]})
    stage.session.job_done(job.job, np.zeros(256))
    assert "surface" not in stage.see()["before"]


def test_off_means_no_work_at_all() -> None:
    stage = stage_at(100)
    surface_of(stage)
    stage.do("surface", off=True)
    assert "plane_id" not in stage.see()
    stage.travel("step", count=200)
    stage.now += 100
    stage.work()
    assert stage.jobs() == []
    stage.do("surface", plane="random")
    header, _ = surface_of(stage)
    assert header["plane"] == "random"


def test_two_parameters_are_shown_exactly() -> None:
    stage = stage_at(30)
    stage.do("configure", network={"hidden": [], "bias": False}, data={"name": "gauss"})
    stage.travel("step", count=30)
    header, _ = surface_of(stage)
    assert header["figures"]["parameters"] == 2
    assert header["figures"]["distance"] == pytest.approx(0, abs=1e-9)
    assert header["figures"]["plane_loss"] == pytest.approx(header["figures"]["loss"])


def test_a_run_gone_wild_breaks_no_surface() -> None:
    stage = stage_at(10)
    surface_of(stage)
    stage.do("configure", loss="mse", network={"hidden": [4], "activation": "relu", "output": "identity"})
    stage.do("set", learning_rate=100)
    stage.do("speed", steps_per_second=0)
    stage.do("play")
    for _ in range(6):
        stage.now += 10
        stage.work()
        stage.serve_jobs()
        stage.frame()
    assert stage.trainer.diverged is not None


def test_the_twin_of_a_surface_run_is_untouched_by_it() -> None:
    stage = stage_at(100)
    surface_of(stage)
    stage.travel("step", count=100)
    twin = Trainer(PRESETS["circle"])
    twin.run(200)
    assert twin.theta.tobytes() == stage.trainer.theta.tobytes()


@pytest.mark.parametrize("kind", ["batch", "layer"])
@pytest.mark.parametrize("plane", ["pca", "random", "weights"])
def test_the_surface_of_a_normalized_run_is_its_loss(kind: str, plane: str) -> None:
    stage = stage_at(1)
    stage.do("configure", network={"hidden": [4, 2], "normalization": kind})
    stage.travel("step", count=60)
    trainer = stage.trainer
    block = trainer.network.blocks[0]
    gamma, beta = block.end - 2 * block.cols, block.end - 1
    stage.do("surface", plane=plane, weights=[gamma, beta], resolution=16)
    header, arrays = surface_of(stage)
    shown, data = stage.session.surface.picture.plane, trainer.dataset
    assert shown is not None
    alpha, beta_axis = np.linspace(*header["alpha"], 16), np.linspace(*header["beta"], 16)
    for i, j in ((0, 0), (5, 11), (15, 15)):
        theta = shown.point(alpha[j], beta_axis[i])
        loss = trainer.network.backpropagate(theta, data.X_train, data.y_train, "bce").loss
        assert arrays["grid"][i, j] == pytest.approx(loss, rel=1e-6)
    if plane == "weights":
        assert header["axes"] == ["γ¹₁", "β¹₄"]
        assert header["figures"]["distance"] == pytest.approx(0, abs=1e-12)
        assert header["figures"]["plane_loss"] == pytest.approx(trainer.evaluate().loss, rel=1e-9)


def test_a_bias_that_a_normalization_fixes_is_no_axis() -> None:
    stage = stage_at(1)
    stage.do("configure", network={"hidden": [4, 2], "normalization": "batch"})
    stage.travel("step", count=5)
    stage.do("surface", plane="weights", weights=[8, 9], resolution=16)
    header, _ = surface_of(stage)
    assert header["axes"] == ["w¹₁₁", "w¹₂₁"]


def test_another_loss_by_a_live_edit_gets_another_surface() -> None:
    stage = stage_at(80)
    first, _ = surface_of(stage)
    stage.do("set", label_smoothing=0.4)
    second, after = surface_of(stage)
    assert second["plane_id"] > first["plane_id"]
    assert second["figures"]["loss"] == pytest.approx(stage.trainer.evaluate().loss)
    shown = stage.session.surface.picture.plane
    assert shown is not None
    data, y = stage.trainer.dataset, 0.6 * stage.trainer.dataset.y_train + 0.2
    theta = shown.point(second["alpha"][0], second["beta"][0])
    loss = stage.trainer.network.backpropagate(theta, data.X_train, y, "bce").loss
    assert after["grid"][0, 0] == pytest.approx(loss, rel=1e-6)
    stage.do("set", dropout=0.2)
    stage.now += 10
    stage.work()
    assert stage.jobs() == []


def test_penalties_are_part_of_the_surface_where_wanted_and_it_follows_them() -> None:
    stage = stage_at(60)
    stage.do("set", l1=0.002, l2=0.03)
    stage.do("surface", plane="random", resolution=16)
    plain, without = surface_of(stage)
    assert plain["figures"]["loss"] == pytest.approx(stage.trainer.evaluate().loss)
    stage.do("surface", penalties=True)
    header, arrays = surface_of(stage)
    shown = stage.session.surface.picture.plane
    assert shown is not None
    corner = shown.point(header["alpha"][0], header["beta"][0])
    weights = np.concatenate([layer.W.ravel() for layer in stage.trainer.network.unpack(corner)])
    expected = 0.002 * np.abs(weights).sum() + 0.5 * 0.03 * (weights**2).sum()
    assert arrays["grid"][0, 0] - without["grid"][0, 0] == pytest.approx(expected, rel=1e-4)
    figures = header["figures"]
    assert figures["loss"] == pytest.approx(stage.trainer.evaluate().loss + stage.trainer.view.penalty)
    assert figures["plane_loss"] == pytest.approx(figures["loss"], rel=1e-9)
    stage.do("set", l1=0.0, l2=0.3)
    _, stronger = surface_of(stage)
    expected = 0.5 * 0.3 * (weights**2).sum()
    assert stronger["grid"][0, 0] - without["grid"][0, 0] == pytest.approx(expected, rel=1e-4)


@pytest.mark.parametrize("plane", ["pca", "weights", "sharpest"])
def test_a_plane_on_its_way_makes_room_for_that_of_where_the_run_has_come_to_rest(plane: str) -> None:
    stage = stage_at(50)
    stage.do("surface", plane=plane, weights=[3, 8], resolution=16)
    stage.work()
    (first,) = stage.jobs()  # it takes as long as it likes
    stage.travel("step", count=250)
    stage.now += 10
    stage.work()
    (second,) = stage.jobs()
    stage.serve(first)  # it came too late: it was given up
    assert stage.session.surface.picture.plane is None
    stage.work()
    assert stage.jobs() == []  # while the run stands, what is on its way is left alone
    stage.serve(second)
    stage.serve_jobs()
    assert stage.session.surface.picture.laid == 300


def test_while_a_new_plane_is_computed_it_is_said_of_which_step_the_old_one_is() -> None:
    stage = stage_at(50)
    surface_of(stage)
    stage.travel("step", count=250)
    stage.now += 10
    stage.work()
    (job,) = stage.jobs()
    stage.session.job_advanced(job.job, 0.3)
    told = json.loads(stage.published["computing"])
    assert (told["share"], told["resolution"], told["laid"]) == (0.3, 32, 50)
    stage.travel("seek", step=50)  # back where the old one is of
    stage.now += 10
    stage.work()
    assert [said.topic for said in stage.said if isinstance(said, Cancel)] == ["surface"]
    assert json.loads(stage.published["computing"])["laid"] is None
    assert stage.session.surface.picture.laid == 50


def test_a_run_that_goes_on_is_not_kept_from_its_planes_by_newer_ones() -> None:
    stage = stage_at(50)
    stage.do("speed", steps_per_second=100)
    stage.do("play")
    stage.work()
    (job,) = stage.jobs()
    for _ in range(40):
        stage.now += 0.5
        stage.work()
    assert stage.jobs() == []
    stage.serve(job)
    assert stage.session.surface.picture.plane is not None


def test_a_surface_is_of_the_present_task() -> None:
    stage = stage_at(700, "plasticity")
    stage.now += 10
    stage.work()
    (job,) = stage.jobs()
    assert job.work.task.config["data"]["first_task"] == stage.trainer.task == 1
