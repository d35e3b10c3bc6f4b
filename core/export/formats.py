"""What a run can be taken away as: each form one record, with what makes it and what its file is called."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from ..run.trainer import Trainer
from .notebook import notebook
from .numbers import losses_csv, parameters_json, parameters_npz, parameters_safetensors
from .numpy_script import numpy_script
from .onnx_model import onnx_model
from .torch_script import torch_script


@dataclass(frozen=True, slots=True)
class Form:
    """A form that a run is taken away in.

    Attributes
    ----------
    name : str
        Its key in `FORMS`.
    make : callable (trainer) -> str or bytes
        Returns the file's content, of the run up to where it stands. Raises ConfigError for a run that it cannot say,
        and MissingExtraError where a package is wanting.
    suffix : str
        What the file's name ends in.
    media_type : str
        Of the content.
    needs_network : bool
        Whether a run on a landscape has none.
    """

    name: str
    make: Callable[[Trainer], str | bytes]
    suffix: str
    media_type: str
    needs_network: bool = False


def file_name(trainer: Trainer, form: Form) -> str:
    """Return what a file is called: what the run of `trainer` learns from, its step, and what the `form` asks for."""
    data = "".join(letter if letter.isascii() and letter.isalnum() else "-" for letter in trainer.config.data.name)
    return f"backscope-{data}-step-{trainer.step_count}{form.suffix}"


#: name -> record; order is the order in which they are offered.
FORMS: Mapping[str, Form] = MappingProxyType(
    {
        form.name: form
        for form in [
            Form("numpy", numpy_script, ".py", "text/x-python", needs_network=True),
            Form("pytorch", torch_script, "-pytorch.py", "text/x-python", needs_network=True),
            Form("notebook", notebook, ".ipynb", "application/x-ipynb+json", needs_network=True),
            Form("losses_csv", losses_csv, "-losses.csv", "text/csv"),
            Form("parameters_json", parameters_json, "-parameters.json", "application/json"),
            Form("parameters_npz", parameters_npz, "-parameters.npz", "application/octet-stream"),
            Form("parameters_safetensors", parameters_safetensors, ".safetensors", "application/octet-stream"),
            Form("onnx", onnx_model, ".onnx", "application/octet-stream", needs_network=True),
        ]
    }
)
