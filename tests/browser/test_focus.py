"""After any press by keyboard the focus is never lost; Escape closes the topmost and goes back to its button."""

from typing import Any

import pytest
from driver import Backscope, Tab
from states import states

#: What lies above the page, with the button that opens it there, or in what lies below it.
LAYERS = {
    '[data-part="settings"]': ["settings"],
    '[data-part="upload"]': ["upload-open"],
    '[data-part="cures"]': ["cures"],
    '[data-part="depthmap"]': ["cures", "depthmap"],
    '[data-part="maps"]': ["cures", "maps"],
    '[data-part="sweep"]': ["cures", "sweep"],
    '[data-part="share"]': ["share"],
    '[data-part="meanings"]': ["meanings"],
    '[data-part="microscope"]': ["microscope"],
    '[data-part="laboratory"]': ["laboratory"],
    '[data-role="lane-menu"]': ["lane-add"],
    '[data-part="picture"]': ["picture-of-network"],
    ".surface-options": ["surface-options"],
}
#: What covers the page, and rests it. The others are used together with it, where it is wide enough.
MODAL = {f'[data-part="{name}"]' for name in ("upload", "depthmap", "maps", "sweep", "share", "meanings")}
#: What the browser itself closes, at no Escape but a key's.
POPOVERS = ("lane-add", "picture-of-network")
#: Whether what lies below can still be reached, and whether what is said is heard and seen.
BELOW = """() => {
  const [had, play] = [document.activeElement, document.querySelector('[data-role="play"]')];
  const box = play.getBoundingClientRect();
  play.focus();
  const focused = document.activeElement === play;
  had.focus();
  const pressed = play.contains(document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2));
  const window = document.querySelector("dialog:modal");
  const said = ["toasts", "voice"].every(part => !window || window.querySelector(`[data-part="${part}"]`));
  return {focused, pressed, said};
}"""
#: What has the focus, if none of its points is seen.
HIDDEN = """() => {
  const e = document.activeElement;
  if (e === document.body) return null;
  const {left, top, width, height} = e.getBoundingClientRect();
  const seen = (x, y) => {
    const at = document.elementFromPoint(left + x * width, top + y * height);
    return at !== null && (e.contains(at) || at.contains(e) || [...(e.labels ?? [])].some(label => label.contains(at)));
  };
  if (!width || [0.1, 0.5, 0.9].some(x => [0.1, 0.5, 0.9].some(y => seen(x, y)))) return null;
  return `${e.dataset.role ?? e.className} "${e.textContent.trim().slice(0, 20)}"`;
}"""
#: Press buttons, each followed by Escape in the same moment: what they open is not there yet.
ASKED = """roles => {
  for (const role of roles) {
    document.querySelector(`[data-role="${role}"]`).click();
    document.body.dispatchEvent(new KeyboardEvent("keydown", {key: "Escape", bubbles: true, cancelable: true}));
  }
}"""
TWO_FRAMES = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
TOOLS = """() => {
  const seen = e => e.checkVisibility({visibilityProperty: true}) && e.getClientRects().length > 0;
  const keyOf = e => [e.dataset.role ?? "", e.className, e.getAttribute("aria-label") ?? e.textContent.trim(),
    Object.values(e.dataset).join()].join("|");
  const LAYERS = "dialog[open], :popover-open:not(.tip-card), " +
    ["microscope", "laboratory", "race", "inspector"].map(part => `[data-part=${part}]`).join();
  const layers = () => [...document.querySelectorAll(LAYERS)].filter(seen).length;
  const buttons = root => [...document.querySelector(root).querySelectorAll("button, summary")]
    .filter(e => seen(e) && !e.disabled && !e.closest("[inert]") && (root !== "body" || !e.closest("dialog")));
  const MANY = "table, .boundary-strip, .lane-groups";
  const alike = e => e.parentElement.closest(MANY)?.className ?? keyOf(e);
  window.__focus = {
    next(root, done) {
      const found = buttons(root).find(e => !done.includes(alike(e)));
      if (!found) return null;
      found.focus();
      window.__focus.last = found;
      return {key: alike(found), layers: layers()};
    },
    now() {
      const {activeElement: at, body} = document;
      const {last} = window.__focus;
      const lost = at === null || at === body || !seen(at);
      return {
        lost,
        at: lost ? "nothing" : keyOf(at),
        back: at === last || (!lost && keyOf(at) === keyOf(last)),
        able: last.isConnected && seen(last) && !last.disabled,
        layers: layers(),
      };
    },
  };
}"""


def settled(tab: Tab) -> dict[str, Any]:
    """Where the focus is once the page stands still: what a press asks the server for may rest its button meanwhile."""
    for _ in range(8):
        tab.page.wait_for_timeout(60)
        now: dict[str, Any] = tab.page.evaluate("__focus.now()")
        if not now["lost"]:
            break
    return now


def opened_by_keys(tab: Tab, roles: list[str]) -> None:
    for role in roles:
        tab.page.focus(tab.role(role))
        tab.page.evaluate("() => { __focus.last = document.activeElement; }")
        tab.page.keyboard.press("Enter")
        tab.page.wait_for_timeout(150)


def out_of_sight(tab: Tab, among: list[str]) -> list[str]:
    """Come by keys to the controls of a page that something lies over; those of which nothing is seen then."""
    found = []
    for control in tab.page.locator(",".join(among)).all()[::3]:
        if not control.is_visible() or not control.is_enabled():
            continue
        control.evaluate("control => control.focus({focusVisible: true})")
        tab.page.evaluate(TWO_FRAMES)
        found.append(tab.page.evaluate(HIDDEN))
    assert found
    return [f"out of sight: {name}" for name in found if name]


def test_what_is_opened_by_keys_takes_the_focus_and_escape_gives_it_back(opened: Tab) -> None:
    page = opened.page
    roles = {roles[0]: layer for layer, roles in LAYERS.items() if roles[0] not in POPOVERS}
    page.evaluate(ASKED, list(roles))
    page.wait_for_selector(".surface-explore:visible")
    page.wait_for_timeout(500)
    wrong = [f"{layer} comes though Escape was pressed" for layer in roles.values() if page.is_visible(layer)]
    page.evaluate(TOOLS)
    for layer, roles in LAYERS.items():
        opened_by_keys(opened, roles)
        page.wait_for_selector(f"{layer}:visible")
        settled(opened)
        if not page.evaluate("layer => document.querySelector(layer).contains(document.activeElement)", layer):
            wrong.append(f"{layer} does not take the focus")
        below = page.evaluate(BELOW)
        if layer in MODAL and (below["focused"] or below["pressed"] or not below["said"]):
            wrong.append(f"below {layer}: {below}")
        if layer not in MODAL and not below["focused"]:
            wrong.append(f"{layer} rests the page")
        for role in reversed(roles):
            page.keyboard.press("Escape")
            page.wait_for_timeout(100)
            at = page.evaluate("document.activeElement.dataset.role ?? document.activeElement.className")
            if at != role:
                wrong.append(f"Escape in {layer} leads to {at!r}, not to {role!r}")
        if page.is_visible(layer):
            wrong.append(f"{layer} is still there after Escape")
    opened_by_keys(opened, ["settings"])
    wrong += out_of_sight(opened, [".panel-network button", ".panel-gradients button"])
    page.focus('[data-role="stop-steps"]')
    for width, beside in ((360, False), (1366, True), (360, False)):  # as a page narrows, a window comes to cover it
        page.set_viewport_size({"width": width, "height": 740})
        page.evaluate(TWO_FRAMES)
        below, at = page.evaluate(BELOW), page.evaluate("document.activeElement.dataset.role")
        if below["focused"] != beside or not below["said"] or at != "stop-steps":
            wrong.append(f"settings at {width} px: {below}, focus at {at}")
    page.keyboard.press("Escape")
    opened_by_keys(opened, ["microscope"])
    wrong += out_of_sight(opened, [".panel-data button", ".panel-data input"])
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    opened_by_keys(opened, ["settings"])
    below = page.evaluate(BELOW)
    if below["focused"] or not below["said"]:
        wrong.append(f"on a phone below the settings: {below}")
    page.keyboard.press("Escape")
    page.wait_for_selector('.notices > [data-part="toasts"]', state="attached")  # all is back in its place
    assert not wrong, "\n".join(wrong)
    assert opened.said == []


def press_all(tab: Tab, root: str, roles: list[str]) -> list[str]:
    """Press every button of a part of the page once; what went wrong."""
    page = tab.page
    done: list[str] = []
    wrong = []
    while True:
        if roles and not page.is_visible(root):
            page.keyboard.press("Escape")
            opened_by_keys(tab, roles)
        found = page.evaluate("([root, done]) => __focus.next(root, done)", [root, done])
        if found is None:
            return wrong
        done.append(found["key"])
        page.keyboard.press("Enter")
        now = settled(tab)
        where = f"{root}: {found['key']}"
        if now["lost"]:
            wrong.append(f"{where} loses the focus")
        if now["layers"] > found["layers"]:
            page.keyboard.press("Escape")
            now = settled(tab)
            if now["layers"] > found["layers"]:
                wrong.append(f"{where} opens what Escape does not close")
            elif now["lost"] or (now["able"] and not now["back"]):
                wrong.append(f"{where} has not got the focus back, but {now['at']}")


@pytest.mark.long
@pytest.mark.timeout(600)
@pytest.mark.parametrize("preset", ["circle", "digits", "rosenbrock"])
def test_no_button_loses_the_focus(tab: Tab, server: Backscope, preset: str) -> None:
    page = tab.open(server.url, f"lang=en&theme=light&preset={preset}").page
    page.wait_for_selector(".surface-explore:visible")
    page.evaluate(TOOLS)
    tab.click("step")
    wrong = press_all(tab, "body", [])
    for layer, roles in LAYERS.items():
        tab.open(server.url, f"lang=en&theme=light&preset={preset}")
        page.wait_for_selector(".surface-explore:visible")
        page.evaluate(TOOLS)
        if page.is_visible(tab.role(roles[0])):
            wrong += press_all(tab, layer, roles)
    assert not wrong, "\n".join(wrong)
    assert tab.said == []


#: Notes what can be pressed or focused and plays; then says what of that is there no more, and rests.
NOTE = """() => {
  window.__kept = [...document.querySelectorAll("button, a[href], input, select, textarea, summary, [tabindex]")]
    .filter(one => one.getClientRects().length);
  document.querySelector('[data-role="play"]').click();
  return window.__kept.length;
}"""
GONE = """() => {
  document.querySelector('[data-role="play"]').click();
  return window.__kept.filter(one => !one.isConnected).map(one => one.outerHTML.slice(0, 160));
}"""
#: Here training stands, or a panel that had failed draws again: its words go.
APART = ("slow motion", "no connection", "failed panels")


@pytest.mark.long
@pytest.mark.timeout(600)
def test_what_can_be_pressed_stays_while_it_trains(tab: Tab, server: Backscope) -> None:
    """What is made anew between the press of a button and its release is not pressed, and loses the focus."""
    found: dict[str, list[str]] = {}
    looked = 0
    for name in states(tab, server, every=False):
        if name.startswith(APART):
            continue
        looked += tab.page.evaluate(NOTE) > 10
        tab.page.wait_for_timeout(1500)
        if gone := tab.page.evaluate(GONE):
            found[name] = gone
    assert looked > 25
    assert not found, "\n".join(f"{name}: {one}" for name, gone in found.items() for one in gone)
