"""The page's modules joined: every source once, each meaning what it means by itself."""

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from backscope.server.front.files import STATIC
from backscope.server.front.joined import MAIN, Joined, beside, join, ordered, read
from playwright._impl._driver import compute_driver_executable
from talking import House

FILES = join(STATIC)
SOURCES = {path.relative_to(STATIC).as_posix() for path in (STATIC / "js").rglob("*.js")}
#: What only other pages ask for: that of a watched run, which has its modules as they are written, and small views.
_ELSEWHERE = {"js/model/watched.js", "js/model/onward.js", "js/small.js"}
WATCHED = {name for name in SOURCES if name in _ELSEWHERE or name.startswith("js/views/watched/")}
#: All else but `main.js` and what holds types alone: module -> the constant that stands for it.
MODULES = {
    name: f"_{re.sub(r'[^a-zA-Z0-9]', '_', name[3:-3])}"
    for name in SOURCES - WATCHED
    if re.search(r"^export (?!\{\};)", (STATIC / name).read_text("utf-8"), re.MULTILINE)
}

#: What joined files say to each other.
LINK = re.compile(r'import \{[\w, ]+\} from "\./\w+\.js";|export (\{[\w, ]+\}|const \{openPage\} = _page);')

#: Imports a source and its joined twin, and tells what each of them exports.
COMPARE = """
globalThis.location = new URL("http://localhost/");
const {static: root, joined, modules} = JSON.parse(process.argv[1]);
const chunks = await Promise.all(["first", "page", "later"].map(name => import(`${joined}/${name}.js`)));
const all = Object.assign({}, ...chunks);
const told = {};
for (const [name, constant] of Object.entries(modules)) {
  const alone = Object.keys(await import(`${root}/${name}`)).sort();
  told[name] = [alone, Object.keys(all[constant] ?? {none: 1}).sort()];
}
console.log(JSON.stringify(told));
"""


def constants(text: str) -> list[str]:
    """The modules of a joined file, as its last lines export them."""
    (names,) = re.findall(r"^export \{([^}]*)\};$", text, re.MULTILINE)
    return names.split(", ")


def test_every_module_stands_in_one_file() -> None:
    held = [name for file in ("first.js", "page.js", "later.js") for name in constants(FILES[file])]
    assert len(held) == len(set(held)) > 200
    assert set(held) == set(MODULES.values())
    assert set(MODULES) == SOURCES - WATCHED - {MAIN, "js/join.js", "js/watch.js", "js/views/surface/stage.js"}


def test_modules_come_after_what_they_need() -> None:
    order = ordered(STATIC, sorted(SOURCES))
    assert set(order) == SOURCES
    for place, name in enumerate(order):
        assert all(order.index(needed) < place for needed in read(STATIC, name).imports), name


def test_no_import_or_export_of_a_source_is_left() -> None:
    for file, text in FILES.items():
        left = re.findall(r"^(?:import|export) .*$", text, re.MULTILINE)
        for line in left:
            assert LINK.fullmatch(line), f"{file}: {line[:80]}"
        wanted = re.findall(r'\bimport\("([^"]+)"\)', re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL))
        assert set(wanted) <= {"./page.js", "./later.js"}, file


def test_each_module_exports_joined_what_it_exports_alone(tmp_path: Path) -> None:
    for name, text in FILES.items():
        (tmp_path / name).write_text(text, "utf-8")
    (tmp_path / "package.json").write_text('{"type": "module"}')
    given = json.dumps({"static": STATIC.as_uri(), "joined": tmp_path.as_uri(), "modules": MODULES})
    node = shutil.which("node") or str(compute_driver_executable()[0])
    command = [node, "--input-type=module", "-e", COMPARE, given]
    result = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert result.returncode == 0, result.stderr[-2000:]
    told = json.loads(result.stdout)
    assert len(told) == len(MODULES)
    for name, (alone, joined) in told.items():
        assert joined == alone, name


def test_the_page_takes_its_modules_joined_and_keeps_them(house: House) -> None:
    page = house.client.get("/")
    (version,) = set(re.findall(r'(?:href|src)="joined/(\w+)/', page.text))
    assert re.findall(r'modulepreload" href="joined/\w+/(\w+\.js)"', page.text) == ["first.js", "main.js", "page.js"]
    assert f'<script type="module" src="joined/{version}/main.js">' in page.text
    kinds = {"js": "text/javascript", "css": "text/css", "json": "application/json"}
    for name, text in {**FILES, **beside(STATIC)}.items():
        response = house.client.get(f"/joined/{version}/{name}")
        assert response.text == text
        assert response.headers["content-encoding"] == "gzip"
        assert "immutable" in response.headers["cache-control"]
        assert response.headers["content-type"].startswith(kinds[name.rpartition(".")[2]])
        plain = house.client.get(f"/joined/{version}/{name}", headers={"Accept-Encoding": "identity"})
        assert (plain.text, plain.headers.get("content-encoding")) == (text, None)
    for lost in (f"{version}/none.js", "00000000/main.js", "main.js", f"{version}/a/b.js"):
        assert house.client.get(f"/joined/{lost}").status_code == 404


def test_words_of_every_language_stand_beside_the_modules() -> None:
    found = beside(STATIC)
    for path in (STATIC / "i18n").glob("*.json"):
        assert json.loads(found.pop(path.name)) == json.loads(path.read_text("utf-8"))
    assert [*found] == ["page.css"]


#: A source of each kind, and what changes what it means.
CHANGES = {
    "js/draw/dom.js": "\nvoid 0;\n",
    "js/views/upload/upload.js": "\nvoid 0;\n",
    "js/main.js": "\nvoid 0;\n",
    "css/print.css": "\np { margin: 0; }\n",
    "i18n/zh.json": None,
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_changed_source_makes_another_version(tmp_path: Path, name: str) -> None:
    for folder in ("js", "css", "i18n"):
        shutil.copytree(STATIC / folder, tmp_path / folder)
    shutil.copy(STATIC / "index.html", tmp_path)
    joined = Joined(tmp_path)
    before = joined.refresh()
    assert joined.refresh() == before
    assert joined.get(before, "later.js") is not None
    source = tmp_path / name
    text, more = source.read_text("utf-8"), CHANGES[name]
    source.write_text(text.replace("{", '{"made.up": "x",', 1) if more is None else text + more, "utf-8")
    after = joined.refresh()
    assert after != before
    assert joined.get(before, "main.js") is None
    assert joined.get(after, "main.js") is not None
