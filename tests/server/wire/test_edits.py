"""A run as JSON and back, and patches to its config."""

import json
from dataclasses import replace
from typing import Any

import pytest
from backscope.core.config.config import RunConfig
from backscope.core.ground.errors import ConfigError
from backscope.core.run.trainer import Trainer
from backscope.server.wire.edits import Edits, beginning, patched
from backscope.server.wire.presets import PRESETS


def edited(trainer: Trainer, edits: Edits, **change: Any) -> None:
    before = trainer.config
    after = trainer.edit(**change)
    edits.add(trainer.step_count, change, before, after)


def test_a_run_is_found_again_from_what_its_page_knows() -> None:
    trainer, edits = Trainer(PRESETS["circle"]), Edits()
    for change in ({"learning_rate": 0.1}, {"optimizer": "adam", "beta1": 0.8}, {"batch_size": 7}, {"beta1": 0.7}):
        trainer.run(50)
        edited(trainer, edits, **change)
    trainer.run(50)
    config, log = json.loads(json.dumps([trainer.config.to_json(), edits.to_json()]))
    begun, found = beginning(config, log)
    assert begun == PRESETS["circle"]
    again = Trainer.from_log(begun, Edits(found).entries())
    again.run(trainer.step_count)
    assert again.theta.tobytes() == trainer.theta.tobytes()
    assert again.config == trainer.config


def test_a_hand_on_a_slider_leaves_one_edit_while_the_run_stands_still() -> None:
    trainer, edits = Trainer(PRESETS["circle"]), Edits()
    for rate in (0.1, 0.2, 0.3):
        edited(trainer, edits, learning_rate=rate)
    assert [edit["change"] for edit in edits.to_json()] == [{"learning_rate": 0.3}]
    assert beginning(trainer.config.to_json(), edits.to_json())[0] == PRESETS["circle"]


def test_edits_that_leave_a_mark_are_all_kept() -> None:
    trainer, edits = Trainer(PRESETS["circle"]), Edits()
    trainer.run(3)
    for size in (5, 7):
        edited(trainer, edits, batch_size=size)
    for name in ("adam", "sgd"):
        edited(trainer, edits, optimizer=name)
    assert len(edits) == 4
    trainer.run(100)
    again = Trainer.from_log(PRESETS["circle"], edits.entries())
    again.run(103)
    assert again.theta.tobytes() == trainer.theta.tobytes()


def test_an_edit_in_the_past_drops_what_lay_ahead() -> None:
    config, edits = PRESETS["circle"], Edits()
    for step, rate in ((10, 0.1), (20, 0.2), (15, 0.3)):
        edits.add(step, {"learning_rate": rate}, config, config.edited({"learning_rate": rate}))
    assert [(edit["step"], edit["change"]["learning_rate"]) for edit in edits.to_json()] == [(10, 0.1), (15, 0.3)]


@pytest.mark.parametrize(
    "log",
    [
        [5],
        [{"step": 1}],
        [{"step": -1, "change": {}}],
        [{"step": 1, "change": {"learning_rate": -1}}],
        [{"step": 1, "change": {"momentum": 0.5}}],
        [{"step": 1, "change": {}, "more": 1}],
        [{"step": 5, "change": {"learning_rate": 1}}, {"step": 4, "change": {"learning_rate": 2}}],
        [{"step": 5, "change": {"learning_rate": 1}, "before": {"optimizer": 7}}],
    ],
)
def test_a_log_that_no_run_can_have_is_refused(log: list[Any]) -> None:
    with pytest.raises(ConfigError):
        beginning(PRESETS["circle"].to_json(), log)


def test_a_patch_keeps_all_that_it_does_not_name() -> None:
    config = PRESETS["spiral"]
    found = patched(config, {"network": {"hidden": [3]}, "data": {"noise": 0.5}})
    assert found.network.hidden == (3,)
    assert found.data.noise == 0.5
    assert (found.data.name, found.optimizer, found.initializer) == ("spiral", config.optimizer, config.initializer)


@pytest.mark.parametrize("start", PRESETS)
@pytest.mark.parametrize("data", ["circle", "digits", "plane", "truth_table"])
def test_any_data_set_follows_any_preset(start: str, data: str) -> None:
    found = patched(PRESETS[start], {"data": {"name": data}})
    Trainer(found).run(2)


def test_output_and_loss_give_way_only_where_they_must() -> None:
    squared = patched(PRESETS["circle"], {"loss": "mse", "network": {"output": "sigmoid"}})
    assert patched(squared, {"data": {"name": "xor"}}).loss == "mse"
    assert patched(patched(squared, {"loss": "bce"}), {"data": {"name": "plane"}}).output_and_loss() == (
        "identity",
        "mse",
    )
    with pytest.raises(ConfigError, match="bce"):
        patched(PRESETS["circle"], {"data": {"name": "plane"}, "loss": "bce"})


def test_explicit_start_parameters_stay_while_they_fit() -> None:
    tutorial = PRESETS["tutorial"]
    assert patched(tutorial, {"data": {"name": "truth_table_column"}}).initial == tutorial.initial
    assert patched(tutorial, {"network": {"hidden": [4]}}).initial is None
    assert patched(tutorial, {"network": {"bias": True}}).initial is None
    with pytest.raises(ConfigError, match="initial"):
        patched(tutorial, {"initial": [1.0]})
    for kind in ("batch", "layer"):  # γ and β are parameters too
        normalized = patched(PRESETS["mazur"], {"network": {"normalization": [kind]}})
        assert normalized.initial is None
        begun = replace(normalized, initial=tuple(Trainer(normalized).theta.tolist()))
        other = {"batch": "layer", "layer": "batch"}[kind]
        assert patched(begun, {"network": {"normalization": other}}).initial == begun.initial
        assert patched(begun, {"network": {"normalization": None}}).initial is None


def test_activations_follow_the_number_of_layers() -> None:
    config = RunConfig.from_json({"network": {"hidden": [4, 4], "activation": ["relu", "tanh"]}})
    assert patched(config, {"network": {"hidden": [4, 4, 4]}}).network.activation == ("relu", "tanh", "tanh")
    assert patched(config, {"network": {"hidden": [4]}}).network.activation == ("relu",)
    assert patched(config, {"network": {"hidden": []}}).network.activation == ()
    patched(patched(config, {"network": {"hidden": []}}), {"network": {"hidden": [2]}})


def test_another_optimizer_brings_its_own_numbers_and_keeps_the_rate() -> None:
    found = patched(PRESETS["spiral"], {"optimizer": {"name": "momentum"}})
    expected = {"name": "momentum", "learning_rate": 0.03, "momentum": 0.9, "dampening": 0.0}
    assert found.optimizer.to_json() == expected


def test_every_live_part_is_undone_to_the_beginning() -> None:
    begun = RunConfig()
    changes = ({"l2": 0.1}, {"dropout": 0.5}, {"schedule": {"name": "cosine"}}, {"clip_norm": 1.0}, {"batch_size": 3})
    edits, present = Edits(), begun
    for step, change in enumerate(changes):
        edited = present.edited(change)
        edits.add(step, change, present, edited)
        present = edited
    found, log = beginning(present.to_json(), edits.to_json())
    assert found == begun
    assert len(log) == len(changes)


def test_chosen_features_fall_away_with_their_data_set() -> None:
    config = patched(RunConfig(), {"data": {"features": ["x1_squared", "x2_squared"], "noise": 0.2}})
    assert patched(config, {"data": {"noise": 0.3}}).data.features == ("x1_squared", "x2_squared")
    other = patched(config, {"data": {"name": "iris"}})
    assert (other.data.features, other.data.noise) == (None, 0.2)
    assert patched(config, {"data": {"name": "xor", "features": ["product"]}}).data.features == ("product",)


def test_layers_keep_their_normalization_where_others_come_and_go() -> None:
    config = patched(PRESETS["circle"], {"network": {"normalization": ["batch", None]}})
    found = [patched(config, {"network": {"hidden": hidden}}).network.normalization for hidden in ([3], [3, 3, 3], [])]
    assert found == [("batch",), ("batch", None, None), ()]
    bare = patched(config, {"network": {"hidden": []}})
    assert patched(bare, {"network": {"hidden": [3]}}).network.normalization is None


@pytest.mark.parametrize("patch", [{"data": {"name": "plane"}}, {"data": {"name": "mazur"}}, {"loss": "mse"}])
def test_smoothed_targets_give_way_to_what_has_none_unless_they_are_asked_for(patch: dict[str, Any]) -> None:
    config = patched(PRESETS["circle"], {"label_smoothing": 0.1})
    assert patched(config, patch).label_smoothing == 0
    assert patched(config, {"data": {"name": "blobs"}}).label_smoothing == 0.1
    with pytest.raises(ConfigError, match="label_smoothing needs the loss"):
        patched(config, {**patch, "label_smoothing": 0.2})
