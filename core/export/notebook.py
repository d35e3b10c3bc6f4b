"""A run as a Jupyter notebook: the parts of its script as cells, with what each is about above it."""

from __future__ import annotations

import json
from typing import Any

from ..run.trainer import Trainer
from .numpy_script import sections


def notebook(trainer: Trainer) -> str:
    """Return a notebook (nbformat 4.5, as JSON) whose cells are the `numpy_script` of `trainer`, not yet executed.

    Raises
    ------
    ConfigError
        For a run on a landscape.
    """
    cells: list[dict[str, Any]] = []
    for index, section in enumerate(sections(trainer)):
        words = section.words if index == 0 else f"## {section.words}"
        cells.append(_cell(f"words-{index}", "markdown", words))
        cells.append(_cell(f"code-{index}", "code", section.code) | {"execution_count": None, "outputs": []})
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    metadata = {"kernelspec": kernel, "language_info": {"name": "python"}}
    return json.dumps({"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}, indent=1) + "\n"


def _cell(name: str, kind: str, text: str) -> dict[str, Any]:
    return {"cell_type": kind, "id": name, "metadata": {}, "source": text.splitlines(keepends=True)}
