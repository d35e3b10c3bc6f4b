"""What is in sight: cause beside effect, in every size, theme and language."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from driver import Backscope, Tab, long
from tour import WALKS

Box = dict[str, float]

WIDE = ((1366, 768), (1920, 1080))
LOW = ((740, 360), (683, 384))  # a phone on its side; 1366 × 768 magnified twice
PHONE = (360, 740)
#: A folder for pictures of every state that is walked to, if somebody wants to see them.
PICTURES = os.environ.get("BACKSCOPE_PICTURES", "")
BOXES = "names => names.map(name => document.querySelector(name).getBoundingClientRect().toJSON())"


#: What the bar says when something is out of the ordinary, and how a test has it say so.
UNUSUAL = {"lost": "Disconnected", "last": "Last known: Diverged", "diverged": "Diverged", "replaying": "Replaying"}
SAY_STATUS = """([kind, words]) =>
  Object.assign(document.querySelector(".status"), {textContent: words}).setAttribute("data-kind", kind)"""

#: The focus comes to a control that the browser takes for seen, and that is not.
BARELY_OUTSIDE = """name => {
  const control = document.querySelector(name);
  document.querySelector(".bar").scrollLeft += control.getBoundingClientRect().left - innerWidth;
  control.focus({preventScroll: true, focusVisible: true});
}"""
BAR_OVER_NOTICE = """() => {
  document.querySelector(".notice.tried")?.remove();
  const notice = Object.assign(document.createElement("div"), {className: "notice tried", innerText: "Stuck"});
  notice.dataset.kind = "symptom";
  document.querySelector(".notices").append(notice);
  const play = document.querySelector('[data-role="play"]');
  const middle = box => (box.top + box.bottom) / 2;
  scrollBy(0, middle(notice.getBoundingClientRect()) - middle(play.getBoundingClientRect()));
  const box = play.getBoundingClientRect();
  return play.contains(document.elementFromPoint((box.left + box.right) / 2, middle(box)));
}"""


def boxes(tab: Tab, *selectors: str) -> list[Box]:
    found: list[Box] = tab.page.evaluate(BOXES, list(selectors))
    return found


def resize(tab: Tab, size: tuple[int, int]) -> None:
    tab.page.set_viewport_size({"width": size[0], "height": size[1]})
    tab.page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")


def apart(a: Box, b: Box) -> bool:
    return a["right"] <= b["left"] or b["right"] <= a["left"] or a["bottom"] <= b["top"] or b["bottom"] <= a["top"]


def inspect_by_keys(tab: Tab) -> None:
    tab.page.focus(".network-stage")
    for key in ("ArrowRight", "ArrowRight", "Enter"):
        tab.page.keyboard.press(key)
    tab.page.wait_for_selector(".inspector:visible")
    assert tab.page.evaluate("document.activeElement.matches('.inspector')"), "the keys that opened it go on in it"


@pytest.mark.parametrize(("theme", "lang"), [long("light", "en"), ("projector", "zh")])
def test_the_inspector_leaves_what_a_weight_does_in_sight(tab: Tab, server: Backscope, theme: str, lang: str) -> None:
    tab.open(server.url, f"theme={theme}&lang={lang}")
    inspect_by_keys(tab)
    others = (".panel-network", ".panel-output", ".panel-surface", ".panel-curves", ".panel-gradients", ".bar")
    for width, height in WIDE:
        resize(tab, (width, height))
        card, *rest = boxes(tab, ".inspector", *others)
        assert card["bottom"] <= height
        for name, box in zip(others, rest, strict=True):
            assert apart(card, box), (name, width)
            assert box["bottom"] <= height, (name, width)
            assert box["right"] <= width, (name, width)
            assert box["width"] >= 340, (name, width)
    tab.page.keyboard.press("Escape")
    tab.page.wait_for_selector(".inspector", state="hidden")
    assert tab.page.evaluate("document.activeElement.matches('.network-stage')")
    assert tab.page.is_visible(".panel-data")
    resize(tab, PHONE)
    inspect_by_keys(tab)
    card, stage, output, bar = boxes(tab, ".inspector", ".network-stage", ".panel-output", ".bar-main")
    assert stage["top"] >= bar["bottom"] - 1
    assert stage["bottom"] <= card["top"]
    assert stage["height"] >= 100
    assert card["top"] - output["top"] >= 120, "what the network answers is seen below the diagram"
    assert card["bottom"] <= PHONE[1]
    resize(tab, LOW[1])
    wide, seen = tab.page.eval_on_selector(".inspector-body", "body => [body.scrollWidth, body.clientWidth]")
    assert wide <= seen + 1, "no number is pushed out of it"
    assert tab.said == []


@pytest.mark.parametrize("theme", [long("light"), "projector"])
def test_the_bar_leaves_a_low_window_and_a_phone_to_the_network(tab: Tab, server: Backscope, theme: str) -> None:
    tab.open(server.url, f"theme={theme}&lang=en")
    for size in LOW:
        resize(tab, size)
        (bar,) = boxes(tab, ".bar")
        assert bar["height"] <= size[1] / 4, size
        for role in ("play", "learning-rate"):
            (control,) = boxes(tab, tab.role(role))
            assert control["left"] >= 0, role
            assert control["right"] <= size[0], role
        tab.page.focus(tab.role("theme"))  # what is out of sight is scrolled to
        (chosen,) = boxes(tab, tab.role("theme"))
        assert chosen["right"] <= size[0]
        tab.page.focus(tab.role("play"))
        tab.page.evaluate(BARELY_OUTSIDE, tab.role("lane-add"))
        tab.page.wait_for_timeout(50)
        (come_to,) = boxes(tab, tab.role("lane-add"))
        assert come_to["right"] <= size[0] - 20, "the keys lead to what is seen"
        tab.page.focus(tab.role("play"))
    resize(tab, PHONE)
    tops = tab.page.evaluate(
        """() => new Set([...document.querySelectorAll('.bar-top > *')].filter(e => e.getClientRects().length)
            .map(e => Math.round((e.getBoundingClientRect().top + e.getBoundingClientRect().bottom) / 2 / 12))).size"""
    )
    rows = 3 if theme == "projector" else 2  # in the large letters the preset has one of its own
    assert tops == rows, "rows of the bar on a phone"
    high = boxes(tab, ".bar-top")[0]["height"]
    for kind, words in UNUSUAL.items():
        tab.page.evaluate(SAY_STATUS, [kind, words])
        assert boxes(tab, ".bar-top")[0]["height"] == high, words
    for size in (PHONE, *LOW):  # a notice that is scrolled past passes below the bar
        resize(tab, size)
        assert tab.page.evaluate(BAR_OVER_NOTICE), size
    resize(tab, PHONE)
    tab.page.evaluate("() => { document.querySelector('.notice.tried').remove(); scrollTo(0, 0); }")
    tab.play()
    tab.until(lambda: tab.step() > 5)
    stage, bar = boxes(tab, ".network-stage", ".bar-main")
    assert stage["top"] >= bar["bottom"]
    assert stage["bottom"] <= PHONE[1], "the network is in sight once Play was pressed"
    assert tab.said == []


LANES = (
    ("optimizer", "Adam"),
    ("optimizer", "RMSprop"),
    ("normalization", None),
    ("initializer", None),
    ("optimizer", "Nadam"),
)


def add_lanes(tab: Tab) -> None:
    """Six lanes: the first is told from the others by everything that they change, so its name is long."""
    for count, (group, label) in enumerate(LANES, 2):
        tab.click("lane-add")
        choices = tab.page.locator(f'[data-group="{group}"] .lane-choice')
        (choices.filter(has_text=label).first if label else choices.last).click()
        tab.until(lambda count=count: tab.page.locator(".lane-chip").count() == count)  # type: ignore[misc]


def press(tab: Tab, role: str) -> None:
    tab.page.locator(tab.role(role)).first.evaluate("button => button.click()")
    tab.page.wait_for_timeout(150)


def states(tab: Tab) -> Iterator[str]:
    """One state of the page after the other, each left behind."""
    yield "start"
    tab.page.click('[data-form="matrix"]')
    tab.page.wait_for_selector(".boundary-cells button[aria-label]")
    yield "confusion"
    if tab.page.is_visible('[data-form="pad"]'):
        tab.page.click('[data-form="pad"]')
        assert boxes(tab, ".boundary-ink")[0]["width"] >= 90
        yield "a pad to draw on"
    tab.page.click("[data-form] >> nth=0")
    inspect_by_keys(tab)
    tab.page.wait_for_selector(tab.role("inspector-product"))
    yield "inspector"
    press(tab, "inspector-close")
    for dialog in ("settings", "upload-open", "cures"):
        press(tab, dialog)
        tab.page.wait_for_selector("dialog[open]")
        yield dialog
        tab.page.keyboard.press("Escape")
        tab.page.wait_for_selector("dialog[open]", state="hidden")
    press(tab, "laboratory")
    tab.page.wait_for_selector(".panel-lab canvas")
    yield "laboratory"
    press(tab, "laboratory-close")
    press(tab, "microscope")
    tab.page.wait_for_selector('[data-part="microscope"][data-phase]')
    for _ in range(2):
        tab.page.keyboard.press("ArrowRight")
    yield "slow motion"
    press(tab, "microscope-close")
    add_lanes(tab)
    tab.train(tab.step() + 60)
    yield "lanes"
    press(tab, "race")
    tab.page.wait_for_selector(".race-table tbody tr:nth-child(6)")
    yield "race"


CHOOSE = """chosen => Object.entries(chosen).forEach(([role, value]) => {
  const choice = document.querySelector(`select[data-role="${role}"]`);
  if (!choice || choice.value === value) return;
  choice.value = value;
  choice.dispatchEvent(new Event("change", {bubbles: true}));
})"""


def look_at(tab: Tab, size: tuple[int, int], theme: str, lang: str) -> None:
    """Everything is painted anew for this view; what was written before is not of it."""
    tab.page.evaluate(CHOOSE, {"theme": theme, "language": lang})
    resize(tab, (size[0], size[1] - 1))
    tab.page.evaluate("() => { __p_sight.clear(); window.__p_layout?.clear(); }")
    resize(tab, size)
    tab.page.wait_for_timeout(120)


CUT = """cells => [...document.querySelectorAll(cells)].filter(e => e.scrollWidth > e.clientWidth + 1)
  .map(e => e.innerText)"""
START = ((1366, 768), "light", "en")
#: The first three are the tightest: large letters, the longer language.
VIEWS = (
    ((1366, 768), "projector", "en"),
    ((1920, 1080), "projector", "en"),
    ((360, 740), "projector", "en"),
    ((1366, 768), "light", "en"),
    ((1366, 768), "projector", "zh"),
    ((1920, 1080), "dark", "zh"),
    ((360, 740), "light", "zh"),
    ((740, 360), "projector", "en"),
)


def small_print(tab: Tab, size: tuple[int, int]) -> list[str]:
    """What the last row cannot read; without a projector, what nobody can."""
    theme = tab.page.evaluate("document.documentElement.dataset.theme")
    least = {1366: 16, 1920: 22}.get(size[0], 7) if theme == "projector" else 7
    small: dict[str, list[str]] = tab.page.evaluate("least => __p_sight.smallPrint(least)", least)
    return [f"{px} px: {words}" for px, words in small.items()]


def views(state: str, number: int, *, every: bool) -> tuple[tuple[tuple[int, int], str, str], ...]:
    """The views to look at a state in: all, or one of them in turn; with lanes, which are the fullest, the tightest."""
    if every:
        return VIEWS
    return VIEWS[:3] if state == "lanes" else (VIEWS[number % len(VIEWS)],)


@pytest.mark.parametrize(
    ("preset", "every"),
    [("circle", False), *(long(name, True) for name in ("circle", "digits"))],
)
def test_nothing_is_cut_or_overprinted_and_the_last_row_can_read_it(
    tab: Tab, server: Backscope, preset: str, every: bool
) -> None:
    tab.page.add_init_script(path=Path(__file__).with_name("sight.js"))
    tab.open(server.url, f"theme=light&lang=en&preset={preset}")
    tab.train(60)
    faults = []
    for number, state in enumerate(states(tab)):
        for size, theme, lang in views(state, number, every=every):
            look_at(tab, size, theme, lang)
            where = f"{state}, {size[0]} {theme} {lang}: "
            faults += [where + fault for fault in tab.page.evaluate("__p_sight.spoilt()")]
            faults += [where + fault for fault in small_print(tab, size)]
        look_at(tab, *START)
    assert not faults, "\n".join(faults)
    assert tab.said == []


def spoilt(tab: Tab, state: str) -> list[str]:
    """What is wrong with a state, in every view; with its pictures, if somebody asked for them."""
    faults = []
    for size, theme, lang in VIEWS:
        look_at(tab, size, theme, lang)
        where = f"{state}, {size[0]} {theme} {lang}"
        if PICTURES:
            tab.page.screenshot(path=Path(PICTURES) / f"{where}.png".replace(" ", "-"))
        found = tab.page.evaluate("[...__p_sight.spoilt(), ...__p_layout.faults()]")
        faults += [f"{where}: {fault}" for fault in [*found, *small_print(tab, size)]]
    return faults


@pytest.mark.long
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("walk", WALKS)
def test_no_state_is_spoilt_in_any_view(tab: Tab, server: Backscope, walk: str) -> None:
    """Nothing is cut off, covered, printed or painted over another, or too small to be read from the last row."""
    for script in ("sight.js", "layout.js"):
        tab.page.add_init_script(path=Path(__file__).with_name(script))
    faults = []
    for state in WALKS[walk](tab, server):
        faults += spoilt(tab, state)
        look_at(tab, *START)
    assert not faults, "\n".join(faults)


def test_what_stands_over_a_low_page_is_whole(tab: Tab, server: Backscope) -> None:
    """The loss's card in the large letters, however low the diagram is; the digits of a small change; a window's head,
    though a notice is there.
    """
    tab.open(server.url, "theme=projector&lang=en&preset=regression")
    for height in (768, 720, 680):
        resize(tab, (1366, height))
        card, stage = boxes(tab, ".network-loss", ".network-stage")
        assert card["top"] >= stage["top"], height
        assert card["bottom"] <= stage["bottom"], height
    resize(tab, (1366, 768))
    tab.click("microscope")
    tab.page.wait_for_selector('.panel-microscope[data-phase^="input"]')
    for key, phase in (("End", "result"), ("ArrowLeft", "update")):
        tab.page.keyboard.press(key)
        tab.page.wait_for_selector(f'.panel-microscope[data-phase^="{phase}"]')
    cut = tab.page.evaluate(CUT, '[data-role="microscope-parameters"] :is(th, td)')
    assert not cut, "numbers of the update that are cut off"
    tab.click("microscope-close")
    tab.set_rate("100")
    tab.click("play")
    tab.page.wait_for_selector(".notice:visible")
    tab.click("cures")
    tab.click("depthmap")
    tab.click("depthmap-close")
    tab.page.wait_for_selector(".depthmap-window[open]", state="hidden")
    assert tab.said == []


def test_system_colours_and_paper_keep_what_colours_say(opened: Tab) -> None:
    opened.train(40)
    page = opened.page
    ground = "name => getComputedStyle(document.querySelector(name)).backgroundColor"
    page.emulate_media(forced_colors="active")
    canvas = page.evaluate(ground, ".panel")
    told = (
        ".timeline-done",
        ".timeline-bar",
        '.data-head [aria-pressed="true"]',
        '.network-feature[aria-pressed="true"]',
        '.plot-segment [aria-pressed="true"]',
        '.curves-head [data-curve="batch"] i',
    )
    for name in told:
        assert page.evaluate(ground, name) != canvas, name
    page.emulate_media(forced_colors="none", media="print")
    assert page.evaluate("getComputedStyle(document.querySelector('.plot-legend i')).printColorAdjust") == "exact"
    assert not page.is_visible(opened.role("play"))
    sheets = page.pdf(prefer_css_page_size=True)
    assert b"/Count 2" in sheets, "two sheets of paper"
