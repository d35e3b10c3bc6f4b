"""Whether a command made up by `tests/test_recipes.py` is found in everything that knows of commands.

Run where the recipe has been followed: in a copy of the project.
"""

import json
from pathlib import Path

from backscope import core
from backscope.server.front.commands import COMMANDS
from backscope.server.session.commands import OPERATIONS
from backscope.server.wire.commands import CommandError, parse
from backscope.server.wire.presets import PRESETS
from stage import Stage

assert Path(core.__file__).parents[1] == Path(__file__).parents[2], "these are not the copy's modules"

# Clients may give it; its form is checked by the table before any session hears of it.
assert COMMANDS["whisper"].read_only
assert OPERATIONS["whisper"].action.__doc__
for message in ({}, {"row": -1}, {"row": "x"}, {"row": 1, "more": 2}):
    try:
        parse(json.dumps({"id": 1, "op": "whisper", **message}), COMMANDS)
    except CommandError:
        continue
    raise AssertionError(message)

# A session carries it out, says nothing anew of itself, and refuses it where there is no network.
stage = Stage()
stage.see()
stage.state()
assert stage.do("whisper", row=3)["before"] == 3
assert stage.frame() is None
assert Stage(PRESETS["himmelblau"]).ask("whisper", row=3)["code"] == "no_network"
print("found everywhere")
