"""In any state, theme and language axe-core finds nothing, no element has a title, and no control is too small."""

from pathlib import Path

import axe_playwright_python
import pytest
from driver import Backscope, Tab
from states import THEMES, states

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text("utf-8")
#: WCAG 2.2 AA and what axe-core calls best practice: ids of rules with the places that break them. Ticks that an open
#: menu covers take its buttons for their background.
LOOK = """() => axe.run({exclude: [".rate-ticks"]}, {resultTypes: ["violations"], runOnly: [
  "wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}).then(({violations}) => [
    ...violations.flatMap(({id, nodes}) => nodes.map(({target, html, any, all, none}) =>
      `${id}: ${target.join(" ")} ${html.slice(0, 120)} ${[...any, ...all, ...none][0]?.message ?? ""}`)),
    ...[...document.querySelectorAll("[title]")].map(one => `title: ${one.outerHTML.slice(0, 120)}`)])"""
#: What looks much like another state is left to the long test.
ALIKE = ("playing", "lab-why", "lab-norm", "lab-speed", "inspector, another", "surface,", "lanes", "digits, samples")
WIDE, NARROW = {"width": 1366, "height": 768}, {"width": 360, "height": 740}
SMALL = "() => new Promise(done => requestAnimationFrame(() => setTimeout(() => done(__p_targets.tooSmall()), 30)))"
THEME = """theme => {
  const choice = document.querySelector('[data-role="theme"]');
  if (choice.value === theme) return false;
  choice.value = theme;
  choice.dispatchEvent(new Event("change", {bubbles: true}));
  return true;
}"""


def walk(tab: Tab, server: Backscope, lang: str, *, every: bool) -> None:
    """Look at every state in all themes and both widths, or at most of them: three in each theme, every second one on a
    phone too.
    """
    found: dict[str, str] = {}
    tab.page.add_init_script(AXE)
    tab.page.add_init_script(path=Path(__file__).with_name("targets.js"))
    looked = 0
    for name in states(tab, server, lang, every=every):
        if not every and name.startswith(ALIKE):
            continue
        looked += 1
        if not every and looked % 2:
            continue
        for theme in THEMES if every else [THEMES[looked // 3 % len(THEMES)]]:
            if tab.page.evaluate(THEME, theme):
                tab.page.wait_for_timeout(150)  # colours pass over
            for breach in tab.page.evaluate(LOOK):
                found.setdefault(breach, f"{name}, {theme}")
        for size in (NARROW, WIDE) if every or looked % 2 else ():
            tab.page.set_viewport_size(size)
            for small in tab.page.evaluate(SMALL):
                found.setdefault(f"too small: {small}", f"{name}, {size['width']}")
    assert not found, "\n".join(f"{where}: {breach}" for breach, where in found.items())


@pytest.mark.timeout(300)
def test_axe_finds_nothing(tab: Tab, server: Backscope) -> None:
    walk(tab, server, "en", every=False)


@pytest.mark.long
@pytest.mark.timeout(900)
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_axe_finds_nothing_in_any_theme(tab: Tab, server: Backscope, lang: str) -> None:
    walk(tab, server, lang, every=True)
