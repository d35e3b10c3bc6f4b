"""What a script has to know of a run: the configs that it had, one after the other, and which parts they need."""

from __future__ import annotations

import numpy as np

from ..config.config import RunConfig
from ..config.parts import OptimizerConfig
from ..data.dataset import Dataset
from ..data.datasets import dealt_order, make_dataset
from ..nets.activations import Array
from ..optimizers.table import OPTIMIZERS
from ..run.trainer import Trainer
from .rules import form_of, functions_of, rule_source


class Described:
    """A run up to where it stands, on its present branch."""

    def __init__(self, trainer: Trainer) -> None:
        self.trainer, self.start = trainer, trainer.edits.start
        self.steps = trainer.step_count
        self.entries = [entry for entry in trainer.edits.entries if entry.step < self.steps]
        configs = [self.start]
        for entry in self.entries:
            configs.append(configs[-1].edited(entry.change))
        self.configs = configs
        self.output, self.loss = self.start.output_and_loss()
        self.data = self.data_of(self.start)
        self.net = self.start.make_network()
        used = (name for config in configs for name in config.make_network().activations)
        self.activations = list(dict.fromkeys(name for name in used if name != "softmax"))
        self.forms: dict[str, list[str]] = {}
        for config in configs:
            known = self.forms.setdefault(config.optimizer.name, [])
            if (form := form_of(config.optimizer)) not in known:
                known.append(form)
        self.rules = {
            name: rule_source(class_name(name), forms, self.first(name), self.replacing)
            for name, forms in self.forms.items()
        }

    @property
    def rule_functions(self) -> list[str]:
        """What its rules call besides arithmetic: see `functions_of`."""
        return functions_of((config.optimizer for config in self.configs), self.net.matrices)

    def first(self, rule: str) -> OptimizerConfig:
        """Return what a rule of the run began with."""
        return next(config.optimizer for config in self.configs if config.optimizer.name == rule)

    def data_of(self, config: RunConfig) -> Dataset:
        """Return the samples that a config of the run has."""
        return make_dataset(config.data, config.seed, self.output, self.loss)

    def targets_of(self, config: RunConfig) -> Array:
        """Return the training targets (n, n_out) that a config of the run has, before a task deals them out."""
        targets = self.data_of(config).y_train
        if not self.tasks:
            return targets
        given = np.empty_like(targets)
        given[dealt_order(len(targets), config.data.first_task, config.seed)] = targets
        return given

    def ever(self, name: str) -> bool:
        """Whether a number of the config is anything but its default, 0 or nothing, at any time of the run."""
        usual = getattr(RunConfig(), name)
        return any(getattr(config, name) != usual for config in self.configs)

    def any_rule(self, name: str) -> bool:
        """Whether any rule of the run declares something: that it `asks`, or a `point`."""
        return any(getattr(OPTIMIZERS[config.optimizer.name], name) for config in self.configs)

    @property
    def tasks(self) -> bool:
        """Whether it has one task after the other."""
        return self.start.data.steps_per_task is not None

    @property
    def replacing(self) -> bool:
        """Whether units are replaced at any time: continual backpropagation."""
        return self.ever("replacement_rate")

    @property
    def dropout(self) -> bool:
        """Whether neurons drop out at any time."""
        return any(config.network.dropout > 0 for config in self.configs) and len(self.net.sizes) > 2

    @property
    def normalized(self) -> bool:
        """Whether any layer is normalized."""
        return any(self.net.normalization)

    @property
    def plateau(self) -> bool:
        """Whether a schedule looks at the loss at any time."""
        return any(config.schedule.name == "plateau" for config in self.configs)


def class_name(rule: str) -> str:
    """Return what the class of a rule is called in the script."""
    return OPTIMIZERS[rule].__name__
