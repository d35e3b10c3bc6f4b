"""A run taken away: as code that NumPy alone does again, as a notebook, and as the numbers that it left."""

from .formats import FORMS, Form, file_name
from .notebook import notebook
from .numbers import losses_csv, parameters_json, parameters_npz, parameters_safetensors
from .numpy_script import numpy_script
from .onnx_model import MissingExtraError, onnx_model
from .torch_script import torch_script

__all__ = [
    "FORMS",
    "Form",
    "MissingExtraError",
    "file_name",
    "losses_csv",
    "notebook",
    "numpy_script",
    "onnx_model",
    "parameters_json",
    "parameters_npz",
    "parameters_safetensors",
    "torch_script",
]
