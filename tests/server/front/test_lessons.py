"""Lessons over HTTP."""

from pathlib import Path

from backscope.server.wire.settings import Settings
from talking import House, housed


def test_lessons_are_listed_and_served_in_both_languages(house: House) -> None:
    for language in ("en", "zh"):
        answer = house.client.get(f"/lessons?lang={language}")
        assert answer.headers["cache-control"] == "no-cache"
        lessons = answer.json()["lessons"]
        assert lessons
        for entry in lessons:
            assert "error" not in entry, entry
            assert entry["language"] == language, entry["name"]
            lesson = house.client.get(f"/lessons/{entry['name']}?lang={language}").json()
            assert len(lesson["steps"]) == entry["steps"]
    assert house.client.get("/lessons/nothing").status_code == 404
    assert house.client.get("/lessons/..%2fjs").status_code == 404


def test_a_folder_of_ones_own_adds_lessons_while_the_server_runs(tmp_path: Path) -> None:
    with housed(Settings(lessons=(tmp_path,))) as house:
        before = len(house.client.get("/lessons").json()["lessons"])
        (tmp_path / "mine").mkdir()
        (tmp_path / "mine" / "lesson.json").write_text('{"minutes": 3, "steps": [{"state": {}}]}')
        (tmp_path / "mine" / "en.md").write_text("# Mine\n\nA test.\n\n## Step\n\nLook.\n")
        lessons = house.client.get("/lessons").json()["lessons"]
        assert len(lessons) == before + 1
        assert "mine" in [entry["name"] for entry in lessons]
        (tmp_path / "mine" / "en.md").write_text("# Mine\n\nA test.\n\n## Step\n\n<img src=x>\n")
        broken = house.client.get("/lessons/mine")
        assert broken.status_code == 422
        assert "en.md, line 7" in broken.json()["error"]
