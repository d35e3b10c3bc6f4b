"""A run as a NumPy script: data, initial weights, batches and every live edit at its step, in code that reads well.

The script needs Python and NumPy alone. It does what the run did, in the same order, but with operations grouped as a
reader would write them; so numbers agree to the last places at first, and as far as a run goes on that starts one unit
in the last place away, they may part from there.
"""

from __future__ import annotations

from dataclasses import dataclass

from ..ground.errors import ConfigError
from ..run.trainer import Trainer
from .arrays import UNPACKED
from .described import Described
from .network_code import function_code, network_code, pass_code
from .task_code import data_code
from .training_code import course_code, training_code


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a script: what it is about, in Markdown, and its code."""

    words: str
    code: str


def numpy_script(trainer: Trainer) -> str:
    """Return a Python script that does again what a run did up to where it stands.

    Parameters
    ----------
    trainer : Trainer
        The run. Its present branch counts, from the start to its present step.

    Returns
    -------
    str
        Source for Python 3.9+ and NumPy 1.24+. Run, it prints the batch loss of ten steps, beside what they were in
        Backscope, and the loss over the training set; ``losses`` holds the batch loss of every step.

    Raises
    ------
    ConfigError
        For a run on a landscape, which is a function and no network.
    """
    return script_of(sections(trainer))


def script_of(parts: list[Section]) -> str:
    """Return the sections of a script as one text; the first has its title."""
    title, *parts = parts
    head = f'"""{title.words}\n"""\n\n{title.code}'
    return "\n\n\n".join([head, *(f"# {part.words}\n\n{part.code}" for part in parts)]) + "\n"


def sections(trainer: Trainer) -> list[Section]:
    """Return the parts of the script, in their order; the first has its title and imports. See `numpy_script`."""
    refuse(trainer)
    run = Described(trainer)
    parts = [
        Section(data_words(run), data_code(run)),
        Section("The network: its parameters lie in one vector theta; W and b are parts of it", network_code(run)),
        Section("Activations, their derivatives, and the loss", function_code(run)),
        Section("Forward and backward: the chain rule, from the last layer to the first", pass_code(run)),
        Section("The update rule", "\n\n\n".join([*run.rule_functions, *run.rules.values()])),
        Section("Training, step by step", training_code(run)),
        Section("The run", course_code(run)),
    ]
    packed = any("unpacked(" in part.code for part in parts)
    return [Section(_title(run), imports(run, packed)), *parts]


def data_words(run: Described) -> str:
    """Return what the section of the training set is about."""
    words = f"The training set: {len(run.data.X_train)} samples of {run.data.name}, a row each"
    return f"{words}; each task deals their targets out anew" if run.tasks else words


def refuse(trainer: Trainer) -> None:
    """Raise ConfigError for a run that no script does again: one on a landscape."""
    if trainer.config.on_landscape:
        name = trainer.config.data.name
        raise ConfigError(f"{name} is a function without a network: there is no training to write down", "data", name)


def _title(run: Described) -> str:
    return _TITLE.format(sizes="-".join(map(str, run.net.sizes)), data=run.data.name, steps=run.steps)


_TITLE = """
A run of Backscope: a {sizes} network learns {data} in {steps} steps, in NumPy alone.

Data, initial parameters, the order of the batches and every change that was made while it trained are those of the run.
Losses agree to ten digits over the first hundred steps. Products are grouped otherwise here than in Backscope, so the
last digit of a number can differ; a run that is sensitive to its start parts from then on as much as it would from a
start that differs by one unit in the last place.
""".strip()


def imports(run: Described, packed: bool) -> str:
    """Return what a script imports, its numbers of one kind, and its random streams."""
    modules = ["base64", "math", "zlib"] if packed else ["math"]
    head = [f"import {module}" for module in modules]
    head += ["", "import numpy as np", ""]
    head += ['np.seterr(over="ignore")  # an exponential may overflow where a fraction then is 0', ""]
    head += [f"dtype = np.{run.start.precision}", f"seed = {run.start.seed}"]
    return "\n\n\n".join(["\n".join(head), _STREAM, *([UNPACKED] if packed else [])])


_STREAM = '''
def stream(*purpose):
    """Return the random stream that the run has for a purpose."""
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence(seed, spawn_key=purpose)))
'''.strip()
