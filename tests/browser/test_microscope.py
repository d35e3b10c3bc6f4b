"""Slow motion in a real browser: every phase of one step shows the numbers of the core's own step."""

import numpy as np
import pytest
from backscope.core import DataConfig, NetworkConfig, OptimizerConfig, RunConfig, Trainer
from backscope.core.run.preview import Preview, Units
from driver import Backscope, Tab, link, long, value_of
from playwright.sync_api import Browser

PANEL = '[data-part="microscope"]'
RUNS = {
    "sigmoid, bce, SGD": RunConfig(
        data=DataConfig("circle"), network=NetworkConfig((4, 2), "sigmoid"), optimizer=OptimizerConfig("sgd", 0.3)
    ),
    "ReLU, cross-entropy, Adam": RunConfig(
        data=DataConfig("digits"), network=NetworkConfig((8, 5), "relu"), optimizer=OptimizerConfig("adam", 0.01)
    ),
    "batch normalization": RunConfig(
        data=DataConfig("xor"),
        network=NetworkConfig((5, 3), "tanh", normalization="batch"),
        optimizer=OptimizerConfig("momentum", 0.1),
    ),
    "layer normalization": RunConfig(
        data=DataConfig("plane"),
        network=NetworkConfig((4, 3), "sigmoid", normalization="layer"),
        optimizer=OptimizerConfig("rmsprop", 0.01),
    ),
    "skips": RunConfig(data=DataConfig("xor"), network=NetworkConfig((4, 4, 4), "tanh", residual=True)),
}
#: What tests/static/test_slow_motion.py reckons without a browser is left to the long tests.
RARE = ("ReLU, cross-entropy, Adam", "batch normalization", "layer normalization", "skips")
STEPS = 12


def printed(tab: Tab) -> np.ndarray:
    """The numbers of the table, a row for each neuron."""
    rows = tab.page.eval_on_selector_all(
        f"{PANEL} [data-role=microscope-table] tbody tr",
        "rows => rows.map(row => [...row.querySelectorAll('td')].map(cell => cell.textContent))",
    )
    return np.array([[value_of(cell) for cell in row] for row in rows])


def close(found: np.ndarray, expected: list[np.ndarray]) -> None:
    """Columns agree to the four printed digits; what is made of float32 may be off by a unit of the last."""
    np.testing.assert_allclose(found, np.column_stack(expected), rtol=6e-4, atol=2e-7)


def formula(tab: Tab) -> str:
    return tab.page.eval_on_selector(f"{PANEL} .microscope-formulas", "element => element.textContent").replace(" ", "")


def opened_on(tab: Tab, server: Backscope, config: RunConfig, steps: int = STEPS) -> Trainer:
    """Open the page on a run of so many steps, and return the same run of the core."""
    tab.open(server.url, f"lang=en&theme=light#{link(config.to_json(), steps)}")
    tab.until(lambda: tab.step() == steps)
    return tab.twin(config)


def look(tab: Tab) -> None:
    tab.click("microscope")
    tab.page.wait_for_selector(f'{PANEL}[data-phase="input:0"]')


def following(tab: Tab) -> str:
    """Go to the next phase and return its name."""
    before = tab.page.get_attribute(PANEL, "data-phase")
    tab.page.keyboard.press("ArrowRight")
    tab.page.wait_for_selector(f'{PANEL}:not([data-phase="{before}"])')
    return tab.page.get_attribute(PANEL, "data-phase") or ""


def passed_on(units: Units) -> np.ndarray:
    """What layers pass on: with skips more than what their activations make."""
    return units.H if len(units.H) else units.A


def expected_table(kind: str, layer: int, trainer: Trainer, preview: Preview) -> list[np.ndarray]:
    """What a phase's table has to show, column by column."""
    net, sample, mean = trainer.network, preview.sample, preview.mean
    starts = np.cumsum([0, *net.sizes])
    here = slice(starts[layer], starts[layer + 1])
    if kind == "loss":
        y = trainer.dataset.y_train[preview.row]
        return [y, sample.A[here], sample.A[here] - y]
    if kind == "gradient":
        below = slice(starts[layer - 1], starts[layer])
        inputs, block = net.sizes[layer - 1], net.blocks[layer - 1]
        trained = not net.is_fixed(block.offset + inputs * block.cols)
        a = np.append(passed_on(sample)[below], 1.0)[: inputs + trained]
        gradient = net.blocks[layer - 1].view(preview.gradient)[: len(a), 0]
        return [a, a * sample.D[starts[layer]], gradient]
    own = [sample.A[here]] if (False, *net.residual, False)[layer] else []
    return {
        "input": [sample.A[here]],
        "sum": [sample.Z[here], mean.Z[here]],
        "normalize": [sample.Z[here], preview.centre[here], preview.spread[here], sample.U[here]],
        "activate": [sample.U[here], *own, passed_on(sample)[here], passed_on(mean)[here]],
        "error": [sample.F[here], sample.D[here], mean.D[here]],
    }[kind]


@pytest.mark.parametrize("name", [long(name) if name in RARE else name for name in RUNS])
def test_every_phase_shows_the_cores_numbers(tab: Tab, server: Backscope, name: str) -> None:
    trainer = opened_on(tab, server, RUNS[name])
    preview, net = trainer.preview(), trainer.network
    last = len(net.sizes) - 1
    look(tab)
    forward = [
        f"{kind}:{layer}"
        for layer in range(1, last + 1)
        for kind in ("sum", "normalize", "activate")
        if kind != "normalize" or (layer < last and net.normalization[layer - 1])
    ]
    backward = [f"{kind}:{layer}" for layer in range(last, 0, -1) for kind in ("error", "gradient")]
    phase, seen = "input:0", []
    while phase not in ("update", "result"):
        seen.append(phase)
        kind, layer = phase.split(":")
        close(printed(tab), expected_table(kind, int(layer), trainer, preview))
        check_formula(tab, kind, int(layer), trainer, preview)
        phase = following(tab)
    assert seen == ["input:0", *forward, f"loss:{last}", *backward]
    check_update(tab, trainer, preview)
    assert following(tab) == "result"
    before = [preview.before.loss, preview.before.test_loss, preview.batch_loss_before, preview.sample_loss_before]
    after = [preview.metrics.loss, preview.metrics.test_loss, preview.batch_loss_after, preview.sample_loss_after]
    known = [k for k, loss in enumerate(before) if np.isfinite(loss)]
    close(printed(tab)[:, :2], [np.array(column)[known] for column in (before, after)])
    tab.click("microscope-take")
    tab.until(lambda: tab.step() == STEPS + 1)
    assert tab.number("loss") == pytest.approx(preview.metrics.loss, rel=1e-3)
    assert tab.page.is_hidden(PANEL)
    assert tab.said == []


def check_formula(tab: Tab, kind: str, layer: int, trainer: Trainer, preview: Preview) -> None:
    """The formula of the first neuron ends in its number."""
    unit = sum(trainer.network.sizes[:layer])
    sample = preview.sample
    value = {"sum": sample.Z, "normalize": sample.U, "activate": passed_on(sample), "error": sample.D}.get(kind)
    if value is None and kind != "loss":
        return
    last = formula(tab).rsplit("=", 1)[1].split("\u2002")[0]
    assert value_of(last) == pytest.approx(preview.sample_loss if value is None else value[unit], rel=6e-3, abs=1e-6)


def check_update(tab: Tab, trainer: Trainer, preview: Preview) -> None:
    """Every parameter has its row, by its own name, with its numbers; the formulas speak of the chosen one."""
    net, seen = trainer.network, {}
    page = tab.page.locator(f"{PANEL} .microscope-page")
    while True:
        page.evaluate("""page => {
            let folded;
            while ((folded = page.querySelector(".microscope-layer[aria-expanded=false]"))) folded.click();
        }""")
        rows = page.evaluate("""page => [...page.querySelectorAll(".microscope-parameters [data-index]")].map(row =>
            [+row.dataset.index, ...[...row.children].map(e => (e.querySelector("math") ?? e).textContent)])""")
        seen |= {index: rest for index, *rest in rows}
        if not page.evaluate("""page => { const before = page.scrollTop; page.scrollTop += page.clientHeight;
                return page.scrollTop > before + 1; }"""):
            break
        tab.page.wait_for_timeout(60)
    free = [k for k in range(net.parameter_count) if not net.is_fixed(k)]
    assert sorted(seen) == free
    found = np.array([[value_of(cell) for cell in seen[k][1:]] for k in free])
    close(found, [preview.theta[free], preview.update[free], preview.theta_after[free]])
    block = net.blocks[0]
    assert seen[block.offset + block.cols][0] == "w121"
    if not net.is_fixed(block.offset + net.sizes[0] * block.cols):
        assert seen[block.offset + net.sizes[0] * block.cols][0] == "b11"
    chosen = int(np.argmax(np.abs(preview.update[free].astype(np.float32))))
    assert value_of(formula(tab).rsplit("=", 1)[1]) == pytest.approx(preview.theta_after[free[chosen]], rel=6e-3)


def test_arrows_lead_both_ways_and_escape_leaves_the_run_as_it_was(opened: Tab) -> None:
    opened.click("step")
    opened.until(lambda: opened.step() == 1)
    loss = opened.text("loss")
    look(opened)
    there = [following(opened) for _ in range(5)]
    back = []
    for _ in range(5):
        before = opened.page.get_attribute(PANEL, "data-phase")
        opened.page.keyboard.press("ArrowLeft")
        opened.until(lambda before=before: opened.page.get_attribute(PANEL, "data-phase") != before)
        back.append(opened.page.get_attribute(PANEL, "data-phase"))
    assert back == [*there[-2::-1], "input:0"]
    opened.page.keyboard.press("Escape")
    opened.page.wait_for_selector(PANEL, state="hidden")
    assert opened.settle() == 1
    assert opened.text("loss") == loss
    assert opened.page.locator("[data-microscope]").count() == 0
    assert opened.said == []


def test_the_keyboard_cannot_get_lost_below_the_panel(opened: Tab) -> None:
    below = ".panel-output[inert], .panel-surface[inert]"
    look(opened)
    assert opened.page.locator(below).count() == 2
    opened.page.keyboard.press("Escape")
    opened.page.wait_for_selector(PANEL, state="hidden")
    assert opened.page.locator(below).count() == 0


def test_a_running_training_stands_still_and_goes_on_from_there(opened: Tab) -> None:
    opened.play()
    opened.until(lambda: opened.step() > 20)
    opened.click("microscope")
    opened.page.wait_for_selector(f'{PANEL}[data-phase="input:0"]')
    still = opened.settle()
    opened.page.keyboard.press("End")
    opened.page.wait_for_selector(f'{PANEL}[data-phase="result"]')
    assert opened.step() == still
    opened.page.keyboard.press("Enter")
    opened.page.wait_for_selector(PANEL, state="hidden")
    opened.until(lambda: opened.step() > still + 5)
    assert opened.said == []


def test_another_sample_and_another_neuron(opened: Tab) -> None:
    look(opened)
    first = opened.page.get_attribute(PANEL, "data-row")
    opened.page.click(f"{PANEL} .microscope-samples button >> nth=1")
    opened.page.wait_for_selector(f'{PANEL}:not([data-row="{first}"])')
    assert "2 of 10" in opened.text("microscope-sample")
    opened.page.keyboard.press("ArrowRight")
    opened.page.wait_for_selector(f'{PANEL}[data-phase="sum:1"]')
    one = formula(opened)
    opened.page.keyboard.press("ArrowDown")
    opened.until(lambda: formula(opened) != one)
    assert opened.page.get_attribute(f"{PANEL} tbody tr >> nth=1", "aria-selected") == "true"


def test_the_large_button_leads_to_the_result_and_only_from_there_takes_the_step(opened: Tab) -> None:
    look(opened)
    opened.click("microscope-take")
    opened.page.wait_for_selector(f'{PANEL}[data-phase="result"]')
    opened.page.wait_for_timeout(300)
    assert opened.page.is_visible(PANEL)
    assert opened.settle() == 0
    opened.click("microscope-take")
    opened.page.wait_for_selector(PANEL, state="hidden")
    assert opened.settle() == 1
    assert opened.said == []


@pytest.mark.long
def test_it_plays_by_itself(opened: Tab) -> None:
    look(opened)
    opened.choose("microscope-speed", "4")
    opened.click("microscope-auto")
    opened.page.wait_for_selector(f'{PANEL}[data-phase="sum:2"]', timeout=15_000)
    opened.click("microscope-auto")
    opened.page.wait_for_timeout(100)
    phase = opened.page.get_attribute(PANEL, "data-phase")
    opened.page.wait_for_timeout(1200)
    assert opened.page.get_attribute(PANEL, "data-phase") == phase


# Moves the pointer about the diagram until it is on a weight, and opens that: the sign and the numbers of its card.
POINT_ABOUT = """async () => {
  const painted = () => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
  const box = document.querySelector(".network-stage").getBoundingClientRect();
  for (let k = 0; k < 600; k++) {
    const at = {clientX: box.left + box.width * ((k * 0.137) % 0.8), clientY: box.top + box.height * ((k * 0.411) % 1)};
    const under = document.elementFromPoint(at.clientX, at.clientY);
    if (!under || under.closest("button, select")) continue;
    const init = {...at, bubbles: true, button: 0, isPrimary: true};
    under.dispatchEvent(new PointerEvent("pointermove", init));
    await painted();
    const card = document.querySelector(".network-card");
    const sign = card.querySelector("math")?.textContent ?? "";
    if (card.hidden || !/^w/.test(sign)) continue;
    const numbers = [...card.querySelectorAll("dd")].map(cell => cell.textContent);
    for (const kind of ["pointerdown", "pointerup"]) under.dispatchEvent(new PointerEvent(kind, init));
    under.dispatchEvent(new MouseEvent("click", init));
    return [sign, numbers];
  }
}"""


def test_card_and_inspector_tell_the_same_of_a_gradient(tab: Tab, server: Backscope) -> None:
    """∂C/∂w is the mean over the batch; what penalty, noise and clipping make of it follows by the same names."""
    network = NetworkConfig((3,), dropout=0.3)
    config = RunConfig(data=DataConfig("circle"), network=network, l2=0.2, gradient_noise=0.1, clip_norm=0.05)
    twin = opened_on(tab, server, config, 40)
    twin.run(40 - twin.step_count)
    sign, card = tab.page.evaluate(POINT_ABOUT)
    to, start, layer = (int(digit) - 1 for digit in sign[1:4])
    block = twin.network.blocks[layer]
    parts = twin.last_step.gradient_parts(block.offset + start * block.cols + to)
    assert parts is not None
    expected = [float(part) for part in (parts.slope, parts.penalty, parts.noise, parts.clipped)]
    assert [value_of(text) for text in card[1:5]] == pytest.approx(expected, rel=6e-3)
    tab.click("inspector-batch")
    told = ["inspector-streamed", "gradient.penalty", "gradient.noise", "gradient.used"]
    tab.page.wait_for_selector(f'[data-role="{told[-1]}"]')
    found = [value_of(tab.page.locator(f'[data-role="{role}"]').inner_text()) for role in told]
    assert found == pytest.approx(expected, rel=6e-4)
    assert tab.said == []


def test_a_deep_net_is_in_groups_that_unfold(tab: Tab, server: Backscope) -> None:
    opened_on(tab, server, RunConfig(network=NetworkConfig((3,) * 14, "tanh")), 2)
    look(tab)
    assert following(tab) == "forward"
    assert tab.page.locator(f"{PANEL} .microscope-chip").count() == 14
    tab.page.keyboard.press("Enter")
    tab.page.wait_for_selector(f'{PANEL}[data-phase="sum:1"]')
    assert tab.page.locator(f"{PANEL} .microscope-chip").count() > 14
    tab.page.keyboard.press("Enter")
    tab.page.wait_for_selector(f'{PANEL}[data-phase="forward"]')
    assert tab.said == []


@pytest.mark.long
@pytest.mark.parametrize(("size", "theme", "lang"), [((1366, 768), "projector", "zh"), ((360, 740), "dark", "en")])
def test_it_fits_and_nothing_of_the_page_moves(
    browser: Browser, server: Backscope, size: tuple[int, int], theme: str, lang: str
) -> None:
    context = browser.new_context(viewport={"width": size[0], "height": size[1]}, locale="en-US")
    tab = Tab(context.new_page()).open(server.url, f"theme={theme}&lang={lang}")
    tab.page.wait_for_timeout(300)
    places = (
        "() => [...document.querySelectorAll('.panel:not(.panel-microscope)')].map(e => [e.offsetLeft, e.offsetTop])"
    )
    before = tab.page.evaluate(places)
    look(tab)
    for _ in range(14):
        following(tab)
        assert tab.page.evaluate(places) == before
        assert tab.page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
        wide = tab.page.evaluate(f"""() => {{ const e = document.querySelector('{PANEL} .microscope-page');
            return e.scrollWidth - e.clientWidth; }}""")
        assert wide <= 0
    assert tab.said == []
    context.close()


@pytest.mark.parametrize("preset", ["circle", long("digits")])
def test_on_a_phone_the_diagram_stays_in_sight(browser: Browser, server: Backscope, preset: str) -> None:
    context = browser.new_context(viewport={"width": 360, "height": 740}, has_touch=True, locale="en-US")
    tab = Tab(context.new_page()).open(server.url, f"theme=dark&lang=en&preset={preset}")
    look(tab)
    stage, top, bottom = tab.page.evaluate(
        f"""() => {{
            const box = selector => document.querySelector(selector).getBoundingClientRect();
            return [box(".network-stage").toJSON(), box(".bar-main").bottom, box('{PANEL}').top];
        }}"""
    )
    seen = min(stage["bottom"], bottom) - max(stage["top"], top)
    assert seen >= 0.95 * min(stage["height"], bottom - top)
    assert stage["top"] >= top - 1
    assert tab.said == []
    context.close()
