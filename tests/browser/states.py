"""The states that the page can be in, one after the other on one tab, for what must hold in each of them."""

from collections.abc import Iterator

from driver import Backscope, Tab, link
from playwright.sync_api import WebSocketRoute

#: Saturated from its first step on, which is said in a notice.
SATURATED = {
    "data": {"name": "circle"}, "network": {"hidden": [6, 3]}, "initializer": "he_normal",
    "optimizer": {"name": "sgd", "learning_rate": 100},
}  # fmt: skip
THEMES = ("light", "dark", "projector")


def states(tab: Tab, server: Backscope, lang: str = "en", *, every: bool = True) -> Iterator[str]:
    """Walk the page through its states; the name of each, once it is there. Without `every`, not through those that
    are waited for long.
    """
    page = tab.page
    tab.open(server.url, f"lang={lang}&theme=light")
    page.wait_for_selector(".surface-explore:visible")
    yield "start"
    yield from run(tab)
    yield from slow_motion(tab, every=every)
    yield from dialogs(tab)
    yield from windows(tab, every=every)
    yield from side_by_side(tab)
    yield from digits(tab, server, lang)
    yield from functions(tab, server, lang)
    if every:
        yield from symptom(tab, server, lang)
    yield from broken(tab, server, lang)


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
        page.wait_for_selector(".inspector[data-step]")
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
    tab.click("play")  # not `play`: it may have diverged before anybody saw it run
    page.wait_for_selector(".notice:visible")
    yield "diverged"
    tab.choose("preset", "circle")
    tab.until(lambda: tab.step() == 0)


def dialogs(tab: Tab) -> Iterator[str]:
    """What opens above the page."""
    page = tab.page
    if page.is_visible(tab.role("gallery")):
        tab.click("gallery")
    else:  # in large letters it stands among the presets only
        tab.choose("preset", "gallery")
    page.wait_for_selector(".gallery-window[open] .gallery-card")
    yield "gallery"
    tab.click("gallery-close")
    tab.click("page")
    yield "simple page"
    tab.click("page")
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
    tab.click("surface-options")
    page.wait_for_selector(".surface-options:visible")
    yield "options of the surface"
    page.keyboard.press("Escape")
    page.click(".surface-explore")
    page.wait_for_selector("dialog.explore[open]")
    yield "large picture of the surface"
    page.keyboard.press("Escape")
    page.wait_for_selector("dialog.explore", state="detached")
    for mode in page.eval_on_selector_all(".panel-surface [data-mode]", "all => all.map(one => one.dataset.mode)"):
        page.click(f'.panel-surface [data-mode="{mode}"]')
        yield f"surface, {mode}"
    page.click(".panel-surface [data-mode] >> nth=0")


def windows(tab: Tab, *, every: bool) -> Iterator[str]:
    """What is large enough for a window of its own."""
    page = tab.page
    tab.click("share")
    page.wait_for_selector(tab.role("share-step"))
    yield "share"
    tab.click("share-close")
    tab.click("meanings")
    page.wait_for_selector('[data-part="meanings"][open]')
    yield "meanings"
    tab.click("meanings-graph")
    page.wait_for_selector(".graph-node")
    yield "graph"
    tab.click("graph-close")
    tab.click("picture-of-network")
    tab.click("picture-table")
    yield "table"
    tab.click("table-close")
    tab.click("cures")
    tab.click("sweep")
    page.fill(tab.role("sweep-x-values"), "0.01, 1")
    page.fill(tab.role("sweep-y-values"), "0.5 2")
    tab.click("sweep-run")
    cells = page.locator('[data-part="sweep"] .depthmap-cell')
    if every:
        tab.until(lambda: cells.count() == 4 and all(cells.all_inner_texts()), what="all cells of the sweep")
    yield "sweep"
    page.keyboard.press("Escape")
    page.wait_for_selector('[data-part="sweep"]', state="hidden")
    if not page.is_visible(tab.role("maps")):
        tab.click("cures")
    tab.click("maps")
    for choice, value in {"width": "2", "steps": "50", "size": "64"}.items():
        page.select_option(tab.role(f"maps-{choice}"), value)
    if every:
        tab.until(lambda: tab.text("maps-dimension") != "", 60, what="the whole map")
    yield "maps"
    for window in ("maps", "cures"):
        if page.is_visible(tab.role(f"{window}-close")):
            tab.click(f"{window}-close")


def slow_motion(tab: Tab, *, every: bool) -> Iterator[str]:
    """Every kind of phase of one step, or the first two and the last."""
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
        page.keyboard.press("ArrowRight" if every or len(seen) < 2 else "End")
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


def symptom(tab: Tab, server: Backscope, lang: str) -> Iterator[str]:
    """A notice of what goes wrong, with what helps."""
    tab.page.goto("about:blank")  # another fragment alone would not load the page anew
    tab.open(server.url, f"lang={lang}&theme=light#{link(SATURATED)}")
    tab.choose("speed", "300")
    tab.play()
    tab.page.wait_for_selector('.notice:not([hidden])[data-kind="symptom"]')
    tab.pause()
    yield "symptom"


def broken(tab: Tab, server: Backscope, lang: str) -> Iterator[str]:
    """Panels that cannot paint, and a server that is gone."""
    page = tab.page
    sockets: list[WebSocketRoute] = []

    def between(socket: WebSocketRoute) -> None:
        sockets.append(socket)
        if len(sockets) == 1:
            socket.connect_to_server()

    page.route_web_socket("**/ws/**", between)
    tab.open(server.url, f"lang={lang}&theme=light")
    page.evaluate("() => { CanvasRenderingContext2D.prototype.clearRect = () => { throw new Error('no paint'); }; }")
    tab.choose("theme", "dark")  # all views paint at once
    page.wait_for_selector(".panel-failed")
    yield "failed panels"
    sockets[0].close()
    page.wait_for_selector(f"{tab.role('play')}:disabled")
    page.wait_for_timeout(300)
    yield "no connection"
