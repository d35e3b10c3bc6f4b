"""Files on their way."""

from contextlib import ExitStack

import pytest
from backscope.server.front.bodies import Bodies
from backscope.server.wire.commands import CommandError
from backscope.server.wire.settings import Limits


def test_files_on_their_way_are_limited_in_all_by_address_and_by_session() -> None:
    bodies = Bodies(Limits(uploads=3, address_uploads=2))
    with ExitStack() as stack:
        for session, address in (("a", "x"), ("b", "x"), ("c", "y")):
            stack.enter_context(bodies.one(session, address))
            if session == "a":
                with pytest.raises(CommandError, match="on their way"), bodies.one("a", "z"):
                    pass
            if session == "b":
                with pytest.raises(CommandError, match="on their way"), bodies.one("d", "x"):
                    pass
        with pytest.raises(CommandError, match="on their way"), bodies.one("e", "z"):
            pass
    with bodies.one("a", "x"):
        pass


def test_the_place_of_a_file_that_failed_is_free_again() -> None:
    bodies = Bodies(Limits(uploads=1))
    with pytest.raises(OSError, match="lost"), bodies.one("a", "x"):
        raise OSError("lost")
    with bodies.one("a", "x"), pytest.raises(CommandError) as caught, bodies.one("b", "y"):
        pass
    assert (caught.value.code, caught.value.params["high"]) == ("uploads_busy", 1)
