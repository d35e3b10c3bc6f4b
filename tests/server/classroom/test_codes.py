"""Codes: no look-alikes, and what somebody types is read as it was meant."""

from backscope.server.classroom.codes import ALPHABET, LENGTH, as_code, make_code

LOOK_ALIKE = ("0OQD", "1IL", "2Z", "5S", "6G", "8B", "UV")


def test_no_code_holds_two_letters_that_look_alike() -> None:
    for family in LOOK_ALIKE:
        assert len(set(family) & set(ALPHABET)) <= 1, family
    assert not set("01OIL5S2Z8B") & set(ALPHABET)
    codes = {make_code() for _ in range(500)}
    assert len(codes) > 495  # once in 500 runs two of them are alike, as chance has it
    assert all(len(code) == LENGTH and set(code) <= set(ALPHABET) for code in codes)


def test_a_code_is_read_however_it_was_typed() -> None:
    code = make_code()
    for typed in (code, code.lower(), f" {code[:3]}-{code[3:]} ", " ".join(code)):
        assert as_code(typed) == code
