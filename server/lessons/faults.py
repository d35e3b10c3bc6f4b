"""What is wrong with a lesson's file, and in which line."""

from __future__ import annotations


class LessonError(Exception):
    """A file of a lesson that cannot be used.

    Parameters
    ----------
    file : str
        Its name.
    line : int
        From 1.
    message : str
        What was expected there, and what was found.
    """

    def __init__(self, file: str, line: int, message: str) -> None:
        super().__init__(f"{file}, line {line}: {message}")
        self.file, self.line = file, line
