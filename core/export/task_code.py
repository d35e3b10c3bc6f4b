"""The samples of a run as source, and how their targets are dealt out anew where it has one task after the other."""

from __future__ import annotations

from ..config.config import RunConfig
from ..config.parts import LIMITS
from ..ground.streams import STREAMS
from .arrays import literal, number
from .described import Described


def data_code(run: Described) -> str:
    """Return the training set."""
    return "\n".join([*samples_code(run, run.start), *([_dealing(run)] if run.tasks else [])])


def samples_code(run: Described, config: RunConfig) -> list[str]:
    """Return the lines that make the samples of a config of the run, before a task deals their targets out."""
    lines = [f"X = {literal(run.data_of(config).X_train)}.astype(dtype)"]
    lines += [f"{targets_name(run)} = {literal(run.targets_of(config))}.astype(dtype)"]
    return [*lines, smoothed(run, config)] if run.ever("label_smoothing") else lines


def targets_name(run: Described) -> str:
    """Return what the targets are called that do not change by themselves."""
    return "targets" if run.tasks else "Y"


def smoothed(run: Described, config: RunConfig, again: bool = False) -> str:
    """Return the lines that smooth the labels; `again`, where the unsmoothed ones are known by their name."""
    targets, classes, share = targets_name(run), max(run.data.outputs, 2), number(config.label_smoothing)
    first = f"smoothing = {share}" if again else f"labels, smoothing = {targets}, {share}"
    return f"{first}\n{targets} = ((1 - smoothing) * labels + smoothing / {classes}).astype(dtype)"


def _dealing(run: Described) -> str:
    per_task, first = run.start.data.steps_per_task, run.start.data.first_task
    assert per_task is not None
    task = f"{first} + step // steps_per_task" if first else "step // steps_per_task"
    if first + run.steps // per_task > LIMITS["task"]:
        task = f"min({task}, {LIMITS['task']})"
    return _DEALT.format(per_task=per_task, task=task, purpose=STREAMS.index("tasks"))


_DEALT = '''
steps_per_task = {per_task}


def dealt_out(step):
    """Return the targets of the task that a step belongs to: the same ones, dealt out among the samples at random."""
    task = {task}
    tasks = stream({purpose}, task) if task else stream({purpose})
    return targets[tasks.permutation(len(targets))]


Y = dealt_out(0)
'''.rstrip()
