"""Every preset as it is seen: captions name what is shown, one name has one number, and what is promised is there."""

import re
from typing import Any

import pytest
from backscope.server.wire.claims import CLAIMS, BornDead, Explodes, Vanishes
from backscope.server.wire.presets import PRESETS, SHOWN
from driver import Backscope, Tab
from test_measures import SEEN, shown

#: Words that somebody can see, hear or ask for, with where they stand.
WORDS = """() => {
  const at = e => e.tagName.toLowerCase() + '.' + (e.className.baseVal ?? e.className) + ' ' + (e.dataset?.role ?? '');
  const found = [];
  for (const e of document.querySelectorAll('body *')) {
    if (!e.checkVisibility() || e.closest('script, style, noscript')) continue;
    const own = [...e.childNodes].filter(n => n.nodeType === 3).map(n => n.textContent.trim()).join(' ').trim();
    const named = ['aria-label', 'data-tip', 'aria-description', 'aria-valuetext', 'placeholder', 'alt']
      .map(name => e.getAttribute(name)).filter(Boolean);
    for (const words of [own, ...named]) if (words) found.push([at(e), words]);
  }
  return found;
}"""
#: What has to say something and says nothing.
EMPTY = """() => [...document.querySelectorAll('h1, h2, h3, dt, dd, th, label, legend, figcaption, button, option')]
  .filter(e => e.checkVisibility() && !e.textContent.trim() && !e.getAttribute('aria-label') && !e.querySelector('svg'))
  .map(e => e.outerHTML.slice(0, 160))"""
#: No words: a gap in what was filled in, a key without words, a hyphen for a minus sign, a number as code writes it.
GAP = re.compile(r"undefined|\bnull\b|\[object|\{\w+|\bplural\b|^[a-z]+\.[a-z_]+$|(?<![\w.)-])-\d|\d[eE][+-]?\d")


def read(tab: Tab, *, finite: bool = True) -> None:
    """Fail where words are no words, or where one name has two numbers."""
    said = [(place, words) for place, words in tab.page.evaluate(WORDS) if GAP.search(words)]
    if finite:
        said += [(place, words) for place, words in tab.page.evaluate(WORDS) if re.search(r"\bNaN\b", words)]
    said += [("says nothing", element) for element in tab.page.evaluate(EMPTY)]
    assert not said
    groups: dict[str, list[tuple[float, float, str]]] = {}
    for one in tab.page.evaluate(SEEN):
        if not re.search(r"· \d", one["label"]) and any(c.isdigit() for c in one["text"]):
            groups.setdefault(one["measure"], []).append((*shown(one["text"]), one["label"]))
    for name, numbers in groups.items():
        for value, half, label in numbers:
            first, other, where = numbers[0]
            assert abs(value - first) <= 1.01 * (half + other), (name, where, label)
    track = tab.page.locator('[role="slider"][aria-valuenow]').first
    assert int(track.get_attribute("aria-valuenow") or -1) == tab.step()


#: What is said of networks alone.
OF_NETWORKS = re.compile(r"first batch|every layer|training set|new weights|neuron|sample|accuracy", re.IGNORECASE)
NOTICE = ".notice:visible"


def promised(tab: Tab, name: str) -> None:
    """Fail unless the page shows what is claimed of a preset: it trains as far as that takes."""
    page = tab.page
    explodes = [claim for claim in CLAIMS[name] if isinstance(claim, Explodes)]
    for claim in explodes:
        for _ in range(claim.steps):
            if page.is_enabled(tab.role("step")):
                tab.click("step")
                tab.settle()
        assert page.locator(NOTICE).count(), "it diverges, and a notice says so"
        read(tab, finite=False)
    if explodes:
        return
    before = tab.number("loss")
    tab.train(20, speed="20")  # a function without a bottom is soon left
    read(tab)
    if any(isinstance(claim, BornDead) for claim in CLAIMS[name]):
        tab.train(80)  # it is told once it has held for a while
        tab.until(lambda: page.locator(NOTICE).count() > 0, what="a notice that it is dead")
    else:
        assert tab.number("loss") < before or name == "tutorial"
    if any(isinstance(claim, Vanishes) for claim in CLAIMS[name]):
        assert page.locator('.gradients-factor[data-kind="vanishing"]').count(), "gradients vanish, and it says so"
    if PRESETS[name].on_landscape:
        words = [words for place, words in page.evaluate(WORDS) if OF_NETWORKS.search(words) and "option" not in place]
        assert not words


@pytest.mark.long
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_every_preset_says_what_it_shows(tab: Tab, server: Backscope, lang: str) -> None:
    tab.open(server.url, f"lang={lang}&theme=light")
    wrong: dict[str, Any] = {}
    for name in PRESETS:
        try:
            tab.page.evaluate("document.querySelectorAll('.toast').forEach(toast => toast.remove())")
            tab.choose("preset", name)
            if "sweep" in SHOWN.get(name, {}):
                tab.page.wait_for_selector('[data-part="sweep"][open]')
                tab.page.keyboard.press("Escape")
            tab.until(lambda: tab.step() == 0)
            tab.settle()
            read(tab)
            promised(tab, name)
        except (AssertionError, pytest.fail.Exception) as error:
            wrong[name] = str(error)[:1500]
    assert not wrong, "\n".join(f"{name}: {what}" for name, what in wrong.items())
    assert not tab.said
