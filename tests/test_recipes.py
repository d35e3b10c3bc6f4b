"""The papers are true: their paths and links lead somewhere, and who follows a recipe arrives.

The recipes of CONTRIBUTING.md are followed here, in a copy of the project: for an activation, an optimizer, a data set,
a panel, a command and a language that nobody has heard of. What a recipe numbers is all that is changed; then each is
looked for wherever it must appear.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from playwright._impl._driver import compute_driver_executable

ROOT = Path(__file__).parents[1]
HERE = Path(__file__).parent / "recipes"
PAPERS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob(".github/**/*.md")])
RECIPES = ("An activation", "A loss", "An optimizer", "A data set", "A panel", "A command", "A language")

#: A path from the root, as papers write them; the ellipsis and NAME stand for what is not there yet.
NAMED = re.compile(r"(?<![\w/.-])((?:core|server|static|tests|docs|\.ci|\.github)/[\w./*-]*)")


def prose(paper: Path) -> str:
    return paper.read_text("utf-8")


def exists(path: str) -> bool:
    """Whether a path leads somewhere; with a name still to be given, whether there is a folder for it."""
    path = path.rstrip(".")
    if "NAME" in path:
        return (ROOT / path[: path.index("NAME")].rpartition("/")[0]).is_dir()
    return any(ROOT.glob(path)) if "*" in path else (ROOT / path).exists()


def recipe(title: str) -> str:
    found = re.search(rf"^### {title}\n(.*?)(?=^##|\Z)", prose(ROOT / "CONTRIBUTING.md"), re.M | re.S)
    assert found is not None, f"CONTRIBUTING.md has no recipe for {title.lower()}"
    return found.group(1)


def needed(title: str) -> list[str]:
    """The files that a recipe numbers."""
    return re.findall(r"^\d+\. `([^`]+)`", recipe(title), re.M)


# Paths and links


@pytest.mark.parametrize("paper", PAPERS, ids=lambda path: path.name)
def test_paths_lead_somewhere(paper: Path) -> None:
    assert not [path for path in NAMED.findall(prose(paper)) if not exists(path)]


@pytest.mark.parametrize("paper", PAPERS, ids=lambda path: path.name)
def test_links_lead_somewhere(paper: Path) -> None:
    for target in re.findall(r"\]\(([^)\s]+)\)", prose(paper)):
        if re.match(r"[a-z]+:", target):
            continue
        name, _, anchor = target.partition("#")
        there = (paper.parent / name).resolve() if name else paper
        assert there.exists(), f"{paper.name} links to {target}"
        if anchor:
            titles = re.findall(r"^#+ (.+)$", prose(there), re.M)
            assert anchor in {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}, target


def test_the_papers_are_found() -> None:
    names = {paper.relative_to(ROOT).as_posix() for paper in PAPERS}
    assert names >= {"README.md", "CONTRIBUTING.md", "CHANGELOG.md", "docs/architecture.md"}
    assert sum(len(NAMED.findall(prose(paper))) for paper in PAPERS) > 100


@pytest.mark.parametrize("title", RECIPES)
def test_a_recipe_numbers_its_files(title: str) -> None:
    files = needed(title)
    assert len(files) >= 2
    assert len(files) == len(set(files))
    assert len(files) == len(re.findall(r"^\d+\. ", recipe(title), re.M))


def test_what_was_added_last_is_named_where_the_recipes_say() -> None:
    """One activation and one rule stand for all: outside the tests, no file knows them that no recipe numbers."""
    files = [path for folder in ("core", "server", "static") for path in (ROOT / folder).rglob("*")]
    texts = [path for path in files if path.suffix in (".py", ".js", ".ts", ".json", ".html", ".css")]
    assert len(texts) > 250
    for title, name in (("An activation", "mish"), ("An optimizer", "lion")):
        naming = {path for path in texts if re.search(rf"\b{name}\b", path.read_text("utf-8"), re.I)}
        expected = {path.replace("NAME", name) for path in needed(title) if not path.startswith("tests/")}
        allowed = expected | set(re.findall(r"^- `([^`]+)`", recipe(title), re.M))
        assert expected <= {path.relative_to(ROOT).as_posix() for path in naming} <= allowed


# Following them


class Copy:
    """A copy of the project, in which a recipe is followed."""

    def __init__(self, folder: Path) -> None:
        self.root = folder / "backscope"
        ignored = shutil.ignore_patterns("__pycache__", "node_modules", "browser", "bench")
        for name in ("core", "server", "static", "tests"):
            shutil.copytree(ROOT / name, self.root / name, ignore=ignored)
        shutil.copy(ROOT / "pyproject.toml", self.root)
        self.changed: set[str] = set()

    def write(self, path: str, text: str) -> None:
        (self.root / path).write_text(text, "utf-8")
        self.changed.add(path)

    def edit(self, path: str, *changes: tuple[str, str]) -> None:
        """Put something in the place of what a pattern finds, which has to be there once."""
        text = (self.root / path).read_text("utf-8")
        for pattern, replacement in changes:
            text, count = re.subn(pattern, lambda found, r=replacement: found.expand(r), text, flags=re.M)
            assert count == 1, f"{pattern} is {count} times in {path}"
        self.write(path, text)

    def say(self, **words: str) -> None:
        """Give the page words, in each language."""
        for lang in ("en", "zh"):
            path = f"static/i18n/{lang}.json"
            table = json.loads((self.root / path).read_text("utf-8"))
            added = {key.replace("__", "."): text for key, text in words.items()}
            self.write(path, json.dumps({**table, **added}, ensure_ascii=False))

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        """Run something in the copy, with the copy's modules."""
        paths = [self.root.parent, self.root / "tests" / "server"]
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(map(str, paths)), "PYTHONDONTWRITEBYTECODE": "1"}
        return subprocess.run(command, cwd=self.root, env=environment, capture_output=True, text=True, timeout=300)

    def python(self, *arguments: str) -> str:
        """Run Python in the copy; what it printed."""
        result = self.run(sys.executable, *arguments)
        assert result.returncode == 0, result.stdout[-6000:] + result.stderr[-3000:]
        return result.stdout

    def tests(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return self.run(sys.executable, "-m", "pytest", "--numprocesses=0", "-p", "no:cacheprovider", *arguments)

    def javascript(self, test: str = "tests/static/maths/forward.test.mjs") -> subprocess.CompletedProcess[str]:
        return self.run(str(compute_driver_executable()[0]), "--test", test)

    def followed(self, title: str, name: str = "") -> bool:
        """Whether exactly the files that a recipe numbers were changed; browser tests are not among the copied."""
        files = {path.replace("NAME", name) for path in needed(title)}
        return self.changed == {path for path in files if not path.startswith("tests/browser/")}


@pytest.fixture
def copy(tmp_path: Path) -> Copy:
    return Copy(tmp_path)


def passes(result: subprocess.CompletedProcess[str]) -> None:
    assert result.returncode == 0, result.stdout[-6000:] + result.stderr[-3000:]


WORDS = "tests/static/test_words.py::test_every_served_choice_has_a_name"


def fails(result: subprocess.CompletedProcess[str], *words: str) -> None:
    """Tests name what a recipe followed by half still lacks."""
    assert result.returncode != 0, "nothing misses the rest of the recipe"
    assert [word for word in words if word not in result.stdout] == [], result.stdout[-6000:]


BEND = '''
def bend(z: Array, out: Array, work: Array) -> None:
    """Write z / √(1 + z²)."""
    np.hypot(z, 1.0, work)
    np.divide(z, work, out)


def bend_slope(z: Array, a: Array, out: Array, work: Array) -> None:
    """Slope (1 + z²)^(−3/2)."""
    np.hypot(z, 1.0, work)
    np.reciprocal(work, work)
    np.multiply(work, work, out)
    np.multiply(out, work, out)


'''
BEND_WRITTEN = 'Written("z / sqrt(1 + z**2)", "1 / sqrt(1 + z**2)**3")'
BEND_RULES = "elementwise.bend, elementwise.bend_slope, second.bend"
BEND_ENTRY = f'Activation("bend", {BEND_RULES}, {BEND_WRITTEN}, digits=14, scratch=1, bounded=True),'
BEND_SECOND = '''
def bend(z: Array) -> Array:
    """Return −3z (1 + z²)^(−5/2)."""
    return np.asarray(-3.0 * z * (1.0 / np.hypot(z, 1.0)) ** 5)


'''
SOFT = '''
def soft(z: Array, a: Array, slope: Array) -> Evaluate:
    """Σ √(1 + (a − y)²) − 1; the slope is (a − y) / √(1 + (a − y)²)."""

    def evaluate(y: Array) -> float:
        np.subtract(a, y, slope)
        root = np.sqrt(1 + slope * slope)
        np.divide(slope, root, slope)
        return float(np.sum(root - 1))

    return evaluate


'''
SOFT_ENTRY = """            Loss(
                "soft",
                batch_losses.soft,
                mean_over_outputs=True,
                second=lambda a, y, move: move / np.sqrt(1 + (a - y) ** 2) ** 3,
                written=Written(
                    "mean(sqrt(1 + (a - y)**2) - 1)", "(a - y) / sqrt(1 + (a - y)**2) / outputs"
                ),
            ),
"""
EXACT_BEND = '"bend": (lambda z: z / mp.sqrt(1 + z * z), lambda z: (1 + z * z) ** mp.mpf(-1.5)),'


#: Followed, a part is found everywhere; the whole also sees what misses halfway, and which tests pass in the end.
WHOLE = pytest.mark.parametrize("whole", [False, pytest.param(True, marks=pytest.mark.long)], ids=["found", "tested"])


@pytest.mark.timeout(600)  # half a dozen processes, each of which starts from nothing
@WHOLE
def test_an_activation_and_a_loss(copy: Copy, whole: bool) -> None:
    copy.edit("core/nets/elementwise.py", (r"^# Without exponentials", BEND.lstrip("\n") + r"\g<0>"))
    copy.edit("core/nets/activations.py", (r"^( +)leaky_relu\(\),$", rf"\g<0>\n\1{BEND_ENTRY}"))
    copy.edit("core/nets/second_derivatives.py", (r"^def _sigmoid_slope", BEND_SECOND.lstrip("\n") + r"\g<0>"))
    copy.write("tests/fixtures/forward.json", "[]")
    copy.write("tests/fixtures/formulas.json", "{}")
    copy.python("tests/fixtures/make_forward.py")
    published, digits = "tests/core/nets/test_activations.py", "tests/core/nets/test_digits.py"
    if whole:
        missing = copy.tests(WORDS, published, digits, "-k", "choice or (bend and (published or digits))")
        fails(missing, "no words for activation. ['bend']", "look up f(1) and f(−1) of bend", "write f and f′ of bend")
    copy.say(activation__bend="Bend")
    copy.edit(published, (r"^PUBLISHED = \{$", r'\g<0>\n    "bend": (0.5**0.5, -(0.5**0.5)),'))
    copy.edit(digits, (r"^EXACT = \{$", rf"\g<0>\n    {EXACT_BEND}"))
    assert copy.followed("An activation")

    copy.changed.clear()
    copy.edit("core/nets/batch_losses.py", (r"^def hinge", SOFT.lstrip("\n") + r"\g<0>"))
    copy.edit("core/nets/losses.py", (r"^            huber\(\),$", rf"\g<0>\n{SOFT_ENTRY.rstrip()}"))
    if whole:
        fails(copy.tests(WORDS), "no words for loss. ['soft']")
    copy.say(loss__soft="Soft")
    copy.write("tests/fixtures/formulas.json", "{}")
    copy.python("tests/fixtures/make_forward.py")
    assert copy.changed == set(needed("A loss"))

    assert copy.python("tests/recipes/activation_everywhere.py").strip() == "found everywhere"
    if whole:
        script = "tests/core/export/test_numpy_script.py::test_activations_and_their_slopes_hold_for_all_sizes_of_z"
        passes(copy.tests(script, "tests/core/nets/test_written.py", "tests/core/nets/test_losses.py"))
        golden = "tests/core/nets/test_fixtures.py"
        passes(copy.tests(WORDS, published, digits, golden, "-k", "choice or golden or bend"))
        passes(copy.javascript())


PLAIN_DRIFT = """
import numpy as np
import pytest
from update_rules import RATE, cases, follow


def drift(gs, h):
    v, updates = 0, []
    for g in gs:
        v = h["pull"] * v + g
        updates.append(-RATE * v / (np.abs(v) + h["floor"]))
    return updates


@pytest.mark.parametrize(("name", "given"), cases("drift", [("drift", {"pull": 0.3, "floor": 0.2})]))
def test_follows_its_formula(name, given):
    follow(name, given, {"drift": drift})
"""

DRIFT_OF_ONE = """
def drift(g, s, t, lr):
    s["v"] = 0.6 * s.get("v", 0.0) + g
    return -lr * s["v"] / (abs(s["v"]) + 0.5)


"""


@pytest.mark.timeout(600)
@WHOLE
def test_an_optimizer(copy: Copy, whole: bool) -> None:
    copy.write("core/optimizers/drift.py", (HERE / "drift.py").read_text("utf-8"))
    copy.edit(
        "core/optimizers/table.py",
        (r"^from \.lion import Lion$", r"from .drift import Drift\n\g<0>"),
        (r"\bLBFGS\),$", "LBFGS, Drift),"),
    )
    if whole:
        fails(copy.tests(WORDS), "no words for optimizer. ['drift']")
    copy.say(optimizer__drift="Drift", hyperparameter__pull="pull")

    rule, paths = "tests/core/optimizers/test_drift.py", "tests/fixtures/make_landscape_paths.py"
    copy.write(rule, PLAIN_DRIFT.lstrip("\n"))
    copy.edit(
        paths,
        (r"^#: name -> \(rule,", DRIFT_OF_ONE.lstrip("\n") + r"\g<0>"),
        (r'^    "lion": .*$', r'\g<0>\n    "drift": (drift, 3, 1.0),'),
    )
    copy.write("tests/fixtures/landscape_paths.json", "[]")
    copy.python(paths)
    assert copy.followed("An optimizer", "drift")

    assert copy.python("tests/recipes/optimizer_everywhere.py").strip() == "found everywhere"
    if whole:
        formulas, runs = "tests/core/optimizers/test_formula.py", "tests/core/run/test_landscape_runs.py"
        passes(copy.tests(WORDS, rule, formulas, runs))


@pytest.mark.long
def test_a_data_set(copy: Copy) -> None:
    copy.edit(
        "core/data/datasets.py",
        (r'^    "truth_xor": .*$', r'\g<0>\n    "truth_nand": _truth(_PAIRS, 1, 1, 1, 0),'),
    )
    fails(copy.tests(WORDS), "no words for dataset. ['truth_nand']")
    copy.say(dataset__truth_nand="NAND")
    assert copy.followed("A data set")
    assert copy.python("tests/recipes/dataset_everywhere.py").strip() == "found everywhere"
    passes(copy.tests(WORDS, "tests/core/data/test_datasets.py", "-k", "choice or truth"))


WHISPER = '''

@operation("whisper", {"row": needed(_ROW)}, read_only=True, needs_network=True)
def whisper(session: Session, client: int, command: Command) -> dict[str, Any]:
    """Say how many rows there are before one."""
    return {"before": min(command.fields["row"], session.run.rows)}
'''
WHISPER_TEST = """

def test_rows_before_one_are_told() -> None:
    assert Stage().do("whisper", row=7)["before"] == 7
"""


@pytest.mark.long
def test_a_command(copy: Copy) -> None:
    module, tests = "server/session/commands/views.py", "tests/server/session/test_commands.py"
    copy.edit(module, (r"\Z", WHISPER))
    copy.edit(tests, (r'^    "sample": .*$', r'\g<0>\n    "whisper": {"row": 3},'), (r"\Z", WHISPER_TEST))
    # In the module of its subject: that is where the recipe's new file would stand.
    assert copy.changed == {path.replace("NAME", "views") for path in needed("A command")}
    assert copy.python("tests/recipes/command_everywhere.py").strip() == "found everywhere"
    passes(copy.tests(tests, "tests/server/wire/test_commands.py", "-k", "whisper or rows_before or every_module"))


@pytest.mark.long
def test_a_language(copy: Copy) -> None:
    table = json.loads((copy.root / "static/i18n/en.json").read_text("utf-8"))
    copy.write("static/i18n/eo.json", json.dumps({key: text for key, text in table.items() if key != "bar.play"}))
    tests = ("tests/static/test_words.py", "-k", "same_keys and eo or language_with_words")
    fails(copy.tests(*tests), "bar.play", "LANGUAGES in static/js/draw/i18n.js")
    copy.write("static/i18n/eo.json", json.dumps({key: f"_{text}" for key, text in table.items()}))
    copy.edit("static/js/draw/i18n.js", (r"^  zh: .*$", r'\g<0>\n  eo: "Esperanto",'))
    assert copy.followed("A language", "eo")
    passes(copy.tests(*tests))
    passes(copy.javascript("tests/recipes/language_everywhere.test.mjs"))


TALLY = """// @ts-check
/** A tally of the steps that were taken. */

import {h} from "../../draw/dom.js";

/** A stroke for each step, in bundles of five. @param {number} steps */
export const strokes = steps => "|||||".repeat(Math.floor(steps / 5)) + "|".repeat(steps % 5);

/**
 * @param {HTMLElement} root
 * @param {import("../../types").ViewContext} context
 * @returns {import("../../types").View}
 */
export function tallyView(root, {t}) {
  const shown = h("output", {class: "tally-strokes"});
  root.append(shown);
  return {
    update: ({frame}) => {
      shown.textContent = strokes(frame?.step ?? 0) || t("tally.none");
    },
    destroy: () => root.replaceChildren(),
  };
}
"""
TALLY_TEST = """import assert from "node:assert/strict";
import {test} from "node:test";

import {strokes} from "../../../static/js/views/tally/tally.js";

test("five strokes are a bundle", () => assert.equal(strokes(7).length, 7));
"""
TALLY_PLACE = """    <section class="panel panel-tally" aria-labelledby="title-tally">
      <h2 id="title-tally" data-i18n="panel.tally">Tally</h2>
      <div class="panel-body" data-part="tally"></div>
    </section>
"""


@pytest.mark.long
def test_a_panel(copy: Copy) -> None:
    for folder in ("static/js/views/tally", "tests/static/views"):
        (copy.root / folder).mkdir(exist_ok=True)
    copy.write("static/js/views/tally/tally.js", TALLY)
    copy.write("static/css/tally.css", ".tally-strokes { color: var(--text); }\n")
    words = "tests/static/test_words.py::test_every_written_key_exists[tally.js]"
    fails(copy.tests(words), "tally.none")
    copy.edit(
        "static/index.html",
        (r'^( +<link rel="stylesheet" href="css/)lessons.css">$', r'\g<0>\n\1tally.css">'),
        (r'^    <section class="panel panel-network".*$', TALLY_PLACE + r"\g<0>"),
    )
    copy.edit(
        "static/js/page.js",
        (r"^import \{surfaceView\} .*$", r'\g<0>\nimport {tallyView} from "./views/tally/tally.js";'),
        (r'^    at\(part\("data"\), dataView\),$', r'\g<0>\n    at(part("tally"), tallyView),'),
    )
    copy.say(tally__none="No step yet", panel__tally="Tally")
    copy.write("tests/static/views/tally.test.mjs", TALLY_TEST)
    assert copy.followed("A panel", "tally")
    assert copy.python("tests/recipes/panel_everywhere.py").strip() == "found everywhere"
    imports = "tests/test_architecture.py::test_the_page_imports_one_way"
    passes(copy.tests(words, imports, "tests/server/front/test_joined.py", "-k", "tally or page.js or module"))
    passes(copy.javascript("tests/static/views/tally.test.mjs"))
