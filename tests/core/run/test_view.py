"""What a run shows: metrics and traces against the textbook, and that looking changes nothing."""

import numpy as np
import oracle
import pytest
from backscope.core import RunConfig, Trainer

CASES = {
    "default": {},
    "regression": {"data": {"name": "plane"}, "network": {"hidden": [5]}},
    "digits": {"data": {"name": "digits"}, "network": {"hidden": [7], "activation": "sigmoid"}},
    "no bias": {"network": {"hidden": [3, 3], "activation": ["relu", "tanh"], "bias": False}},
    "truth table": {"data": {"name": "truth_table"}, "loss": "half_squared_error", "batch_size": None},
    "tanh output": {"network": {"output": "tanh"}},
}


@pytest.fixture(params=CASES)
def trainer(request):
    return Trainer(RunConfig.from_json(CASES[request.param]))


def test_metrics_are_those_of_the_textbook(trainer):
    trainer.run(40)
    data, metrics = trainer.dataset, trainer.evaluate()
    book = oracle.Textbook(trainer.network, trainer.theta, trainer.loss_name)
    for X, y, loss, accuracy in [
        (data.X_train, data.y_train, metrics.loss, metrics.accuracy),
        (data.X_test, data.y_test, metrics.test_loss, metrics.test_accuracy),
    ]:
        if not len(X):
            assert np.isnan(loss)
            assert np.isnan(accuracy)
            continue
        a = book.forward(X)[1][-1]
        assert loss == pytest.approx(oracle.LOSSES[trainer.loss_name][0](a, y), rel=1e-9)
        if data.kind == "regression":
            expected = 1 - ((a - y) ** 2).sum() / ((y - y.mean()) ** 2).sum()
        elif data.kind == "classes":
            expected = np.mean(a.argmax(axis=1) == y.argmax(axis=1))
        else:
            expected = np.mean((a > np.mean(data.target_range)) == (y > np.mean(data.target_range)))
        assert accuracy == pytest.approx(expected)


def test_metrics_follow_the_steps(config):
    trainer = Trainer(config())
    before = trainer.evaluate()
    assert trainer.evaluate() is before
    trainer.step()
    assert trainer.evaluate().loss != before.loss


def test_a_trace_is_one_sample_through_the_net(trainer):
    trainer.run(20)
    state = np.array(trainer.theta), np.array(trainer.gradient), trainer.last_step.norms()
    data, net = trainer.dataset, trainer.network
    X, y = np.concatenate([data.X_train, data.X_test]), np.concatenate([data.y_train, data.y_test])
    for row in (0, len(data.X_train) - 1, len(X) - 1):
        trace = trainer.view.trace(row)
        result = net.backpropagate(trainer.theta, X[row : row + 1], y[row : row + 1], trainer.loss_name)
        nothing = np.zeros(net.sizes[0])
        np.testing.assert_allclose(trace.A, np.concatenate([X[row], *(layer.a[0] for layer in result.layers)]))
        np.testing.assert_allclose(trace.Z, np.concatenate([nothing, *(layer.z[0] for layer in result.layers)]))
        np.testing.assert_allclose(trace.D, np.concatenate([nothing, *(layer.delta[0] for layer in result.layers)]))
        assert trace.loss == pytest.approx(result.loss)
        assert trace.A.dtype == np.float64
    for before, after in zip(state, (trainer.theta, trainer.gradient, trainer.last_step.norms()), strict=True):
        np.testing.assert_array_equal(before, after)
    with pytest.raises(ValueError, match="row must lie in"):
        trainer.view.trace(len(X))
    with pytest.raises(ValueError, match="row must lie in"):
        trainer.view.trace(-1)


def test_the_full_gradient_and_the_confusion_are_those_of_the_whole_set():
    trainer = Trainer(RunConfig.from_json(CASES["digits"]))
    trainer.run(30)
    data, net = trainer.dataset, trainer.network
    expected = net.backpropagate(trainer.theta, data.X_train, data.y_train, trainer.loss_name).gradient
    np.testing.assert_allclose(trainer.view.full_gradient(), expected, rtol=1e-9, atol=1e-14)
    for test, X, y in ((False, data.X_train, data.y_train), (True, data.X_test, data.y_test)):
        table, said = np.zeros((10, 10), int), net.predict(trainer.theta, X).argmax(axis=1)
        np.add.at(table, (y.argmax(axis=1), said), 1)
        np.testing.assert_array_equal(trainer.view.confusion(test), table)


def test_penalties_and_clipping_are_told_where_there_are_any():
    trainer = Trainer(RunConfig.from_json({"l1": 0.1, "l2": 0.2, "clip_norm": 1e-3}))
    trainer.run(3)
    w = np.concatenate([layer.W.ravel() for layer in trainer.network.unpack(np.array(trainer.theta))])
    assert trainer.view.penalty == pytest.approx(0.1 * np.abs(w).sum() + 0.1 * (w @ w))
    assert (trainer.view.clipping.steps, trainer.view.clipping.clipped) == (3, 3)
    assert Trainer(RunConfig()).view.clipping is None
