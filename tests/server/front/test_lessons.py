"""Lessons over HTTP."""

import base64
import json
from pathlib import Path
from typing import Any

from backscope.server.lessons.given import unpacked
from backscope.server.wire.settings import Settings
from talking import SECRET, House, housed


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


FILES = {"lesson.json": '{"minutes": 3, "steps": [{"state": {}}]}', "en.md": "# Mine\n\nA test.\n\n## Step\n\nLook.\n"}


def test_a_lesson_that_a_page_gives_is_read_kept_and_served_by_its_name(house: House) -> None:
    with house.enter("r1"):

        def give(files: object, query: str = "", secret: str = SECRET, status: int = 200) -> dict[str, Any]:
            headers = {"X-Backscope-Secret": secret}
            answer = house.client.post(f"/lesson/r1?lang=zh{query}", content=json.dumps(files), headers=headers)
            assert answer.status_code == status
            return dict(answer.json())

        assert give(FILES, secret="another secret of enough letters", status=403)["code"] == "wrong_secret"
        read = give(FILES, "&zip=mine")
        assert unpacked(base64.b64decode(read["zip"])) == FILES == read["files"]
        assert house.client.get(f"/lessons/{read['name']}").json()["gone"]
        assert give(FILES, "&keep=1")["name"] == read["name"]
        served = house.client.get(f"/lessons/{read['name']}?lang=en").json()
        assert served == read["lesson"]
        assert served["steps"][0]["text"] == [["p", {}, "Look."]]
        broken = give({**FILES, "en.md": FILES["en.md"] + "<i>x</i>"}, "&keep=1")
        assert broken["code"] == "bad_lesson"
        assert broken["fault"] == {"file": "en.md", "line": 7, "code": "html", "params": {"found": "<i>"}}
        assert give({**FILES, "en.md": "x" * (1 << 20)}, status=413)["code"] == "too_large"
