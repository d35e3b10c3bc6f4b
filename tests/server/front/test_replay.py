"""The page as one file: all of it inside, under a policy that allows nothing else."""

from __future__ import annotations

import base64
import hashlib
import re

from backscope.server.front.files import STATIC
from backscope.server.front.joined import read, script
from backscope.server.front.options import options
from backscope.server.front.replay import PLACE, WITHOUT, replay_page, with_recording
from backscope.server.wire.settings import Limits

PAGE = replay_page(STATIC, options(Limits()))


def hashed(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def test_the_policy_allows_the_one_script_and_the_styles_and_no_connection() -> None:
    (policy,) = re.findall(r'http-equiv="Content-Security-Policy" content="([^"]+)"', PAGE)
    (code,) = re.findall(r'<script type="module">(.*?)</script>', PAGE, re.DOTALL)
    (style,) = re.findall(r"<style>(.*?)</style>", PAGE, re.DOTALL)
    rules = dict(rule.split(" ", 1) for rule in policy.split("; "))
    assert rules["default-src"] == "'none'"
    assert rules["script-src"] == hashed(code)
    assert rules["style-src"] == hashed(style)
    assert "connect-src" not in rules


def test_nothing_is_asked_for() -> None:
    """No file is named by an address, and no module is fetched."""
    assert re.findall(r"""(?:src|href)="(?!data:)[^"]*\"""", PAGE) == []
    code = re.sub(r"/\*.*?\*/", "", PAGE, flags=re.DOTALL)
    assert not re.search(r"^import |[ (]import\(", code, re.MULTILINE)
    assert len(PAGE.encode()) < 1_780_000


#: Parts of the room's window, in a folder that has others too.
ROOM = {f"js/views/classroom/{name}.js" for name in ("ask", "door", "places", "plan", "question_form", "roster")}

#: What is not there begins so.
_VIEWS = ("graph/", "lessons/", "watched/", "film/")
OTHERS = ("js/draw/film/", *(f"js/views/{name}" for name in _VIEWS))


def test_every_module_is_there_once_but_for_what_needs_a_server() -> None:
    code = script(STATIC, WITHOUT)
    for path in STATIC.rglob("js/**/*.js"):
        name = path.relative_to(STATIC).as_posix()
        if (
            name in WITHOUT
            or name.startswith(OTHERS)
            or name in {"js/main.js", "js/watch.js", "js/small.js", "js/model/watched.js", "js/model/onward.js", *ROOM}
            or not re.search(r"^export ", read(STATIC, name).text, re.MULTILINE)
        ):
            continue
        identifier = "_" + re.sub(r"\W", "_", name.removeprefix("js/").removesuffix(".js"))
        assert code.count(f"const {identifier} = (") == 1, name


def test_a_run_has_its_place() -> None:
    assert PAGE.count(f">{PLACE}<") == 1
    assert f'id="recording">{base64.b64encode(b"run").decode()}<' in with_recording(PAGE, b"run")
