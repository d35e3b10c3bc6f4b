"""Write the reference of all public names into a folder: ``python docs/api build/api``; needs the extra ``docs``.

What it says are the docstrings, and each name is public that the `__all__` of its package names.
"""

from __future__ import annotations

import argparse
from importlib import import_module
from pathlib import Path

import pdoc
import pdoc.render

PACKAGES = ("backscope.core", "backscope.core.export", "backscope.server")


def build(folder: Path) -> None:
    """Write the pages into `folder`, beginning with ``index.html``."""
    for package in map(import_module, PACKAGES):
        # What a package loads when it is first asked for is no member of it until then.
        vars(package).update({name: getattr(package, name) for name in package.__all__})
    pdoc.render.configure(
        docformat="numpy", show_source=False, template_directory=Path(__file__).parent, footer_text="Backscope"
    )
    pdoc.pdoc(*PACKAGES, output_directory=folder)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Write the reference of all public names.")
    parser.add_argument("folder", type=Path, help="where the pages go; made if it is not there")
    build(parser.parse_args().folder)
