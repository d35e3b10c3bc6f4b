"""What is wrong with a lesson's file."""

from backscope.server.lessons.faults import LessonError


def test_a_fault_says_file_line_and_what_is_wrong_and_keeps_the_first_two_apart() -> None:
    fault = LessonError("en.md", 12, "expected a list, got a table")
    assert str(fault) == "en.md, line 12: expected a list, got a table"
    assert (fault.file, fault.line) == ("en.md", 12)
