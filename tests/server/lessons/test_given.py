"""Lessons given by a page: the same rules as for a folder, bounded, and the same name for the same content."""

import io
import json
import zipfile

import pytest
from backscope.server.lessons.faults import LessonError
from backscope.server.lessons.given import Given, lesson_name, read_files, unpacked, zipped
from backscope.server.lessons.shelf import LANGUAGES
from test_shelf import BROKEN, GOOD_STEPS, GOOD_WORDS
from walking import LESSONS, NAMES, SHELF

GOOD = {"lesson.json": GOOD_STEPS, "en.md": GOOD_WORDS}


def sent(files: dict[str, str]) -> bytes:
    return json.dumps(files).encode()


def zip_of(files: dict[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return made.getvalue()


@pytest.mark.parametrize("name", NAMES)
def test_every_lesson_goes_through_a_zip_unchanged_and_means_the_same(name: str) -> None:
    files = {path.name: path.read_text("utf-8") for path in sorted((LESSONS / name).iterdir())}
    again = unpacked(zipped(files, name))
    assert again == files == unpacked(sent(files))
    assert zipped(again, name) == zipped(files, name)
    for language in LANGUAGES:
        lesson = read_files(again, language)
        assert {**lesson, "name": name} == SHELF.lesson(name, language)
        assert lesson["name"] == lesson_name(files)


@pytest.mark.parametrize(("file", "old", "new", "begin", "words"), BROKEN, ids=lambda part: str(part)[:30])
def test_what_is_broken_is_told_by_line(file: str, old: str, new: str, begin: str, words: str) -> None:
    name = "lesson.json" if file == "json" else "en.md"
    files = {**GOOD, name: GOOD[name].replace(old, new, 1)}
    with pytest.raises(LessonError) as caught:
        read_files(unpacked(sent(files)), "en")
    line = files[caught.value.file].split("\n")[caught.value.line - 1]
    assert words in str(caught.value)
    assert line.strip().startswith(begin), str(caught.value)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "json"),
        (b"[" * 100_000, "json"),
        (b'{"en.md": 3}', "json"),
        (sent({"en.md": GOOD_WORDS}), "steps_file"),
        (sent({"lesson.json": GOOD_STEPS}), "words_file"),
        (sent({**GOOD, "../en.md": "x"}), "stray_file"),
        (sent({**GOOD, "zh.md": "x" * 300_000}), "large"),
        (sent({**GOOD, "zh.md": "\ud800"}), "utf8"),
        (sent({**GOOD, "lesson.json": "[" * 100_000}), "json"),
        (sent({**GOOD, "lesson.json": GOOD_STEPS.replace("[1, 2, 1]", "[NaN, 2, 1]")}), "json"),
        (sent({**GOOD, "lesson.json": GOOD_STEPS.replace('"seed": 4', '"seed": ' + "4" * 5000)}), "json"),
        (sent({**GOOD, "zh.md": "# Only a title"}), "summary"),
        (b"PK\x03\x04 and no more", "zip"),
        (zip_of({"a/lesson.json": b"{}", "b/en.md": b"x"}), "zip"),
        (zip_of({f"{number}.md": b"x" for number in range(9)}), "zip"),
        (zip_of({"lesson.json": GOOD_STEPS.encode(), "en.md": b"0" * 90_000_000}), "large"),
        (zip_of({"lesson.json": GOOD_STEPS.encode(), "en.md": b"\n\xff"}), "utf8"),
    ],
    ids=lambda part: str(part)[:24],
)
def test_what_is_no_lesson_is_refused_by_what_it_is(content: bytes, code: str) -> None:
    with pytest.raises(LessonError) as caught:
        read_files(unpacked(content), "en")
    assert caught.value.code == code, caught.value
    json.dumps(caught.value.to_json())


def test_so_many_lessons_are_kept_and_of_so_many_letters() -> None:
    given = Given()
    first = given.keep(GOOD)
    assert first == given.keep(dict(reversed(GOOD.items())))
    assert given.lesson(first, "zh") is given.lesson(first, "zh")
    names = [given.keep({**GOOD, "en.md": GOOD_WORDS.replace("Title", f"Title {n}")}) for n in range(200)]
    assert len(set(names)) == 200
    with pytest.raises(KeyError):
        given.lesson(first, "en")
    assert given.lesson(names[0], "en")["title"] == "Title 0"
    for n in range(70):
        given.keep({**GOOD, "en.md": f"{n}" + "x" * 250_000})
    with pytest.raises(KeyError):
        given.lesson(names[-1], "en")
