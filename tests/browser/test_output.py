"""The output view and the diagram under a hand: inputs, the probe, the pad and the confusion matrix."""

import math
import re

from driver import Backscope, Tab, value_of

STAGE = ".boundary-stage"
CARD = ".network-card"


def drag(tab: Tab, selector: str, *places: tuple[float, float]) -> None:
    """Press at the first place, in shares of the element, move through the others, let go."""
    box = tab.page.locator(selector).bounding_box()
    assert box is not None
    points = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in places]
    tab.page.mouse.move(*points[0])
    tab.page.mouse.down()
    for point in points[1:]:
        tab.page.mouse.move(*point, steps=3)
    tab.page.mouse.up()


def arc(x: float, y: float, rx: float, ry: float, start: float, end: float) -> list[tuple[float, float]]:
    turns = [math.radians(start + (end - start) * i / 16) for i in range(17)]
    return [(x + rx * math.cos(turn), y + ry * math.sin(turn)) for turn in turns]


def loss_node(tab: Tab) -> str:
    return tab.page.inner_text(".network-loss-sample").strip()


def weight_card(tab: Tab) -> dict[str, float]:
    """Point at a weight of the default diagram, and read the numbers of its card."""
    page = tab.page
    box = page.locator(".network-stage").bounding_box()
    assert box is not None
    for share in range(20, 90, 3):
        page.mouse.move(box["x"] + box["width"] * 0.42, box["y"] + box["height"] * share / 100)
        page.wait_for_timeout(60)
        if page.locator(f"{CARD} [data-part=update]").is_visible():
            break
    parts = ("weight", "gradient", "update")
    told = [page.inner_text(f"{CARD} [data-part={part}] + dd") for part in parts]
    return dict(zip(parts, map(value_of, told), strict=True))


def test_the_card_of_a_weight_tells_its_last_update(opened: Tab) -> None:
    opened.click("step")
    opened.until(lambda: opened.step() == 1)
    opened.page.wait_for_timeout(150)
    rate = float(opened.page.input_value(opened.role("learning-rate")))
    card = weight_card(opened)
    assert card["gradient"] != 0
    assert math.isclose(card["update"], -rate * card["gradient"], rel_tol=0.02)
    assert opened.said == []


def test_inputs_are_chosen_below_the_diagram_and_the_plane_stays(opened: Tab) -> None:
    page = opened.page
    names = "() => [...document.querySelectorAll('.network-feature[aria-pressed=true]')].map(e => e.dataset.feature)"
    assert page.evaluate(names) == ["x1", "x2"]
    page.click("[data-feature=x1_squared]")
    page.click("[data-feature=sin_x2]")
    page.click("[data-feature=x2]")
    opened.until(lambda: page.evaluate(names) == ["x1", "x1_squared", "sin_x2"])
    opened.until(lambda: page.inner_text(".network-end >> nth=0").split() == ["Input", "3"])
    assert page.locator(STAGE).is_visible()
    for name in ("x1", "x1_squared"):
        page.click(f"[data-feature={name}]")
    page.click("[data-feature=sin_x2]")
    opened.until(lambda: page.evaluate(names) == ["sin_x2"])
    opened.play()
    opened.until(lambda: opened.step() > 20)
    assert opened.said == []


def test_a_probe_has_activations_and_no_target(opened: Tab) -> None:
    page = opened.page
    assert loss_node(opened) == "sample 1"
    drag(opened, STAGE, (0.5, 0.3), (0.4, 0.4), (0.35, 0.45))
    page.wait_for_selector(".boundary-probe")
    opened.until(lambda: loss_node(opened) == "probe")
    told = page.locator(".network-loss dd").all_inner_texts()
    assert (told[0], told[2]) == ("–", "–")
    assert re.fullmatch(r"[−\d.]+", told[1])
    answer = page.inner_text(".boundary-readout")
    page.focus(".boundary-probe")
    for _ in range(6):
        page.keyboard.press("ArrowRight")
    opened.until(lambda: page.inner_text(".boundary-readout") != answer)
    assert opened.step() == 0
    page.keyboard.press("Escape")
    page.wait_for_selector(".boundary-probe", state="hidden")
    assert loss_node(opened) == "sample 1"
    answer = page.locator(".network-loss dd >> nth=1").inner_text()
    page.click(".boundary-mark")
    page.wait_for_selector(".boundary-probe")
    opened.until(lambda: loss_node(opened) == "probe")
    assert page.locator(".network-loss dd >> nth=1").inner_text() == answer, "it begins at the sample"
    page.click(".boundary-mark")
    page.wait_for_selector(".boundary-probe", state="hidden")
    assert loss_node(opened) == "sample 1"
    gone_on = """async () => {
      document.querySelector(".boundary-mark").click();
      document.querySelector(".network-stage").focus();
      for (let frame = 0; frame < 3; frame++) await new Promise(requestAnimationFrame);
      return document.activeElement.className;
    }"""
    assert "network-stage" in page.evaluate(gone_on), "who has gone on is not called back"
    assert opened.said == []


def test_a_drawn_digit_is_read_while_it_is_drawn(tab: Tab, server: Backscope) -> None:
    page = tab.open(server.url, "lang=en&theme=light&preset=digits").page
    tab.choose("speed", "0")
    tab.play()
    tab.until(lambda: tab.number("accuracy") >= 97, 40)
    tab.pause()
    page.click("[data-form=pad]")
    assert page.inner_text(".boundary-truth") == "Nothing drawn yet"
    zero = arc(0.5, 0.5, 0.25, 0.4, -90, 270)
    three = [*arc(0.48, 0.3, 0.2, 0.2, -160, 90), *arc(0.48, 0.7, 0.24, 0.2, -90, 150)]
    for digit, strokes in (("0", zero), ("3", three)):
        drag(tab, ".boundary-ink", *strokes)
        tab.until(lambda digit=digit: re.match(rf"This looks like {digit}: \d", page.inner_text(".boundary-truth")))
        assert loss_node(tab) == "probe"
        page.click(".boundary-clear")
        tab.until(lambda: page.inner_text(".boundary-truth") == "Nothing drawn yet")
    assert loss_node(tab).startswith("sample")
    page.focus(".boundary-ink")
    for key in ("Shift+Tab", "Tab"):  # by keyboard, as who draws with keys comes there: after a press, Space plays
        page.keyboard.press(key)
    page.wait_for_selector(".boundary-ink:focus")
    page.keyboard.press("Space")
    for _ in range(12):
        page.keyboard.press("ArrowDown")
    tab.until(lambda: re.match(r"This looks like \d", page.inner_text(".boundary-truth")))
    page.keyboard.press("Escape")
    page.wait_for_selector(".boundary-strip")
    assert loss_node(tab).startswith("sample")
    assert tab.said == []


def test_the_confusion_matrix_counts_all_and_leads_to_its_samples(tab: Tab, server: Backscope) -> None:
    page = tab.open(server.url, "lang=en&theme=light&preset=digits").page
    page.click("[data-form=matrix]")
    counts = "() => [...document.querySelectorAll('.boundary-cells td button')].map(e => Number(e.textContent))"
    tab.until(lambda: sum(page.evaluate(counts)) > 0)
    total = page.inner_text(".boundary-total")
    found = re.fullmatch(r"[\d.]+\s%\sright: ([\d,]+) of ([\d,]+)", total)
    assert found is not None, total
    cells = page.evaluate(counts)
    right, of = (int(count.replace(",", "")) for count in found.groups())
    assert sum(cells) == of
    assert sum(cells[::11]) == right
    page.click(".boundary-sets button >> nth=1")
    tested = page.evaluate(counts)
    assert 0 < sum(tested) < sum(cells)
    place = next(k for k, count in enumerate(tested) if count and k % 11)
    page.click(f".boundary-cells td button >> nth={place}")
    page.wait_for_selector(".boundary-picked")
    expected = f"Test: {place // 10} taken for {place % 10}: {tested[place]}"
    assert page.inner_text(".boundary-picked span") == expected
    told = f"It is {place // 10}, taken for {place % 10}"
    tab.until(lambda: page.inner_text(".boundary-truth") == told)
    shown = page.locator(".boundary-thumb").count()
    assert shown == min(shown, tested[place])
    page.keyboard.press("Escape")
    page.wait_for_selector(".boundary-picked", state="hidden")
    assert tab.said == []


def test_cells_bring_samples_of_the_plane_out(opened: Tab) -> None:
    page = opened.page
    before = page.evaluate(f"document.querySelectorAll('{STAGE} canvas')[1].toDataURL()")
    page.click("[data-form=matrix]")
    page.wait_for_selector(".boundary-cells button:not(.none)")
    opened.until(lambda: page.locator(".boundary-cells button.wrong").count() > 0)
    page.locator(".boundary-cells button.wrong").first.click()
    page.wait_for_selector(".boundary-picked")
    opened.until(lambda: page.evaluate(f"document.querySelectorAll('{STAGE} canvas')[1].toDataURL()") != before)
    page.click(".boundary-picked button")
    assert page.locator(".boundary-picked").is_hidden()
    assert opened.said == []


def test_samples_are_painted_moved_and_erased_by_pointer_and_keys_and_undone(opened: Tab) -> None:
    page = opened.page

    def undoes(words: str) -> None:
        opened.until(lambda: words in (page.get_attribute(opened.role("undo"), "aria-label") or ""), what=words)

    opened.click("step")
    opened.until(lambda: opened.step() == 1)
    opened.click("paint")
    page.click("[data-tool='1']")
    drag(opened, STAGE, (0.3, 0.12), (0.3, 0.12))
    undoes("Undo: 1 painted sample (")
    drag(opened, STAGE, (0.2, 0.1), (0.9, 0.1))
    undoes("painted samples (")
    page.keyboard.press("Control+z")
    undoes("Undo: 1 painted sample (")
    page.click("[data-tool=move]")
    drag(opened, STAGE, (0.3, 0.12), (0.95, 0.12))
    page.click("[data-tool=erase]")
    page.focus(STAGE)
    page.keyboard.press("2")
    page.wait_for_selector(".boundary-probe")
    page.focus(".boundary-probe")
    page.keyboard.press("2")
    undoes("Undo: 2 painted samples")
    page.keyboard.press("m")
    place = page.get_attribute(".boundary-probe", "aria-label")
    page.keyboard.press("Shift+ArrowUp")
    opened.until(lambda: page.get_attribute(".boundary-probe", "aria-label") != place)
    page.keyboard.press("m")
    undoes("Undo: 3 painted samples, 1 erased sample (")  # the drawn sample that the probe began at was moved
    page.keyboard.press("Delete")
    undoes("Undo: 2 painted samples, 1 erased sample (")
    opened.click("step")
    opened.until(lambda: opened.step() == 2)
    assert page.locator(".boundary-readout").inner_text() != ""
    assert opened.said == []
