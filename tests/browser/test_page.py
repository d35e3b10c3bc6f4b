"""The page in a real browser, as a student, a teacher and an engineer use it."""

import base64
import json
import math
import re
import zlib

import pytest
from driver import Backscope, Tab, link
from playwright.sync_api import Browser

SIZES = {"1366": (1366, 768), "1920": (1920, 1080), "360": (360, 740)}


LOOKS = (("light", "en"), ("dark", "zh"), ("projector", "zh"), ("projector", "en"))
VIEWS = (
    *("network", "surface", "loss-curve", "gradients", "dataset"),
    *("optimizer", "activation", "status", "theme", "language"),
)


@pytest.mark.long
def test_every_view_is_there_and_nothing_is_wider_than_the_window(tab: Tab, server: Backscope) -> None:
    theme, lang = LOOKS[-1]
    tab.open(server.url, f"theme={theme}&lang={lang}")
    tab.play()
    tab.until(lambda: tab.step() > 3)
    for size, (width, height) in SIZES.items():
        tab.page.set_viewport_size({"width": width, "height": height})
        for theme, lang in (LOOKS[-1], LOOKS[1])[: 1 + (size == "1366")]:  # large letters are the tightest
            tab.choose("theme", theme)
            tab.choose("language", lang)
            words = {"en": ("Training", "Paused"), "zh": ("训练中", "已暂停")}[lang]
            tab.until(lambda words=words: tab.text("status") in words)  # type: ignore[misc]
            assert tab.page.evaluate("document.documentElement.dataset.theme") == theme
            for role in VIEWS:
                box = tab.page.locator(tab.role(role)).bounding_box()
                folded = size == "360" and role in ("optimizer", "activation")
                assert folded or (box is not None and box["width"] > 10 and box["height"] > 10), (size, role)
            assert tab.page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, (size, theme, lang)
            if size != "360":
                beyond = tab.page.evaluate("document.documentElement.scrollHeight - innerHeight")
                assert beyond <= 0, (size, theme, lang)
        tab.pause()
    assert tab.said == []


def test_hooks_carry_plain_numbers_and_words(opened: Tab) -> None:
    opened.click("step")
    opened.until(lambda: opened.step() == 1)
    for role in ("loss", "test-loss"):
        assert 0 < opened.number(role) < 10
    assert opened.text("epoch") == "0"
    assert opened.text("status") == "Paused"
    assert float(opened.page.input_value(opened.role("learning-rate"))) > 0
    assert opened.page.get_attribute(opened.role("play"), "aria-pressed") == "false"


def test_the_page_exposes_nothing_global(opened: Tab) -> None:
    names = opened.page.evaluate("""() => { const frame = document.createElement('iframe'); document.body.append(frame);
        const clean = new Set(Object.getOwnPropertyNames(frame.contentWindow)); frame.remove();
        return Object.getOwnPropertyNames(window).filter(name => !clean.has(name) && !/^\\d+$/.test(name)); }""")
    allowed = {"__pwInitScripts", "__playwright__binding__", "__playwright_builtins__"}
    assert set(names) - allowed - {name for name in names if name.startswith("__p")} == set()


def test_training_lowers_the_loss_and_pause_stops_it(opened: Tab) -> None:
    before = opened.number("loss")
    opened.train(100)
    stopped = opened.step()
    opened.page.wait_for_timeout(300)
    assert opened.step() == stopped
    assert opened.number("loss") < before


def test_steps_forward_and_back_give_the_same_loss(opened: Tab) -> None:
    losses = [opened.text("loss")]
    for n in range(1, 6):
        opened.click("step")
        opened.until(lambda n=n: opened.step() == n)  # type: ignore[misc]
        losses.append(opened.text("loss"))
    assert len(set(losses)) > 3
    for n in range(4, -1, -1):
        opened.click("step-back")
        opened.until(lambda n=n: opened.step() == n)  # type: ignore[misc]
        assert opened.text("loss") == losses[n]


def test_reset_keeps_the_seed_and_a_new_seed_changes_the_weights(opened: Tab) -> None:
    start = opened.text("loss")
    opened.play()
    opened.until(lambda: opened.step() > 30)
    opened.click("reset")
    opened.until(lambda: opened.step() == 0 or opened.text("loss") == start)
    opened.pause()
    opened.click("reset")
    opened.until(lambda: opened.step() == 0)
    assert opened.text("loss") == start
    opened.click("reseed")
    opened.until(lambda: opened.text("loss") != start)


def test_typed_learning_rate_acts_on_the_next_step(opened: Tab) -> None:
    opened.set_rate("0")
    opened.play()
    opened.until(lambda: opened.step() > 20)
    still = opened.text("loss")
    opened.until(lambda: opened.step() > 60)
    assert opened.text("loss") == still
    opened.set_rate("0.3")
    opened.until(lambda: opened.text("loss") != still)


def test_bad_learning_rate_is_refused_in_words_and_changes_nothing(opened: Tab) -> None:
    rate = opened.page.input_value(opened.role("learning-rate"))
    for bad in ("abc", "", "-1", "101"):
        opened.set_rate(bad)
        opened.page.wait_for_selector(opened.role("learning-rate") + '[aria-invalid="true"]')
        if bad in ("-1", "101"):
            opened.page.wait_for_selector(f'.toast:has-text("must lie in [0, 100], got {bad.replace("-", "−")}")')
        opened.page.press(opened.role("learning-rate"), "Escape")
        assert opened.page.input_value(opened.role("learning-rate")) == rate, bad


def test_slider_and_text_agree_while_training(opened: Tab) -> None:
    opened.play()
    slider = opened.page.locator(opened.role("learning-rate-slider"))
    box = slider.bounding_box()
    assert box is not None
    opened.page.mouse.move(box["x"] + box["width"] * 0.3, box["y"] + box["height"] / 2)
    opened.page.mouse.down()
    for k in range(30, 60):
        opened.page.mouse.move(box["x"] + box["width"] * k / 100, box["y"] + box["height"] / 2)
    opened.page.mouse.up()
    shown = float(opened.page.input_value(opened.role("learning-rate")))
    opened.page.wait_for_timeout(300)
    assert float(opened.page.input_value(opened.role("learning-rate"))) == shown
    assert float(slider.input_value()) == pytest.approx(math.log10(shown), abs=0.01)
    assert 0.01 < shown < 1


def test_reload_comes_back_to_the_same_session_and_step(opened: Tab) -> None:
    opened.set_rate("0.07")
    opened.train(40)
    step, loss = opened.step(), opened.text("loss")
    opened.page.reload()
    opened.wait_ready()
    opened.until(lambda: opened.step() == step)
    assert opened.text("loss") == loss
    assert opened.page.input_value(opened.role("learning-rate")) == "0.07"
    address = f"{opened.page.url}#{link({'data': {'name': 'xor'}}, 3)}"
    opened.page.goto("about:blank")
    opened.page.goto(address)
    opened.wait_ready()
    opened.until(lambda: opened.step() == 3)
    opened.click("step")
    opened.until(lambda: opened.step() == 4)
    opened.page.reload()  # a link opens its run once
    opened.wait_ready()
    opened.until(lambda: opened.step() == 4)


def test_each_tab_has_a_session_of_its_own(opened: Tab, browser: Browser, server: Backscope) -> None:
    opened.click("step")
    opened.until(lambda: opened.step() == 1)
    second = Tab(opened.page.context.new_page()).open(server.url, "lang=en")
    assert second.step() == 0
    with opened.page.context.expect_page() as popup:  # a tab that starts with a copy of the first one's storage
        opened.page.evaluate("window.open(location.href)")
    copy = Tab(popup.value)
    copy.wait_ready()
    assert copy.step() == 0
    copy.click("step")
    copy.until(lambda: copy.step() == 1)
    copy.click("step")
    copy.until(lambda: copy.step() == 2)
    assert opened.step() == 1


@pytest.mark.long
def test_killed_server_comes_back_to_the_same_step(tab: Tab, own_server: Backscope) -> None:
    tab.open(own_server.url, "lang=en")
    tab.set_rate("0.05")
    tab.train(50)
    step, loss = tab.step(), tab.text("loss")
    own_server.stop(kill=True)
    tab.until(lambda: tab.text("status") == "Disconnected")
    assert "It is tried again by itself." in tab.page.inner_text(".notice")
    own_server.start()
    tab.until(lambda: tab.text("status") == "Paused", 20)
    tab.until(lambda: tab.step() == step)
    assert tab.text("loss") == loss
    assert tab.page.input_value(tab.role("learning-rate")) == "0.05"


def test_divergence_is_explained_and_cured(tab: Tab, server: Backscope) -> None:
    tab.open(server.url, "lang=en&theme=light")
    tab.choose("dataset", "plane")
    tab.page.wait_for_selector(".toast")
    tab.play()
    tab.until(lambda: tab.step() > 50)
    tab.set_rate("90")
    tab.until(lambda: tab.text("status") == "Diverged")
    notice = tab.page.inner_text(".notice")
    assert re.search(r"step \d+; the learning rate 90 is the likely cause", notice), notice
    assert tab.page.get_attribute(tab.role("play"), "aria-pressed") == "false"
    assert tab.page.is_disabled(tab.role("play"))
    tab.page.click(".notice .primary")
    tab.until(lambda: tab.text("status") in ("Training", "Paused"))
    assert float(tab.page.input_value(tab.role("learning-rate"))) < 90
    tab.play()
    step = tab.step()
    tab.until(lambda: tab.step() > step + 50)
    assert tab.number("loss") < 10
    assert tab.said == []


def test_live_edits_do_not_restart(opened: Tab) -> None:
    opened.play()
    opened.until(lambda: opened.step() > 30)
    opened.choose("optimizer", "adam")
    opened.page.wait_for_selector('[data-role="beta1"]')
    opened.page.fill('[data-role="beta1"]', "0.5")
    opened.page.press('[data-role="beta1"]', "Enter")
    opened.page.check('[data-role="full-batch"]')
    step = opened.step()
    opened.until(lambda: opened.step() > step + 20)
    assert opened.page.input_value('[data-role="beta1"]') == "0.5"
    assert opened.page.is_checked('[data-role="full-batch"]')


@pytest.mark.long
def test_every_data_set_trains_and_says_that_it_restarts(opened: Tab) -> None:
    for name in ("xor", "gauss", "spiral", "plane", "gaussian", "truth_table", "digits", "circle"):
        opened.play()
        opened.until(lambda: opened.step() > 5)
        opened.page.evaluate("document.querySelectorAll('.toast').forEach(toast => toast.remove())")
        opened.choose("dataset", name)
        opened.page.wait_for_selector('.toast:has-text("Started again from seed 0")')
        opened.play()
        opened.until(lambda: opened.step() > 10)
        assert opened.number("loss") > 0, name
    assert opened.said == []


def test_language_and_theme_change_at_once_and_are_remembered(opened: Tab, server: Backscope) -> None:
    opened.choose("language", "zh")
    opened.until(lambda: opened.text("status") == "已暂停")
    assert opened.page.inner_text("#title-network") == "网络"
    opened.choose("theme", "dark")
    assert opened.page.evaluate("document.documentElement.dataset.theme") == "dark"
    opened.page.goto(server.url)
    opened.wait_ready()
    assert opened.text("status") == "已暂停"
    assert opened.page.evaluate("document.documentElement.dataset.theme") == "dark"


def test_a_link_carries_the_run(opened: Tab, browser: Browser, server: Backscope) -> None:
    opened.edited_run()
    opened.page.evaluate("navigator.clipboard.writeText = async text => { window.__p_link = text; }")
    opened.click("share")
    opened.click("share-link")
    opened.page.wait_for_selector(".toast")
    link = opened.page.evaluate("window.__p_link")
    other = Tab(browser.new_context(locale="en-US").new_page())
    other.page.goto(link)
    other.wait_ready()
    other.until(lambda: other.step() == 4)
    assert other.text("loss") == opened.text("loss")
    assert other.page.input_value(other.role("learning-rate")) == "0.5"
    assert other.page.locator('.toast:has-text("parts")').all_inner_texts() == []
    packed = link.split("#run=z.")[1]
    run = json.loads(zlib.decompress(base64.urlsafe_b64decode(packed + "=" * (-len(packed) % 4)), -15))
    assert run["made"]["steps"] == [1, 2, 3, 4]
    run["made"]["losses"][2] *= 1.5  # as a run that goes another way after the edit
    there = base64.urlsafe_b64encode(json.dumps(run).encode()).decode()
    other.page.goto("about:blank")
    other.page.goto(f"{server.url}?lang=en#run={there}")
    other.page.wait_for_selector('.toast:has-text("This run parts")')
    other.page.context.close()


def test_keyboard_plays_and_steps(opened: Tab) -> None:
    opened.page.click("h1")
    opened.page.keyboard.press("ArrowRight")
    opened.until(lambda: opened.step() == 1)
    opened.page.keyboard.press("ArrowLeft")
    opened.until(lambda: opened.step() == 0)
    opened.page.keyboard.press("Space")
    opened.until(lambda: opened.step() > 10)
    opened.page.keyboard.press("Space")
    opened.page.wait_for_selector(opened.role("play") + '[aria-pressed="false"]')


@pytest.mark.parametrize(
    ("button", "opened"),
    [
        ("settings", "dialog[data-part=settings][open] select"),
        ("microscope", '[data-part="microscope"][data-phase]'),
        ("upload-open", "dialog[data-part=upload][open] textarea"),
    ],
)
def test_what_comes_after_the_first_picture_opens_at_once_when_it_is_asked_for(
    tab: Tab, server: Backscope, button: str, opened: str
) -> None:
    tab.open(server.url, "lang=en&preset=circle")
    tab.click(button)
    tab.page.wait_for_selector(opened)
    assert tab.said == []


def test_what_the_address_asks_for_in_vain_is_said_and_the_page_opens_all_the_same(tab: Tab, server: Backscope) -> None:
    tab.open(server.url, "lang=en&preset=nonsense")
    tab.page.wait_for_selector('.toast:has-text("nonsense")')
    assert "preset" not in tab.page.evaluate("location.search")
    tab.click("step")
    tab.until(lambda: tab.step() == 1)
    tab.page.goto("about:blank")
    tab.open(server.url, "lang=en#run=AAAA")
    tab.page.wait_for_selector('.toast:has-text("No run could be read")')


@pytest.mark.long
@pytest.mark.parametrize("theme", ["light", "projector"])
def test_the_bar_fits_at_every_width(tab: Tab, server: Backscope, theme: str) -> None:
    tab.open(server.url, f"lang=en&theme={theme}")
    tab.set_rate("0.0000123")
    for width in (360, 480, 641, 761, 900, 1101, 1180, 1251, 1301, 1366):
        tab.page.set_viewport_size({"width": width, "height": 768})
        tab.page.wait_for_timeout(100)
        assert tab.page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, width
        rate = tab.page.locator(tab.role("learning-rate"))
        assert rate.evaluate("e => e.scrollWidth - e.clientWidth") <= 0, f"{rate.input_value()} at {width}"
        strip, share = (tab.page.locator(tab.role(name)).bounding_box() for name in ("lane-add", "share"))
        assert strip
        assert share
        beside = strip["x"] + strip["width"] <= share["x"]
        below = share["y"] + share["height"] <= strip["y"] or strip["y"] + strip["height"] <= share["y"]
        assert beside or below, width  # on a phone they stand in rows of their own


def test_a_rate_that_is_no_number_is_refused_in_words(opened: Tab) -> None:
    before = opened.page.input_value(opened.role("learning-rate"))
    opened.set_rate("abc")
    opened.page.wait_for_selector('.toast:has-text("abc")')
    opened.page.press(opened.role("learning-rate"), "Escape")
    assert opened.page.input_value(opened.role("learning-rate")) == before
