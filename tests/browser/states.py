"""The states that the page can be in, one after the other on one tab, for what must hold in each of them."""

from collections.abc import Iterator

from driver import Backscope, Tab

THEMES = ("light", "dark", "projector")


def states(tab: Tab, server: Backscope, lang: str = "en") -> Iterator[str]:
    """Walk the page through its states; the name of each, once it is there."""
    page = tab.page
    tab.open(server.url, f"lang={lang}&theme=light")
    page.wait_for_selector(".surface-explore:visible")
    yield "start"
    yield from run(tab)
    yield from dialogs(tab)
    yield from side_by_side(tab)
    yield from digits(tab, server, lang)
    yield from functions(tab, server, lang)


def run(tab: Tab) -> Iterator[str]:
    """A run that plays, is looked into, and diverges."""
    page = tab.page
    tab.play()
    tab.until(lambda: tab.step() > 40)
    yield "playing"
    tab.pause()
    for key, kind in (("ArrowRight", "neuron"), ("ArrowDown", "another neuron")):
        page.focus(".network-stage")
        page.keyboard.press(key)
        page.keyboard.press("Enter")
        page.wait_for_selector(".inspector:visible")
        yield f"inspector, {kind}"
    tab.click("inspector-close")
    tab.click("laboratory")
    for name in tab.page.eval_on_selector_all('[role="tab"]', "tabs => tabs.map(tab => tab.dataset.role)"):
        tab.click(name)
        yield name
    tab.click("laboratory-close")
    tab.choose("preset", "regression")
    tab.until(lambda: tab.step() == 0)
    tab.choose("optimizer", "sgd")
    tab.set_rate("10")
    tab.play()
    page.wait_for_selector(".notice:visible")
    yield "diverged"
    tab.choose("preset", "circle")
    tab.until(lambda: tab.step() == 0)


def dialogs(tab: Tab) -> Iterator[str]:
    """What opens above the page."""
    page = tab.page
    tab.click("settings")
    page.wait_for_selector(".settings-window[open]")
    yield "all settings"
    tab.click("settings-close")
    tab.click("upload-open")
    tab.page.fill(tab.role("upload-text"), "a,b,kind\n1,2,yes\n3,4,no\n5,1,yes\n2,2,no\n")
    page.wait_for_selector(".upload-choices:visible")
    yield "upload"
    tab.click("upload-close")
    tab.click("cures")
    page.wait_for_selector(".cures-window[open]")
    yield "cures"
    tab.click("depthmap")
    page.wait_for_selector(".depthmap-window[open]")
    yield "depth map"
    tab.click("depthmap-close")
    if page.locator(".cures-window[open]").count():
        page.keyboard.press("Escape")
    page.click(".surface-options-button, .surface-buttons button >> nth=0")
    yield "options of the surface"
    page.keyboard.press("Escape")
    for mode in page.eval_on_selector_all(".panel-surface [data-mode]", "all => all.map(one => one.dataset.mode)"):
        page.click(f'.panel-surface [data-mode="{mode}"]')
        yield f"surface, {mode}"
    page.click(".panel-surface [data-mode] >> nth=0")


def slow_motion(tab: Tab) -> Iterator[str]:
    """Every kind of phase of one step."""
    page = tab.page
    tab.click("microscope")
    panel = page.locator(".panel-microscope")
    page.wait_for_selector('.panel-microscope[data-phase="input:0"]')
    seen: set[str] = set()
    while True:
        phase = panel.get_attribute("data-phase") or ""
        kind = phase.split(":")[0]
        if kind not in seen:
            yield f"slow motion, {kind}"
        seen.add(kind)
        if phase.startswith("result"):
            break
        page.keyboard.press("ArrowRight")
        page.wait_for_selector(f'.panel-microscope:not([data-phase="{phase}"])')
    tab.click("microscope-close")


def side_by_side(tab: Tab) -> Iterator[str]:
    """Lanes, their menu and their race."""
    page = tab.page
    for k in range(2):
        tab.click("lane-add")
        page.wait_for_selector(".lane-menu:popover-open")
        if k == 0:
            yield "menu of lanes"
        page.click(".lane-menu .lane-choice:enabled >> nth=0")
        tab.until(lambda k=k: page.locator("[data-lane].lane-chip, .lane-strip [data-lane]").count() >= k + 2)
    tab.click("step")
    yield "lanes"
    tab.click("race")
    page.wait_for_selector(tab.role("race-table"))
    yield "race"
    tab.click("race-close")


def digits(tab: Tab, server: Backscope, lang: str) -> Iterator[str]:
    """Pictures, and every form in which the answers can be seen."""
    page = tab.open(server.url, f"lang={lang}&theme=light&preset=digits").page
    tab.click("step")
    forms = page.eval_on_selector_all("[data-form]", "all => all.map(one => one.dataset.form)")
    for form in forms:
        page.click(f'[data-form="{form}"]')
        if form == "matrix":
            page.wait_for_selector(".boundary-cells button[aria-label]")
        yield f"digits, {form}"
    page.click(f'[data-form="{forms[0]}"]')
    tab.open(server.url, f"lang={lang}&theme=light&preset=tutorial")
    yield "truth table"


def functions(tab: Tab, server: Backscope, lang: str) -> Iterator[str]:
    """A function of two parameters instead of a network."""
    tab.open(server.url, f"lang={lang}&theme=light&preset=rosenbrock")
    tab.click("step")
    yield "landscape"
