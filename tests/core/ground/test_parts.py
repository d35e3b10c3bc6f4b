"""A table of parts: own ones stand last, replace their like, and leave; those that were there stay."""

import pytest
from backscope.core.ground.errors import ConfigError
from backscope.core.ground.parts import Parts


def table():
    return Parts("activation", {"tanh": 1, "relu": 2})


def test_own_parts_stand_last_replace_their_like_and_leave():
    parts = table()
    parts.add("bent", 3, {"en": "Bent"})
    parts.add("wide", 4, {})
    parts.add("bent", 5, {"en": "Bent again"})
    assert list(parts.items()) == [("tanh", 1), ("relu", 2), ("bent", 5), ("wide", 4)]
    assert dict(parts.words["bent"]) == {"en": "Bent again"}
    assert parts.changes == 3
    parts.drop("bent")
    assert list(parts) == ["tanh", "relu", "wide"]
    assert "bent" not in parts.words
    assert parts.changes == 4


def test_what_was_there_from_the_beginning_can_be_neither_replaced_nor_dropped():
    parts = table()
    parts.drop("tanh")
    parts.drop("nothing")
    assert (list(parts), parts.changes) == (["tanh", "relu"], 0)
    with pytest.raises(ConfigError, match="there is an activation tanh already: choose a name other than relu, tanh"):
        parts.add("tanh", 9, {})
    assert parts["tanh"] == 1


@pytest.mark.parametrize("name", ["", "Tanh", "1st", "a b", "x" * 33, "ä", "a\n", None])
def test_a_name_that_cannot_be_is_refused(name):
    with pytest.raises(ConfigError, match="the name of a part must be a small letter"):
        table().check_name(name)
    assert table().check_name("x" * 32) == "x" * 32
