"""How a session carries out commands: at once or when the run stands, and each with one answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from ...core.ground.errors import ConfigError
from ..run.moment import Moment
from ..wire.commands import Command, CommandError
from ..wire.messages import Reply, ToFront
from ..wire.protocol import accept, refuse
from .commands import OPERATIONS

if TYPE_CHECKING:
    from .session import Session


class Dispatch:
    """Carries out the commands of one session.

    Parameters
    ----------
    session : Session
    emit : callable
        Takes what is for the front.

    Attributes
    ----------
    waiting : list of (client, Command)
        What is to be done once the run is where it is bound for, in this order.
    """

    def __init__(self, session: Session, emit: Callable[[ToFront], None]) -> None:
        self._session, self._emit = session, emit
        self.waiting: list[tuple[int, Command]] = []

    @property
    def bound_to_play(self) -> bool:
        """Whether a command waits that will have the run play."""
        return any(command.op == "play" for _, command in self.waiting)

    def carry_out(self, client: int, command: Command) -> None:
        """Do what a command asks for, and answer it; whatever is wrong with it changes nothing."""
        session, operation = self._session, OPERATIONS[command.op]
        config = session.run.trainer.config
        try:
            if operation.needs_network and config.on_landscape:
                words = f"{command.op} needs a network: {config.data.name} is a function of two parameters"
                raise CommandError("no_network", words, {"name": command.op, "value": config.data.name})
            before = Moment.of(session.run, session.screen.sample) if operation.undoable else None
            fields = operation.action(session, client, command)
        except CommandError as error:
            self.refuse(client, command, error)
        except ConfigError as error:
            self.refuse(client, command, CommandError.of(error))
        except Exception:
            self.refuse(client, command, CommandError("internal", f"{command.op} failed inside the server"))
            raise
        else:
            if before is not None:
                session.history.note(command, before, session.run, session.clock())
            if not operation.read_only:
                session.telling.note()
            if fields is not None:
                self.accept(client, command, fields, change=not operation.read_only)

    def resume(self) -> None:
        """If the run is where it was bound for, do what waited for it."""
        while self.waiting and self._session.run.target is None:
            self.carry_out(*self.waiting.pop(0))

    def supersede(self) -> None:
        """Answer the commands that wait for a step which the run is no longer bound for."""
        waiting, self.waiting = self.waiting, []
        for client, command in waiting:
            message = f"{command.op} was left behind by a later command"
            self.refuse(client, command, CommandError("superseded", message))

    def accept(self, client: int, command: Command, fields: Mapping[str, Any], *, change: bool = False) -> None:
        """Answer that a command is done, and with what result."""
        step, seq = self._session.run.trainer.step_count, self._session.screen.seq
        words = accept(command.number, step, seq=seq, **fields)
        self._emit(Reply(self._session.name, client, command.number, words, change=change))

    def refuse(self, client: int, command: Command, error: CommandError) -> None:
        """Answer why a command is not done."""
        words = refuse(command.number, error.code, str(error), error.params)
        self._emit(Reply(self._session.name, client, command.number, words))
