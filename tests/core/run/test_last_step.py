"""The last step of a run: batch, pass and update belong together, and to no other step."""

import numpy as np
import pytest
from backscope.core import Trainer


def test_before_the_first_step_there_is_none(config):
    last = Trainer(config()).last_step
    assert len(last.rows()) == 0
    assert last.tape() is None
    assert last.anatomy() is None
    assert last.statistics == ()


def test_its_batch_at_its_parameters_gives_its_gradient(config):
    trainer = Trainer(config(batch_size=7))
    trainer.run(5)
    data, last = trainer.dataset, trainer.last_step
    rows = last.rows()
    assert len(rows) == 7
    again = trainer.network.backpropagate(last.before, data.X_train[rows], data.y_train[rows], trainer.loss_name)
    np.testing.assert_allclose(trainer.gradient, again.gradient, rtol=1e-9, atol=1e-15)
    np.testing.assert_array_equal(last.before + trainer.update, trainer.theta)


def test_norms_are_those_of_its_weights_without_biases(config):
    trainer = Trainer(config())
    trainer.run(3)
    _, gradient, weights, update = trainer.last_step.norms()
    for layer, block in enumerate(trainer.network.blocks):
        vectors = (trainer.gradient, trainer.theta, trainer.update)
        expected = [np.linalg.norm(block.view(np.array(vector))[:-1]) for vector in vectors]
        assert [gradient[layer], weights[layer], update[layer]] == pytest.approx(expected)


def test_an_edit_since_then_does_not_touch_it(config):
    trainer = Trainer(config(batch_size=7))
    trainer.run(2)
    trainer.edit(batch_size=3, optimizer="adam")
    assert trainer.last_step.config.batch_size == 7
    assert len(trainer.last_step.rows()) == 7
    trainer.run(1)
    assert len(trainer.last_step.rows()) == 3


def test_the_terms_of_a_parameter_give_its_update(config):
    trainer = Trainer(config(optimizer={"name": "adam", "learning_rate": 0.01}))
    trainer.run(4)
    names = {line["name"] for line in trainer.last_step.formula()["lines"]}
    for index in (0, 5):
        terms = trainer.last_step.terms(index)
        assert names <= {*terms, "step"} | names & {"m_before", "v_before"}
        assert terms["step"] == pytest.approx(trainer.update[index])


def test_penalties_are_told_apart_from_the_loss(config):
    trainer, plain = Trainer(config(l2=0.01)), Trainer(config())
    assert trainer.last_step.gradient_parts() is None
    trainer.run(1)
    plain.run(1)
    parts = trainer.last_step.gradient_parts()
    np.testing.assert_allclose(parts.slope, plain.gradient, rtol=1e-9, atol=1e-15)
    np.testing.assert_allclose(trainer.gradient, parts.slope + parts.penalty, rtol=1e-9, atol=1e-15)
    assert trainer.last_step.gradient_parts(4).penalty == parts.penalty[4]
    assert np.abs(parts.penalty).max() > 0
