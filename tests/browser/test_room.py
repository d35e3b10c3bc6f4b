"""Words have room: none is cut, and none lies on another, at any width, in both languages and all themes."""

import pytest
from driver import Tab, long

THEMES = ("light", "dark", "projector")
WIDTHS = (360, 700, 1101, 1366, 1920, 2560)
WORDS = {"en": "The path has left this window", "zh": "路径已离开此窗口"}
# Both at once is rare, and the longest there is: what a long computation says, and a path that left.
CROWD = """([words, plane]) => {
  const one = part => document.querySelector(`.panel-surface ${part}`);
  for (const part of [".surface-stop", ".surface-note", ".surface-home"]) one(part).hidden = false;
  one(".surface-stop span").textContent = "128 × 128 · 100 %";
  one(".surface-note").textContent = words;
  one(".surface-tools select").value = plane;
  const boxes = ["h2", ".surface-tools", ".surface-stop", ".surface-note", ".surface-buttons"].map(one);
  return [one(".surface-head").parentElement, ...boxes].map(part => {
    const {left, right, top, bottom} = part.getBoundingClientRect();
    return [left, top, right, bottom];
  });
}"""

Box = list[float]


def apart(one: Box, other: Box) -> bool:
    """Whether two boxes (left, top, right, bottom) have no point in common, to half a pixel."""
    return one[2] <= other[0] + 0.5 or other[2] <= one[0] + 0.5 or one[3] <= other[1] + 0.5 or other[3] <= one[1] + 0.5


def inside(inner: Box, outer: Box) -> bool:
    return inner[0] >= outer[0] - 0.5 and inner[2] <= outer[2] + 0.5 and inner[1] >= outer[1] - 0.5


@pytest.mark.long
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_words_above_the_surface_have_room(opened: Tab, lang: str) -> None:
    page = opened.page
    opened.choose("language", lang)
    page.wait_for_selector(".surface-explore:visible")
    for theme in THEMES:
        opened.choose("theme", theme)
        for width in WIDTHS if theme != "dark" else WIDTHS[::3]:  # letters are as large there as in the light
            page.set_viewport_size({"width": width, "height": 768})
            for plane in ("pca", "sharpest"):
                panel, title, tools, stop, note, buttons = page.evaluate(CROWD, [WORDS[lang], plane])
                where = f"{lang}, {theme}, {plane}, {width} px"
                assert apart(title, tools), where
                assert all(inside(box, panel) for box in (title, tools, stop, note, buttons)), where
                assert apart(stop, note), where
                assert apart(stop, buttons), where
                assert apart(note, buttons), where
    assert opened.said == []


@pytest.mark.parametrize("theme", [long("light"), "projector"])
def test_the_left_panel_does_not_scroll(opened: Tab, theme: str) -> None:
    """At 1366 × 768, whatever numbers the optimizer brings along."""
    page, parts = opened.page, opened.page.locator(".data-parts")
    opened.choose("theme", theme)
    for optimizer, number in (("sgd", ""), ("adam", "beta1"), ("rmsprop", "alpha"), ("momentum", "momentum")):
        opened.choose("optimizer", optimizer)
        if number:
            page.wait_for_selector(f".hyperparameters {opened.role(number)}")
        assert parts.evaluate("part => part.scrollHeight <= part.clientHeight"), optimizer
    opened.choose("optimizer", "rmsprop")
    page.wait_for_selector(f".hyperparameters {opened.role('alpha')}")
    shape = page.locator("details.group").last
    assert not shape.evaluate("group => group.open")
    shape.locator("summary").click()
    page.wait_for_selector(opened.role("initializer"))  # what a hand opens stays open


def test_pictures_of_data_sets_or_of_functions(opened: Tab) -> None:
    page = opened.page
    sets, functions = page.locator('[data-name="circle"]'), page.locator('[data-name="bowl"]')
    assert sets.is_visible()
    assert not functions.is_visible()
    page.click('[data-sort="functions"]')
    assert not sets.is_visible()
    functions.click()
    opened.until(lambda: page.input_value(opened.role("dataset")) == "bowl")
    opened.click("reset")
    page.click('[data-sort="sets"]')
    page.locator('[data-name="xor"]').click()
    opened.until(lambda: page.input_value(opened.role("dataset")) == "xor")
    assert page.get_attribute('[data-sort="sets"]', "aria-pressed") == "true"
    assert opened.said == []
