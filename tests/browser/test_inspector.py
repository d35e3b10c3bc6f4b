"""The inspector: numbers that agree with the gradient and with differences, and edits that are kept."""

import json
import random

import pytest
from backscope.server.wire import presets
from driver import Backscope, Tab, link, long, value_of

CARD = '[data-role="inspector"]'
# To the diagram's next neuron and into its inspector, faster than any frame is painted.
TWO_KEYS = """() => {
  const press = key => document.activeElement.dispatchEvent(new KeyboardEvent("keydown", {key, bubbles: true}));
  ["ArrowRight", "Enter"].forEach(press);
}"""
DEFAULT = presets.PRESETS[presets.DEFAULT]
PRESETS = ("circle", "spiral", "digits", "deep_sigmoid", "regression")
#: The widest is looked into by every run of the tests: ten outputs, pictures.
LOOKED_INTO = (
    ("digits", 3),
    *(long(preset, 30) for preset in PRESETS),
)


def stage_box(tab: Tab) -> dict[str, float]:
    box = tab.page.locator(".network-stage").bounding_box()
    assert box is not None
    return dict(box)


def shut(tab: Tab) -> None:
    if tab.page.locator(CARD).is_visible():
        tab.click("inspector-close")
        tab.page.wait_for_selector(CARD, state="hidden")


# Clicks at places of the diagram, one after the other, until a weight is open: its sign and title, or null.
CLICK_ABOUT = """async places => {
  const painted = () => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
  const words = part => document.querySelector(`.inspector-${part}`)?.textContent ?? "";
  const card = document.querySelector('[data-role="inspector"]');
  for (const [x, y] of places) {
    if (!card.hidden) {
      document.querySelector('[data-role="inspector-close"]').click();
      await painted();
    }
    const {left, top, width, height} = document.querySelector(".network-stage").getBoundingClientRect();
    const at = {clientX: left + x * width, clientY: top + y * height, bubbles: true, button: 0, isPrimary: true};
    const under = document.elementFromPoint(at.clientX, at.clientY);
    if (!under || under.closest("button, select")) continue;
    for (const kind of ["pointermove", "pointerdown", "pointerup"]) under.dispatchEvent(new PointerEvent(kind, at));
    under.dispatchEvent(new MouseEvent("click", at));
    await painted();
    if (!card.hidden && /from|bias/.test(words("title"))) return words("sign") + words("title");
  }
  return null;
}"""


def pick_weight(tab: Tab, rng: random.Random) -> str:
    """Click about the diagram until a weight is open; return its name."""
    tab.page.wait_for_selector(CARD, state="attached")  # it comes after the first picture
    tab.page.locator(".network-stage").scroll_into_view_if_needed()
    name = tab.page.evaluate(CLICK_ABOUT, [[rng.uniform(0.03, 0.8), rng.uniform(0.03, 0.97)] for _ in range(400)])
    assert name, "no weight found in the diagram"
    return str(name)


def open_weight(tab: Tab) -> None:
    """Open a weight of the default network by keys: from the second input to the third neuron."""
    tab.page.wait_for_selector(CARD, state="attached")
    tab.page.focus(".network-stage")
    for key in ("ArrowDown", "ArrowDown", "Shift+ArrowRight", "Shift+ArrowUp", "Enter"):
        tab.page.keyboard.press(key)
    tab.page.wait_for_selector('.inspector-title:has-text("from input 2 to neuron 3 of layer 1")')


def value(tab: Tab, name: str) -> float:
    raw = tab.page.locator(tab.role(name)).first.get_attribute("data-value")
    assert raw is not None
    number = json.loads(raw)
    assert isinstance(number, (int, float)), raw
    return float(number)


def measure(tab: Tab) -> bool:
    """Press the button; return whether there was a derivative to compare with."""
    tab.click("inspector-check")
    tab.page.wait_for_selector(tab.role("inspector-verdict") + " p", timeout=20_000)
    return tab.page.locator(tab.role("inspector-numeric")).count() > 0


@pytest.mark.parametrize(("preset", "count"), LOOKED_INTO)
def test_product_equals_streamed_gradient_and_difference_agrees(
    tab: Tab, server: Backscope, preset: str, count: int
) -> None:
    rng = random.Random(preset)
    tab.open(server.url, f"lang=en&theme=light&preset={preset}")
    tab.train(40, 30)
    seen: set[str] = set()
    measured = told = 0
    while len(seen) < count:
        name = pick_weight(tab, rng)
        if name in seen:
            continue
        seen.add(name)
        tab.click("inspector-batch")
        tab.page.wait_for_selector(tab.role("inspector-streamed"))
        tab.page.wait_for_selector(f"{CARD} {tab.role('inspector-product')}")
        product, streamed = tab.text("inspector-product"), tab.text("inspector-streamed")
        assert product == streamed, name
        if measure(tab):
            measured += 1
            analytic, numeric = value(tab, "inspector-analytic"), value(tab, "inspector-numeric")
            error = value(tab, "inspector-error")
            assert abs(analytic - numeric) <= error + 1e-15, name
            assert error <= 1e-4 * abs(analytic) + 1e-9, name  # an estimate that allows everything says nothing
            told += 1e-3 * abs(analytic) > error
            assert tab.page.get_attribute(tab.role("inspector-verdict"), "data-agree") == "true"
        tab.click("inspector-sample")
    assert measured >= count / 3
    assert told >= count / 3  # weights whose gradient the difference confirms to three digits
    assert tab.said == []


@pytest.mark.long
def test_three_factors_make_the_product(opened: Tab) -> None:
    opened.click("step")
    opened.until(lambda: opened.step() == 1)
    open_weight(opened)
    names = ("inspector-factor-dC_da", "inspector-factor-da_dz", "inspector-factor-dz_dw")
    opened.page.wait_for_selector(opened.role(names[0]))
    numbers = [value_of(opened.page.inner_text(f"{opened.role(name)} output >> nth=0")) for name in names]
    product = value_of(opened.text("inspector-product"))
    assert numbers[0] * numbers[1] * numbers[2] == pytest.approx(product, rel=3e-3)


def test_it_stays_and_stays_live_while_training_goes_on(opened: Tab) -> None:
    open_weight(opened)
    opened.click("inspector-batch")
    opened.play()
    seen = set()
    for _ in range(12):
        opened.page.wait_for_timeout(120)
        step = opened.page.get_attribute(CARD, "data-step")
        assert step is not None
        seen.add(step)
        both = opened.page.evaluate(
            """() => ["inspector-product", "inspector-streamed"].map(
                role => document.querySelector(`[data-role="${role}"]`)?.textContent)"""
        )
        assert both[0] == both[1]
    assert len(seen) > 6
    opened.pause()
    assert opened.page.locator(CARD).is_visible()
    opened.page.keyboard.press("Escape")
    opened.page.wait_for_selector(CARD, state="hidden")


@pytest.mark.long
def test_a_sum_unfolds_path_by_path(tab: Tab, server: Backscope) -> None:
    deep = {"data": {"name": "circle"}, "network": {"hidden": [8] * 6, "activation": "sigmoid"}}
    tab.open(server.url, f"lang=en&theme=light#{link(deep)}")
    box = stage_box(tab)
    rng = random.Random(5)
    for _ in range(300):  # a weight of the first layer, so that there is depth above it
        shut(tab)
        tab.page.mouse.click(box["x"] + 0.1 * box["width"], box["y"] + rng.uniform(0.05, 0.95) * box["height"])
        tab.page.wait_for_timeout(60)
        if tab.page.locator(CARD).is_visible() and "from input" in tab.page.inner_text(".inspector-title"):
            break
    tab.click("inspector-factor-dC_da")
    tab.page.wait_for_selector(".inspector-block .inspector-term")
    assert tab.page.locator(".inspector-block .inspector-term").count() == 9  # eight neurons and the sum
    tab.page.locator(".inspector-small[aria-expanded]").first.click()
    tab.page.wait_for_selector(".inspector-block .inspector-block " + tab.role("inspector-factor-dC_da"))
    tab.click("inspector-factor-dC_da")
    tab.page.wait_for_selector(".inspector-block", state="detached")


@pytest.mark.long
def test_an_input_tells_what_it_feeds_and_how_the_loss_answers(opened: Tab) -> None:
    opened.train(30)
    opened.page.focus(".network-stage")
    opened.page.evaluate(TWO_KEYS)
    opened.page.wait_for_selector(f"{CARD} {opened.role('inspector-product')}")
    title = opened.page.inner_text(".inspector-title")
    assert title.startswith("input")
    assert opened.page.inner_text(f"{CARD} {opened.role('inspector-a')}") != ""
    fed = opened.page.locator(".inspector-chain .inspector-term:not(.inspector-all)")
    assert fed.count() == DEFAULT.network.hidden[0]
    assert measure(opened)
    assert abs(value(opened, "inspector-numeric") - value(opened, "inspector-analytic")) <= value(
        opened, "inspector-error"
    )
    step = opened.step()
    opened.click("inspector-batch")
    opened.page.wait_for_selector(f"{CARD} .inspector-batch {opened.role('inspector-product')}")
    opened.click("step")
    opened.until(lambda: opened.page.get_attribute(CARD, "data-step") == str(step + 1))
    assert opened.page.inner_text(".inspector-title") == title
    assert opened.said == []


@pytest.mark.long
def test_pointing_at_a_factor_marks_the_diagram_and_back(opened: Tab) -> None:
    open_weight(opened)
    sheet = opened.page.locator(".network-sheet").last
    opened.page.wait_for_selector(opened.role("inspector-factor-dz_dw"))
    opened.page.mouse.move(5, 400)
    opened.page.wait_for_timeout(200)
    before = sheet.evaluate("canvas => canvas.toDataURL()")
    opened.page.hover(opened.role("inspector-factor-dz_dw"))
    opened.until(lambda: sheet.evaluate("canvas => canvas.toDataURL()") != before)
    opened.page.mouse.move(5, 400)
    opened.page.wait_for_timeout(200)
    box = stage_box(opened)

    def lit(k: int, rest: int) -> bool:
        opened.page.mouse.move(box["x"] + 50, box["y"] + k / 40 * box["height"])
        opened.page.wait_for_timeout(rest)
        return opened.page.locator(f"{opened.role('inspector-factor-dz_dw')}.lit").count() > 0

    assert any(lit(k, rest) for rest in (40, 400) for k in range(1, 40))  # slower where the page is


def test_an_edited_weight_is_an_event_that_stepping_back_undoes(opened: Tab) -> None:
    for n in (1, 2, 3):
        opened.click("step")
        opened.until(lambda n=n: opened.step() == n)  # type: ignore[misc]
    open_weight(opened)
    field = opened.role("inspector-value")
    opened.page.wait_for_selector(f"{field}:enabled")
    loss, before = opened.text("loss"), opened.page.input_value(field)
    opened.page.fill(field, "1.75")
    opened.page.press(field, "Enter")
    opened.until(lambda: opened.text("loss") != loss)
    edited = opened.text("loss")
    opened.click("step")
    opened.until(lambda: opened.step() == 4)
    opened.click("step-back")
    opened.until(lambda: opened.step() == 3)
    assert opened.text("loss") == edited
    opened.click("step-back")
    opened.until(lambda: opened.step() == 2)
    opened.click("step")
    opened.until(lambda: opened.step() == 3)
    assert opened.text("loss") == edited
    assert before != "1.75"
    opened.page.reload()
    opened.wait_ready()
    opened.until(lambda: opened.step() == 3 and opened.text("loss") == edited)


def test_dragging_a_weight_moves_the_loss_at_once(opened: Tab) -> None:
    open_weight(opened)
    slider = opened.page.locator(opened.role("inspector-slider"))
    slider.scroll_into_view_if_needed()
    box = slider.bounding_box()
    assert box is not None
    losses = set()
    opened.page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    opened.page.mouse.down()
    for k in range(5, 10):
        opened.page.mouse.move(box["x"] + box["width"] * k / 10, box["y"] + box["height"] / 2)
        opened.until(lambda: opened.text("loss") not in losses, what=f"another loss at place {k}")
        losses.add(opened.text("loss"))
    opened.page.mouse.up()
    assert opened.said == []


def test_a_bad_value_is_refused_and_changes_nothing(opened: Tab) -> None:
    open_weight(opened)
    field = opened.role("inspector-value")
    opened.page.wait_for_selector(f"{field}:enabled")
    opened.until(lambda: opened.page.input_value(field) != "")
    before, loss = opened.page.input_value(field), opened.text("loss")
    for bad in ("abc", "", "1e9"):
        opened.page.fill(field, bad)
        opened.page.press(field, "Enter")
        opened.page.wait_for_selector(field + '[aria-invalid="true"]')
        opened.page.press(field, "Escape")
        assert opened.page.input_value(field) == before, bad
        assert opened.text("loss") == loss, bad


@pytest.mark.long
@pytest.mark.parametrize(("lang", "theme"), [("zh", "projector"), ("en", "light")])
def test_it_fits_and_covers_nothing_it_speaks_of(tab: Tab, server: Backscope, lang: str, theme: str) -> None:
    tab.open(server.url, f"lang={lang}&theme={theme}")
    for width, height in ((1366, 768), (360, 740), (800, 900), (2560, 1440)):
        shut(tab)
        tab.page.set_viewport_size({"width": width, "height": height})
        tab.page.wait_for_timeout(200)
        stage = tab.page.locator(".network-stage")
        stage.scroll_into_view_if_needed()
        stage.focus()
        for key in ("ArrowRight", "ArrowRight", "Enter"):
            tab.page.keyboard.press(key)
            tab.page.wait_for_timeout(100)
        tab.page.wait_for_selector(f"{CARD} {tab.role('inspector-product')}")
        tab.page.wait_for_timeout(200)
        box = tab.page.locator(CARD).bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width
        assert box["y"] + box["height"] <= height
        over = tab.page.evaluate(
            """() => [...document.querySelectorAll('.inspector-body *')].filter(
                e => e.scrollWidth > e.clientWidth + 1 && getComputedStyle(e).overflowX === 'visible'
                    && getComputedStyle(e).display !== 'inline' && e.clientWidth > 0
                    && !e.closest('math, .inspector-scroll, .inspector-formula')
            ).map(e => e.className + ' ' + e.textContent)"""
        )
        assert over == [], width
        body = tab.page.locator(".inspector-body")
        assert body.evaluate("e => e.scrollWidth - e.clientWidth") <= 0
        assert tab.page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    assert tab.said == []
