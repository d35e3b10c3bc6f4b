"""Who may have a session: on this machine everybody; elsewhere who has the token of the printed link, or a pass for it.

A pass is what a browser keeps instead of the token: it follows from the token and the browser's own secret, so nobody
else can use it, the server keeps nothing of it, and another token ends them all.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from ..wire.commands import CommandError


class Admission:
    """Asks for the host token, if there is one.

    Parameters
    ----------
    token : str, optional
        None where nothing is asked.
    """

    def __init__(self, token: str | None) -> None:
        self._token = None if token is None else token.encode()

    def admit(self, fields: Mapping[str, Any]) -> dict[str, str]:
        """Let the sender of a hello in, and return what the reply brings: the `pass` for a browser with the token.

        Raises
        ------
        CommandError
            If it has neither the token nor a pass.
        """
        if self._token is None:
            return {}
        owner = fields.get("owner")
        if "token" in fields:
            if not self.knows(fields["token"]):
                raise CommandError("token_wrong", "the token of this link is not, or no longer, that of this server")
            return {} if owner is None else {"pass": self._pass_of(owner)}
        if owner is None or not _same(fields.get("pass", ""), self._pass_of(owner).encode()):
            raise CommandError("token_required", "this server asks for the token that stands in its link")
        return {}

    async def let_in(self, fields: Mapping[str, Any], known: Callable[[], Awaitable[bool]]) -> dict[str, str]:
        """Let the sender of a hello in as `admit` does, or by the secret of a session that is there.

        Who took a copy from a room has the room's code alone, and the copy is theirs.

        Parameters
        ----------
        fields : mapping
            Of the hello.
        known : callable
            Returns whether it has the secret of the session that it asks for.

        Raises
        ------
        CommandError
            If it has neither the token, nor a pass, nor that secret.
        """
        try:
            return self.admit(fields)
        except CommandError as error:
            if error.code != "token_required" or not await known():
                raise
            return {}

    def knows(self, token: str) -> bool:
        """Whether a token is the right one; anything is where none is asked."""
        return self._token is None or _same(token, self._token)

    def _pass_of(self, owner: str) -> str:
        assert self._token is not None
        return hmac.new(self._token, b"pass " + owner.encode(), hashlib.sha256).hexdigest()


def _same(given: str, known: bytes) -> bool:
    """Whether a text is the known one, in a time that does not tell how much of it is right."""
    return hmac.compare_digest(given.encode("utf-8", "surrogatepass"), known)
