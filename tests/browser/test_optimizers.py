"""Every optimizer's formula as the page writes it: its printed numbers, reckoned, give the core's step."""

import math
import random
import re
from typing import Any

import pytest
from backscope.core import NetworkConfig, OptimizerConfig, RunConfig, Trainer
from driver import Backscope, Tab, long, value_of
from test_inspector import pick_weight
from test_microscope import PANEL, look, opened_on

RULES: dict[str, tuple[str, dict[str, float]]] = {
    "sgd": ("sgd", {}),
    "momentum": ("momentum", {}),
    "momentum, dampened": ("momentum", {"dampening": 0.3}),
    "nesterov": ("nesterov", {}),
    "adagrad": ("adagrad", {}),
    "adagrad, decaying": ("adagrad", {"lr_decay": 0.1}),
    "rmsprop": ("rmsprop", {}),
    "rmsprop, centred": ("rmsprop", {"centered": 1}),
    "rmsprop with momentum": ("rmsprop", {"momentum": 0.8}),
    "rmsprop, centred, with momentum": ("rmsprop", {"centered": 1, "momentum": 0.8}),
    "adadelta": ("adadelta", {}),
    "adam": ("adam", {}),
    "amsgrad": ("amsgrad", {}),
    "adamw": ("adamw", {"weight_decay": 0.5}),
    "nadam": ("nadam", {}),
    "lion": ("lion", {}),
    "lion, decaying": ("lion", {"weight_decay": 0.5}),
}
#: Rules that have most kinds of line among them. The others are left to the long tests: their formulas are reckoned
#: by tests/core/optimizers/test_formula.py and, as slow motion prints them, by tests/static/test_slow_motion.py.
SHOWN = ("rmsprop, centred, with momentum",)
STEPS = 6

#: Means that are made on the way to the step, each with a formula of its own.
DERIVED = {"adam": 2, "amsgrad": 2, "adamw": 2, "nadam": 2, "adadelta": 2, "lion": 2, "momentum": 0}

#: A formula in MathML as a line of arithmetic.
WRITTEN = """math => {
    const line = node => [...node.children].map(read).join("");
    const read = node => {
        const [first, second] = node.children;
        switch (node.localName) {
            case "mfrac": return `((${read(first)})/(${read(second)}))`;
            case "msqrt": return `sqrt(${line(node)})`;
            case "msup": return `(${read(first)})**(${read(second)})`;
            case "mn": return `<${node.textContent}>`;
            case "mrow": return line(node);
            default: return node.textContent;
        }
    };
    return line(math);
}"""


def reckoned(written: str) -> float | None:
    """The value of arithmetic with nothing but numbers in it; None where there are symbols."""
    signs = written.replace("·", "*").replace("−", "-")
    signs = re.sub(r"<(\(?-?)10([⁻⁰¹²³⁴⁵⁶⁷⁸⁹])", r"<\g<1>1×10\2", signs)
    found = re.sub(r"<([^<>]*)>", lambda one: f"({value_of(one.group(1).strip('()'))!r})", signs)
    found = found.replace("\u2062", "").replace("\u2061", "").strip()
    if not found or re.search(r"[^\d\s.e()+*/-]", re.sub("sqrt|sign", "", found)):
        return None
    return float(eval(found, {"__builtins__": {}, "sqrt": math.sqrt, "sign": lambda x: (x > 0) - (x < 0)}))


def sides(tab: Tab, selector: str) -> list[float]:
    """The values of everything between signs of equality that is nothing but numbers, in order."""
    written = tab.page.eval_on_selector_all(selector, f"all => all.map({WRITTEN})")
    values = [reckoned(side) for line in written for side in line.split("=")]
    return [value for value in values if value is not None]


def index_of(title: str, trainer: Trainer) -> int:
    """Where in θ the weight of this title stands."""
    short = re.sub(r"(neuron \d+) of layer \d+ to", r"\1 to", title.split(":")[0])
    *source, to, layer = (int(word) for word in re.findall(r"\d+", short))
    block, n_in = trainer.network.blocks[layer - 1], trainer.network.sizes[layer - 1]
    return block.offset + (source[0] - 1 if source else n_in) * block.cols + to - 1


@pytest.mark.parametrize("name", [name if name in SHOWN else long(name) for name in RULES])
def test_printed_numbers_give_the_step(tab: Tab, server: Backscope, name: str) -> None:
    rule, numbers = RULES[name]
    config = RunConfig(network=NetworkConfig((4, 2), "tanh"), optimizer=OptimizerConfig(rule, 0.02, numbers))
    trainer = opened_on(tab, server, config, STEPS)
    pick_weight(tab, random.Random(name))
    index = index_of(tab.page.inner_text(".inspector-title"), trainer)
    tab.page.wait_for_selector(".inspector-numbers math")
    update: Any = trainer.update[index]
    values = sides(tab, ".inspector-last .inspector-numbers math")
    assert len(values) == 2, values
    assert values == pytest.approx([update, update], rel=1.5e-2)
    derived = sides(tab, ".inspector-derived .inspector-numbers math")
    assert len(derived) == 2 * DERIVED.get(rule, 1 if "momentum" in numbers else 0)
    assert derived[::2] == pytest.approx(derived[1::2], rel=1.5e-2, abs=1e-12)
    tab.page.keyboard.press("Escape")
    preview = trainer.preview()
    look(tab)
    for key in ("End", "ArrowLeft"):
        tab.page.keyboard.press(key)
    tab.page.wait_for_selector(f'{PANEL}[data-phase="update"]')
    label = tab.page.inner_text(f'{PANEL} tr[aria-selected="true"] th [aria-hidden]')
    to, *sources, layer = (int(word) for word in re.findall(r"\d+", label))
    block = trainer.network.blocks[layer - 1]
    source = sources[0] if sources else trainer.network.sizes[layer - 1] + 1  # a bias is the row behind all weights
    moved = block.offset + (source - 1) * block.cols + to - 1
    change = preview.update[moved]
    values = sides(tab, f"{PANEL} .microscope-formulas math")
    assert values[-1] == pytest.approx(preview.theta_after[moved], rel=6e-3), label
    assert values[-2] == pytest.approx(preview.theta_after[moved], rel=1e-2, abs=1e-4)
    assert values[-4:-2] == pytest.approx([change, change], rel=2e-2)
    assert tab.said == []
