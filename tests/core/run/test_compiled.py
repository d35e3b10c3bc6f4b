"""The compiled engine, here in plain Python where there is no numba: NumPy's run as far as a twin, and its own bits."""

from dataclasses import replace

import numpy as np
import pytest
from backscope.core import RunConfig, Trainer
from backscope.core.run import compiled
from twin import agreed_steps

RUNS = {
    "default": {},
    "batch of one, deep": {"batch_size": 1, "network": {"hidden": [8] * 6}},
    "full batch": {"batch_size": None, "data": {"name": "xor", "samples": 40}},
    "adam, falling": {"optimizer": {"name": "adam"}, "schedule": "cosine"},
    "on a plateau": {"schedule": "plateau", "batch_size": 13},
    "classes": {"data": {"name": "blobs"}, "network": {"hidden": [5], "activation": "relu", "bias": False}},
    "task after task": {"data": {"name": "circle", "samples": 60, "steps_per_task": 13}},
    "two kinds": {"network": {"hidden": [5, 3], "activation": ["mish", "sigmoid"]}, "optimizer": {"name": "nadam"}},
}
UNKNOWN = {
    "landscape": {"data": {"name": "bowl"}},
    "precision": {"precision": "float32"},
    "normalization": {"network": {"hidden": [4], "normalization": "layer"}},
    "dropout": {"network": {"hidden": [4], "dropout": 0.2}},
    "residual": {"network": {"hidden": [4, 4], "residual": True}},
    "penalty": {"l2": 0.1},
    "gradient_noise": {"gradient_noise": 0.1},
    "clipping": {"clip_norm": 1.0},
    "replacement": {"replacement_rate": 0.01},
    "optimizer": {"optimizer": {"name": "muon"}},
    "size": {"network": {"hidden": [64, 64]}, "batch_size": 50},
}


@pytest.fixture(autouse=True)
def _plain(monkeypatch):
    monkeypatch.setattr(compiled, "installed", lambda: True)


def config_of(name, **more):
    return RunConfig.from_json({"data": {"samples": 60}, **RUNS[name], **more})


@pytest.mark.parametrize("name", RUNS)
def test_it_takes_the_steps_of_numpy_as_far_as_a_twin(name):
    config = config_of(name)
    most = agreed_steps(config, 40)
    assert most > 5
    one, other = Trainer(config), Trainer(replace(config, engine="compiled"))
    for run in (one, other):
        run.run(most)
        run.losses.move(most)
    assert (one._at.engine.made_by, other._at.engine.made_by) == ("numpy", "compiled")
    np.testing.assert_allclose(other.theta, one.theta, rtol=1e-7, atol=1e-9)
    np.testing.assert_allclose(other.losses.tail(0).losses, one.losses.tail(0).losses, rtol=1e-5)
    np.testing.assert_array_equal(other.losses.tail(0).rates, one.losses.tail(0).rates)
    for what in ("gradient", "update"):
        np.testing.assert_allclose(getattr(other, what), getattr(one, what), rtol=1e-6, atol=1e-9)
    here, there = other._at.engine.last_pass, one._at.engine.last_pass
    np.testing.assert_allclose(here.activations(), there.activations(), rtol=1e-6, atol=1e-9)
    neurons = [row for part in here.arena.rows for row in range(part.start, part.stop)]  # between them lies padding
    for buffer in "ZFD":
        found, wanted = (getattr(run.arena, buffer)[neurons] for run in (here, there))
        np.testing.assert_allclose(found, wanted, rtol=1e-5, atol=1e-8)
    np.testing.assert_array_equal(other.last_step.rows(), one.last_step.rows())
    np.testing.assert_allclose(other.last_step.before, other.theta - other.update, rtol=1e-15)


@pytest.mark.parametrize("name", RUNS)
def test_it_repeats_its_bits_however_steps_are_split_and_from_every_keyframe(name):
    config = config_of(name, engine="compiled")
    one, other = Trainer(config), Trainer(config)
    one.run(70)
    for count in (1, 2, 30, 1, 36):
        other.run(count, deadline=0.0 if count == 1 else None)
    np.testing.assert_array_equal(other.theta, one.theta)
    places = [run._at.engine.batches.place() for run in (one, other)]
    assert places[0] == places[1]
    np.testing.assert_array_equal(other._past.path.kept(70)[0], np.arange(71))
    np.testing.assert_array_equal(other._past.path.kept(70)[1], one._past.path.kept(70)[1])
    end, curve = one.theta.copy(), one.losses.tail(0).losses.copy()
    one.rewind(10)
    one.run(70 - one.step_count)
    np.testing.assert_array_equal(one.theta, end)
    fresh = Trainer(config)
    other.note()
    fresh.resume(other.kept())
    fresh.run(70 - fresh.step_count)
    np.testing.assert_array_equal(fresh.theta, end)
    np.testing.assert_array_equal(other.losses.tail(0).losses, curve)


def test_where_numpy_shuffles_otherwise_it_deals_epochs(monkeypatch):
    config = config_of("default", engine="compiled", batch_size=25)
    one = Trainer(config)
    monkeypatch.setattr("backscope.core.run.compiled_deal.as_numpy", lambda: False)
    other = Trainer(config)
    monkeypatch.undo()
    begun = []
    for run in (one, other):
        batches, count = run._at.engine.batches, []
        begin = batches.begin_epoch
        monkeypatch.setattr(batches, "begin_epoch", lambda begin=begin, count=count: count.append(begin()))
        run.run(30)
        begun.append(len(count))
    assert begun[0] <= 1
    assert begun[1] == one._at.engine.batches.epoch == 15
    np.testing.assert_array_equal(other.theta, one.theta)
    assert other._at.engine.batches.place() == one._at.engine.batches.place()


def test_batches_go_on_where_the_other_engine_left_them():
    config = config_of("default", batch_size=7, data={"name": "circle", "samples": 30})
    one, other = Trainer(config), Trainer(config)
    for run, engines in ((one, "nnnnnn"), (other, "cncccn")):
        for steps, batch, engine in zip((3, 6, 2, 9, 4, 8), (7, 7, 4, 30, 30, 5), engines, strict=True):
            run.edit(batch_size=batch, engine="numpy" if engine == "n" else "compiled")
            run.run(steps)
    for part in ("epoch", "position", "drawn_from", "stream"):
        found, wanted = (getattr(run._at.engine.batches.place(), part) for run in (other, one))
        assert found == wanted
    np.testing.assert_array_equal(other.last_step.rows(), one.last_step.rows())
    np.testing.assert_allclose(other.theta, one.theta, rtol=1e-7, atol=1e-9)


@pytest.mark.parametrize("stood", [0, 3])
def test_parameters_that_grow_too_long_end_a_burst_at_the_step_of_numpy(stood):
    """From where the path stands, and where it has stopped behind: then nothing is written to it."""
    parts = {"loss": "mae", "network": {"hidden": [2], "activation": "identity"}, "data": {"samples": 20}}
    config = RunConfig.from_json({**parts, "optimizer": {"name": "sgd", "learning_rate": 10.0}})
    run, plain = Trainer(replace(config, engine="compiled")), Trainer(config)
    counts = []
    for trainer in (run, plain):
        trainer._at.engine.theta *= 1e8
        engine, rates = trainer._at.engine, np.empty(90, np.float32)
        with np.errstate(all="ignore"):
            counts.append(engine.burst(stood, rates.copy(), rates, None, trainer._marks))
        assert len(trainer._past.path.kept(90)[0]) == (1 if stood else 33)
    assert counts[0] == counts[1] == 32 - stood


def test_who_takes_over_when_stands_in_the_log_and_is_done_again():
    run = Trainer(config_of("default"))
    run.run(33)
    run.edit(engine="compiled")
    run.run(20)
    run.edit(learning_rate=0.1, optimizer="momentum")
    run.run(20)
    run.edit(dropout=0.3)
    assert run._at.engine.lacks == compiled.Lack("dropout")
    run.run(10)
    again = Trainer.from_log(run.edits.start, [entry.to_json() for entry in run.edits.log])
    again.run(83)
    np.testing.assert_array_equal(again.theta, run.theta)
    middle = again.theta.copy()
    again.seek(20)
    assert again._at.engine.made_by == "numpy"
    again.seek(83)
    np.testing.assert_array_equal(again.theta, middle)
    twin = run.twin()
    run.run(5)
    twin.run(5)
    np.testing.assert_array_equal(twin.theta, run.theta)


@pytest.mark.parametrize("kind", UNKNOWN)
def test_what_it_does_not_know_numpy_trains_and_it_says_so(kind):
    config = RunConfig.from_json({**UNKNOWN[kind], "engine": "compiled"})
    run, plain = Trainer(config), Trainer(replace(config, engine="numpy"))
    lack = run._at.engine.lacks
    assert lack is not None
    assert lack.kind == kind
    assert kind == "size" or f"does not know {kind}" in str(lack)
    for trainer in (run, plain):
        trainer.run(5)
    np.testing.assert_array_equal(run.theta, plain.theta)


def test_without_numba_a_run_that_asks_for_it_is_trained_by_numpy(monkeypatch):
    monkeypatch.setattr(compiled, "installed", lambda: False)
    run, plain = Trainer(config_of("default", engine="compiled")), Trainer(config_of("default"))
    assert str(run._at.engine.lacks).startswith("needs numba")
    for trainer in (run, plain):
        trainer.run(20)
    np.testing.assert_array_equal(run.theta, plain.theta)


def test_a_run_that_diverges_ends_with_the_loss_that_ended_it():
    config = config_of("default", engine="compiled", optimizer={"name": "sgd", "learning_rate": 90.0})
    config = replace(config, network=replace(config.network, activation="identity", hidden=(4, 4)))
    run, plain = Trainer(config), Trainer(replace(config, engine="numpy"))
    assert run.run(500) == plain.run(500) < 500
    assert run.diverged is not None
    assert (run.diverged.step, run.diverged.taken) == (plain.diverged.step, plain.diverged.taken)
    assert not abs(run._at.engine.last_loss) <= 1e12
    np.testing.assert_array_equal(run.last_step.rows(), plain.last_step.rows())
