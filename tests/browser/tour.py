"""Every state that the page is looked at in, by subject: each walk opens the page and leaves one state after the other.

`states.py` holds those in which the page is tried by other means too; here are those that look different: other nets,
six lanes, whole lessons, a class, own data, what the presets of long runs show in the end.
"""

from collections.abc import Callable, Iterator

from backscope.server.wire.presets import PRESETS
from driver import Backscope, Tab
from playwright.sync_api import Page
from states import slow_motion
from states import states as usual

#: Chosen to open runs of other kinds in the laboratory.
LABORATORY = ("circle", "digits", "noise_scale", "deep_sigmoid", "linear_modes", "edge", "born_dead")
SLOW = ("circle", "digits", "regression", "mazur", "tutorial")
LANES = (
    ("normalization", None),
    ("initializer", None),
    ("optimizer", "Adam"),
    ("optimizer", "RMSprop"),
    ("optimizer", "Nadam"),
)
NAMED_LONG = "sepal length in centimetres,width,kind of flower\n" + "".join(
    f"{k % 9}.{k},{k % 5},{('Iris setosa', 'Iris versicolor', 'Iris virginica')[k % 3]}\n" for k in range(30)
)
NAME = "Maximiliana-Alexandra Featherstonehaugh"


def press(tab: Tab, role: str) -> None:
    """Press it wherever it lies: in another view it may be scrolled away, or folded."""
    tab.page.locator(tab.role(role)).first.evaluate("button => button.click()")
    tab.page.wait_for_timeout(250)


def open_preset(tab: Tab, server: Backscope, preset: str) -> None:
    tab.page.goto("about:blank")
    tab.open(server.url, f"lang=en&theme=light&preset={preset}")


def inspect_by_keys(tab: Tab) -> None:
    tab.page.focus(".network-stage")
    for key in ("ArrowRight", "ArrowRight", "Enter"):
        tab.page.keyboard.press(key)
    tab.page.wait_for_selector(tab.role("inspector-product"))


def the_page(tab: Tab, server: Backscope) -> Iterator[str]:
    yield from usual(tab, server)


def slow(tab: Tab, server: Backscope) -> Iterator[str]:
    for preset in SLOW:
        open_preset(tab, server, preset)
        tab.train(40)
        for state in slow_motion(tab, every=True):
            yield f"{preset}, {state}"


def laboratory(tab: Tab, server: Backscope) -> Iterator[str]:
    for preset in LABORATORY:
        open_preset(tab, server, preset)
        tab.choose("speed", "0")
        tab.train(100, 30)
        press(tab, "laboratory")
        tab.page.wait_for_selector(".panel-lab canvas")
        tabs = tab.page.locator('.panel-lab [role="tab"]')
        for name in tabs.evaluate_all("all => all.map(one => one.dataset.role)"):
            press(tab, name)
            tab.page.wait_for_timeout(400)
            yield f"{preset}, {name}"


def add_lane(tab: Tab, group: str, label: str | None) -> None:
    chips = tab.page.locator(".lane-chip")
    count = max(1, chips.count())
    press(tab, "lane-add")
    choices = tab.page.locator(f'[data-group="{group}"] .lane-choice')
    (choices.filter(has_text=label).first if label else choices.last).evaluate("button => button.click()")
    tab.until(lambda: chips.count() == count + 1)


def lanes(tab: Tab, server: Backscope) -> Iterator[str]:
    for preset in ("circle", "digits"):
        open_preset(tab, server, preset)
        for lane in LANES[:2]:
            add_lane(tab, *lane)
        tab.train(60)
        yield f"{preset}, three lanes"
        press(tab, "laboratory")
        yield f"{preset}, three lanes in the laboratory"
        press(tab, "laboratory-close")
        for lane in LANES[2:]:
            add_lane(tab, *lane)
        tab.train(tab.step() + 60)
        yield f"{preset}, six lanes"
        press(tab, "race")
        tab.page.wait_for_selector(".race-table tbody tr:nth-child(6)")
        yield f"{preset}, race of six"
        press(tab, "race-close")
        press(tab, "laboratory")
        yield f"{preset}, six lanes in the laboratory"
        press(tab, "laboratory-close")
        inspect_by_keys(tab)
        yield f"{preset}, inspector of six lanes"


def the_way_back(tab: Tab, server: Backscope) -> Iterator[str]:
    """Marks of changes, a branch, a run that was left."""
    open_preset(tab, server, "circle")
    tab.train(60)
    tab.set_rate("1.5")
    tab.train(140)
    tab.choose("optimizer", "adam")
    tab.set_rate("0.01")
    tab.train(260)
    track = tab.page.locator(tab.role("timeline"))
    box = track.bounding_box()
    assert box is not None
    tab.page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    tab.settle()
    yield "back in time"
    tab.set_rate("0.1")
    tab.click("step")
    tab.settle()
    yield "a branch"
    tab.page.click(".network-add >> nth=1")
    tab.until(lambda: tab.step() == 0)
    tab.train(20)
    yield "a run that was left"


def lessons(tab: Tab, server: Backscope) -> Iterator[str]:
    """The list, every lesson, one that is written."""
    tab.open(server.url, "lang=en&theme=light&lesson=")
    tab.page.wait_for_selector("[data-lesson]")
    yield "list of lessons"
    for name in tab.page.eval_on_selector_all("[data-lesson]", "all => all.map(one => one.dataset.lesson)"):
        tab.page.goto("about:blank")
        tab.open(server.url, f"lang=en&theme=light&lesson={name}")
        tab.page.wait_for_selector(tab.role("lesson-place"))
        tab.page.wait_for_timeout(600)
        yield f"lesson {name}"
    tab.page.goto("about:blank")
    tab.open(server.url, "lang=en&theme=light&page=full&preset=xor&lesson=")
    tab.click("lesson-write")
    text = tab.page.locator(tab.role("writing-text"))
    text.nth(0).fill("# Faster\n\nOn one step.")
    text.nth(1).fill("## Go\n\nTake <b>one</b> step.")
    tab.page.wait_for_selector(f"{tab.role('writing-faults')}:has-text('got HTML')")
    press(tab, "step")
    yield "a lesson that is written"


def own_data(tab: Tab, server: Backscope) -> Iterator[str]:
    """Long names, and a table that cannot be read."""
    tab.open(server.url, "lang=en&theme=light")
    tab.click("upload-open")
    tab.page.fill(tab.role("upload-text"), "a,b\n1,x\n2")
    tab.page.wait_for_timeout(800)
    yield "a table that cannot be read"
    tab.page.fill(tab.role("upload-text"), NAMED_LONG)
    tab.page.wait_for_selector(".upload-choices:visible")
    yield "a table"
    tab.click("upload-train")
    tab.page.wait_for_selector(".upload-window", state="hidden")
    tab.train(30)
    yield "own data"
    press(tab, "meanings")
    press(tab, "meanings-graph")
    tab.page.wait_for_selector(".graph-node")
    yield "graph of own data"
    press(tab, "graph-close")
    press(tab, "picture-of-network")
    yield "menu of pictures"
    press(tab, "picture-film")
    tab.page.wait_for_selector(tab.role("film-form") + ' option[value="webm"]', state="attached")
    yield "film"


def a_class(tab: Tab, server: Backscope) -> Iterator[str]:
    """What the teacher sees; students are pages of their own."""
    tab.open(server.url, "lang=en&theme=light")
    tab.train(30)
    press(tab, "share")
    press(tab, "share-room")
    yield "door of a room"
    press(tab, "room-open")
    tab.page.wait_for_selector(".room-picture svg")
    student = join(tab, server)
    yield "teacher"
    press(tab, "room-close-window")
    yield "strip of the teacher"
    press(tab, "room-manage")
    tab.choose("ask-kind", "loss")
    press(tab, "ask")
    tab.page.wait_for_selector(tab.role("ask-reveal"))
    yield "question"
    student.fill(tab.role("poll-entry"), "0.4")
    student.press(tab.role("poll-entry"), "Enter")
    tab.until(lambda: "1" in tab.text("poll-told"))
    tab.page.check(tab.role("ask-named"))
    press(tab, "ask-reveal")
    tab.page.wait_for_selector(".poll-names")
    yield "histogram"
    student.close()


def join(tab: Tab, server: Backscope) -> Page:
    code = tab.text("room-code").replace(" ", "")
    browser = tab.page.context.browser
    assert browser is not None
    page = browser.new_context(viewport={"width": 360, "height": 740}, locale="en-US").new_page()
    page.goto(f"{server.url}join#{code}")
    page.fill(tab.role("join-name"), NAME)
    page.click(tab.role("join"))
    page.wait_for_selector(".room-words")
    return page


def a_student(tab: Tab, server: Backscope) -> Iterator[str]:
    """The door, and what a follower sees."""
    context = tab.page.context
    teacher = Tab(context.new_page()).open(server.url, "lang=en&theme=light")
    press(teacher, "share")
    press(teacher, "share-room")
    press(teacher, "room-open")
    teacher.page.wait_for_selector(".room-picture svg")
    tab.page.goto(f"{server.url}join")
    yield "door of a student"
    tab.page.goto("about:blank")
    tab.page.goto(f"{server.url}join#{teacher.text('room-code').replace(' ', '')}")
    tab.page.fill(tab.role("join-name"), NAME)
    tab.click("join")
    tab.page.wait_for_selector(".room-words")
    tab.until(lambda: tab.text("step-count").isdecimal())
    yield "student"
    teacher.page.close()


def settings(tab: Tab, server: Backscope) -> Iterator[str]:
    """Numbers of every optimizer, and what tasks bring along."""
    open_preset(tab, server, "circle")
    for name in ("nadam", "schedule_free_adamw"):  # the most numbers, and the longest names
        tab.choose("optimizer", name)
        tab.set_rate("0.0000123")
        tab.page.wait_for_timeout(300)
        yield f"numbers of {name}"
    open_preset(tab, server, "plasticity")
    press(tab, "cures")
    press(tab, "cure-continual")
    tab.until(lambda: tab.page.locator(".lane-chip").count() == 2)
    yield "continual backpropagation as a cure"
    press(tab, "cures-close")
    press(tab, "settings")
    tab.page.wait_for_selector("dialog.settings-window[open]")
    yield "settings"
    tab.page.locator(tab.role("replacement_rate")).scroll_into_view_if_needed()
    yield "settings of continual backpropagation"


def long_runs(tab: Tab, server: Backscope) -> Iterator[str]:
    """What the presets of long runs show in the end: a delay, curves over the width, a net that learns no more."""
    open_preset(tab, server, "grokking")
    tab.choose("speed", "0")
    tab.train(2000, 300)
    yield "delay of grokking"
    open_preset(tab, server, "plasticity")
    tab.choose("speed", "0")
    tab.play()
    tab.page.wait_for_selector('.notice:not([hidden])[data-kind="symptom"]', timeout=180_000)
    tab.pause()
    yield "less plastic"
    press(tab, "laboratory")
    press(tab, "lab-tasks")
    tab.page.wait_for_timeout(3000)
    yield "tasks"
    tab.open(server.url, "lang=en&theme=light")
    tab.choose("preset", "double_descent")
    tab.page.wait_for_selector('[data-part="sweep"][open]')
    yield "sweep that is set up"
    tab.page.keyboard.press("Enter")
    tab.until(lambda: "of 120 runs" in tab.text("sweep-note"), 60, what="the first runs")
    tab.until(lambda: tab.page.locator('[data-part="sweep"] progress.idle').count() == 1, 400, what="all curves")
    yield "double descent"


def kind_of_status(tab: Tab) -> str | None:
    return tab.page.get_attribute(tab.role("status"), "data-kind")


def presets(names: list[str]) -> Callable[[Tab, Backscope], Iterator[str]]:
    """Numbers with powers of ten, notices, and nets of every depth."""

    def walk(tab: Tab, server: Backscope) -> Iterator[str]:
        for name in names:
            open_preset(tab, server, name)
            if name == "double_descent":  # its sweep is looked at where the curves are finished
                tab.page.wait_for_selector('[data-part="sweep"][open]')
                tab.page.keyboard.press("Escape")
            tab.choose("speed", "0")
            tab.click("play")  # not `play`: some diverge before anybody sees them run
            tab.until(lambda: tab.step() >= 200 or kind_of_status(tab) == "diverged", 60)
            tab.pause()
            yield f"preset {name}"

    return walk


def first_visit(tab: Tab, server: Backscope) -> Iterator[str]:
    tab.page.add_init_script("localStorage.clear()")
    tab.open(server.url)
    tab.page.wait_for_timeout(800)
    yield "first visit"


_NAMES = sorted(PRESETS)
WALKS: dict[str, Callable[[Tab, Backscope], Iterator[str]]] = {
    "page": the_page,
    "slow motion": slow,
    "laboratory": laboratory,
    "lanes": lanes,
    "way back": the_way_back,
    "lessons": lessons,
    "own data": own_data,
    "class": a_class,
    "student": a_student,
    "settings": settings,
    "long runs": long_runs,
    "first visit": first_visit,
    **{f"presets {k + 1}": presets(_NAMES[k::4]) for k in range(4)},
}
