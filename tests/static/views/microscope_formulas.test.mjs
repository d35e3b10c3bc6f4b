import assert from "node:assert/strict";
import {readFileSync} from "node:fs";
import test from "node:test";
import {errorFormula, gradientFormula} from "../../../static/js/views/microscope/backward.js";
import {focusOf} from "../../../static/js/views/microscope/focus.js";
import {
  activateFormula,
  normalized,
  normalizeFormula,
  sumFormula,
} from "../../../static/js/views/microscope/forward.js";
import {lossFormula} from "../../../static/js/views/microscope/loss.js";
import {sumLines, valueOf} from "../../../static/js/views/microscope/notation.js";
import {phasesOf} from "../../../static/js/views/microscope/phases.js";
import {isChoice, tableOf} from "../../../static/js/views/microscope/table.js";
import {ParameterRows, pickAt, placeOf, countOf} from "../../../static/js/views/microscope/parameters.js";
import {visible} from "../../../static/js/views/microscope/parameter_table.js";
import {updateFormula} from "../../../static/js/views/microscope/update.js";
import {captionOf, noteOf} from "../../../static/js/views/microscope/words.js";
import {numbersOf} from "../../../static/js/views/shared/symbols.js";
import {provideDocument} from "./formula_document.mjs";

provideDocument();

const SERVED = JSON.parse(readFileSync(new URL("../../fixtures/formulas.json", import.meta.url), "utf8"));

const of = (...numbers) => Float32Array.from(numbers);
const t = (key, params) => (params ? `${key} ${Object.values(params).join(" ")}` : key);
const written = lines => lines.map(line => line.textContent.replace(/[\u2061\u2062]/g, ""));
const more = k => `${k} more`;

/** Two inputs, two hidden neurons and one output; parameters 0…8 are weights and biases in order. */
function example({loss = "bce", activation = "tanh", outputs = 1, ...rest} = {}) {
  const sizes = [2, 2, outputs];
  const layout = {
    sizes,
    loss,
    activations: [activation, "sigmoid"],
    leaky_slope: 0.01,
    formulas: {activations: SERVED.activations, loss: SERVED.losses[loss]},
    units: [
      {offset: 0, size: 2},
      {offset: 2, size: 2},
      {offset: 4, size: outputs},
    ],
    blocks: [
      {offset: 0, rows: 3, cols: 2, fixed: false, gamma: 6, beta: 8},
      {offset: 10, rows: 3, cols: outputs, fixed: false, gamma: null, beta: null},
    ],
  };
  const range = (from, count) => Float32Array.from({length: count}, (_, k) => from + k);
  const units = {
    A: range(0.5, 7),
    Z: range(10.5, 7),
    U: range(20.5, 7),
    D: range(-30.5, 7),
    F: range(2, 7),
    H: null,
    E: range(-7.5, 7),
  };
  const step = {
    row: 3,
    rows: [3, 4],
    P: range(0.5, 20),
    point: range(0.5, 20),
    G: range(100.5, 20),
    step: range(-1.5, 20),
    P_after: range(0.25, 20),
    slope: range(100.5, 20),
    penalty: null,
    noise: null,
    G_step: range(100.5, 20),
    clip: {value: null, norm: null, seen: null},
    centre: range(1, 7),
    spread: range(2, 7),
    mask: of(1, 1, 1, 2, 1, 1, 1),
    sample: units,
    mean: units,
    normalization: [null],
    residual: [false],
    dropout: 0,
    diverged: null,
    loss: [1, 0.5],
    test_loss: [NaN, NaN],
    batch_loss: [0.4, 0.3],
    sample_loss: [0.2, 0.1],
    pass_loss: {batch: 0.4, sample: 0.2},
    formula: {name: "adam"},
    learning_rate: 0.1,
    ...rest,
  };
  return {step, layout, y: [1, 0, 0], layer: 1, index: 0, parameter: 0};
}

test("z is a sum over what comes in, and ends in its own number", () => {
  const lines = written(sumFormula(example(), more));
  assert.equal(lines[0], "z11=∑kw1k1xk+b11");
  assert.equal(lines[1], "=0.500·0.500+2.50·1.50+4.50");
  assert.equal(lines.at(-1), "=12.5");
  const fixed = example();
  fixed.layout.blocks[0].fixed = true;
  assert.doesNotMatch(written(sumFormula(fixed, more)).join("\n"), /b|4\.50/);
});

test("of a long sum the largest terms are written, and what is left is summed up", () => {
  const terms = Array.from({length: 9}, (_, k) => ({a: k - 4, b: 2}));
  const lines = written(sumLines(terms, more)).join("");
  assert.match(lines, /4 more$/);
  const said = lines
    .replace(/\D*4 more$/, "")
    .replace(/^=/, "")
    .replace(/−/g, "-")
    .replace(/·/g, "*");
  assert.equal(Function(`return ${said}`)(), valueOf(terms));
  assert.equal(
    written(sumLines(terms.slice(0, 6), more))
      .join("")
      .includes("more"),
    false,
  );
});

test("an activation is written out as it is served, in the case that holds; dropout and a skip come behind it", () => {
  for (const name of Object.keys(SERVED.activations).filter(other => other !== "softmax")) {
    const lines = written(activateFormula(example({activation: name})));
    assert.match(lines[1], /22\.5/, name);
    assert.equal(lines.at(-1), "=2.50");
  }
  const of_z = (name, z) => {
    const subject = example({activation: name});
    subject.step.sample = {...subject.step.sample, U: of(0, 0, z)};
    return written(activateFormula(subject)).slice(0, 2);
  };
  assert.deepEqual(of_z("leaky_relu", 2), ["a11=z11", "=2.00"]);
  assert.deepEqual(of_z("leaky_relu", -2), ["a11=αz11", "=0.01·(−2.00)"]);
  assert.deepEqual(of_z("elu", -2), ["a11=ez11−1", "=e−2.00−1"]);
  assert.deepEqual(of_z("gelu", -2), ["a11=z11Φ(z11)", "=(−2.00)·Φ(−2.00)"]);
  const masked = {...example({dropout: 0.5}), index: 1};
  masked.step.sample = {...masked.step.sample, H: of(0.5, 1.5, 2.5, 7, 4.5, 5.5, 6.5)};
  assert.deepEqual(written(activateFormula(masked)), [
    "f(z21)=tanh(z21)",
    "=tanh(23.5)",
    "=3.50",
    "a21=f(z21)·mask",
    "=3.50·2.00",
    "=7.00",
  ]);
  const skip = written(activateFormula(example({residual: [true], normalization: ["layer"]})));
  assert.equal(skip[0], "f(u)=tanh(u)");
  assert.match(skip.at(-3), /^a11=f\(u\)\+/);
  assert.equal(skip.at(-2), "=2.50+0.500");
});

test("softmax divides by the sum over all, however large they are", () => {
  const subject = example({activation: "softmax"});
  subject.step.sample = {...subject.step.sample, U: of(0, 0, 0, Math.log(3), 0, 0, 0)};
  assert.equal(written(activateFormula(subject))[1], "=[e0/4.00]");
  subject.step.sample = {...subject.step.sample, U: of(0, 0, 800, 799, 0, 0, 0)};
  assert.deepEqual(written(activateFormula(subject)).slice(0, 2), [
    "a11=[ez11−zmax1/∑kezk1−zmax1]",
    "=[e800−800/1.37]",
  ]);
});

test("normalization: the mean off, over the spread, then scaled and shifted", () => {
  const lines = written(normalizeFormula(example({normalization: ["batch"]})));
  assert.equal(lines[0], "z^=[z−μ/σ]=[12.5−3.00/4.00]=2.38");
  assert.equal(lines[1], "u=γz^+β=6.50·2.38+8.50");
  assert.equal(lines[2], "=22.5");
});

test("every loss ends in the loss of the sample; numbers stand only where they are few", () => {
  for (const loss of ["bce", "cross_entropy", "mse", "half_squared_error", "mae", "hinge", "huber"]) {
    for (const outputs of [1, 3]) {
      const lines = written(lossFormula({...example({loss, outputs}), layer: 2}));
      assert.match(lines[0], /^Cx=/);
      assert.equal(lines.at(-1), "=0.200");
      const said = lines.some(line => line.includes("4.50"));
      assert.equal(said, outputs === 1 || loss === "cross_entropy");
      if (outputs > 1) assert.match(lines[0], /∑j/);
    }
  }
  const lines = of_y => written(lossFormula({...example(), layer: 2, y: [of_y]}));
  assert.deepEqual([lines(1)[1], lines(0)[1], lines(0.5).length], ["=−ln4.50", "=−ln(1−4.50)", 3]);
  const huber = bend => written(lossFormula({...example({loss: "huber"}), layer: 2, huber_delta: bend}));
  assert.deepEqual([huber(5)[1], huber(1)[1]], ["=[1/2]·(4.50−1.00)2", "=1·(|4.50−1.00|−[1/2]·1)"]);
});

test("δ of an output is a − y, or a slope times a slope; of a hidden neuron what comes back over its weights", () => {
  const output = loss => written(errorFormula({...example({loss}), layer: 2}, more, ""));
  assert.deepEqual(output("bce"), ["δ12=∂C/∂z12=a12−y", "=4.50−1.00", "=−26.5"]);
  assert.deepEqual(output("mse"), [
    "∂C/∂a12=2(a12−y)",
    "=2·(4.50−1.00)",
    "=−3.50",
    "f′(z12)=a12(1−a12)",
    "=4.50·(1−4.50)",
    "=6.00",
    "δ12=∂C/∂a12·f′(z12)",
    "=(−3.50)·6.00",
    "=−26.5",
  ]);
  assert.equal(
    written(errorFormula({...example({loss: "mae", outputs: 3}), layer: 2}, more, ""))[1],
    "=[sign(4.50−1.00)/3]",
  );
  const hidden = rest => written(errorFormula(example(rest), more, "normalized"));
  assert.deepEqual(hidden({}).slice(1), [
    "=10.5·(−26.5)",
    "=−5.50",
    "f′(z11)=1−a112",
    "=1−2.502",
    "=4.00",
    "δ11=∂C/∂a11·f′(z11)",
    "=(−5.50)·4.00",
    "=−28.5",
  ]);
  assert.equal(hidden({dropout: 0.5}).at(-2), "=(−5.50)·4.00·1.00");
  assert.match(hidden({residual: [false, true]})[0], /∑kwk12δk2\+∂C\/∂a12$/);
  const normal = hidden({normalization: ["batch"]});
  assert.match(normal.at(-4), /^∂C\/∂u=∂C\/∂a11·f′\(u\)$/);
  assert.equal(normal.at(-1), "δ11=∂C/∂z11=−28.5\u2002normalized");
});

test("the gradient is shown of the strongest input, as δ a and as the mean over the batch", () => {
  const lines = written(gradientFormula(example(), "mean"));
  assert.equal(lines[1], "=(−28.5)·1.50=−42.8");
  assert.equal(lines[2], "∂C/∂w121=[1/2]∑x∂Cx/∂w121");
  assert.match(lines[3], /^=103.*mean$/);
});

test("the update says of the gradient what penalties, noise and clipping make of it", () => {
  const rule = {name: "sgd", lines: [], symbols: {}, fixed: [], gradients: []};
  const said = rest => written(updateFormula({...example({formula: rule, numbers: {}, terms: {}, ...rest})}, t));
  assert.deepEqual(said({}).slice(0, 2), ["g=∂C/∂w111", "=101"]);
  const all = said({
    slope: of(0.5),
    penalty: of(0.25),
    noise: of(-0.125),
    G: of(0.625),
    G_step: of(0.2),
    clip: {value: 0.5, norm: 1, seen: 2.5},
  });
  assert.deepEqual(all.slice(0, 9), [
    "g=∂C/∂w111+gradient.penalty+gradient.noise",
    "=0.500+0.250+(−0.125)",
    "=0.625",
    "g←min(0.5,max(−0.5,g))",
    "=min(0.5,max(−0.5,0.625))",
    "=0.500",
    "g←g·[1/‖g‖+10−6]",
    "=0.500·[1/2.50+10−6]",
    "=0.200",
  ]);
  assert.equal(all.at(-1), "=0.500+(−1.50)=0.250");
});

test("the card says ∂C/∂w, then what penalties, noise and clipping make of it", () => {
  const {layout} = example();
  const at = x => Float32Array.from({length: 20}, () => x);
  const frame = {P: at(1), G: at(7), U: at(0), A: at(0), Z: at(0), I: at(0), D: at(0), sample: 0, way: null};
  const weight = {kind: "weight", layer: 1, from: 0, to: 0};
  const told = way => numbersOf(weight, layout, {...frame, way}).map(row => [row.words ?? row.role, row.value]);
  assert.deepEqual(told(null)[1], ["gradient", 7]);
  assert.deepEqual(told({slope: at(2), penalty: at(4), noise: null, used: at(3)}).slice(1, 5), [
    ["gradient", 2],
    ["gradient.penalty", 4],
    ["gradient.used", 3],
    ["update", 0],
  ]);
});

test("every parameter has a row, once, with its own name; a large net is folded by layer", () => {
  const {step, layout} = example();
  const rows = new ParameterRows(step, layout);
  const places = [1, 2].flatMap(layer =>
    Array.from({length: countOf(layout, layer)}, (_, k) => placeOf(layout, layer, k)),
  );
  assert.deepEqual(
    [...places].sort((a, b) => a - b),
    Array.from({length: 13}, (_, p) => p),
  );
  const kinds = places
    .map(p => pickAt(layout, p))
    .map(({kind, from, of: part}) => part ?? (kind === "weight" && from < 2 ? "w" : "b"));
  assert.deepEqual(kinds, [..."wwb", "gamma", "beta", ..."wwb", "gamma", "beta", ..."wwb"]);
  assert.equal(rows.length, 15);
  assert.deepEqual(
    [rows.at(0), rows.at(1), rows.at(11), rows.at(14)],
    [
      {layer: 1, k: -1},
      {layer: 1, k: 0},
      {layer: 2, k: -1},
      {layer: 2, k: 2},
    ],
  );
  assert.equal(rows.place, 12, "at first the one that moves most");
  assert.equal(rows.row, 14);
  rows.move(1);
  assert.deepEqual([rows.row, rows.place], [1, 0], "round, past the heading");
  rows.toggle(1);
  assert.deepEqual([rows.length, rows.row], [5, 0]);
  rows.move(1);
  assert.deepEqual([rows.chosen, rows.row], [{layer: 2, k: 0}, 2]);
  const fixed = {...layout, blocks: layout.blocks.map(block => ({...block, fixed: block.gamma !== null}))};
  assert.equal(countOf(fixed, 1), 8);
});

test("of a net of 130,000 parameters only what is seen is in the document", () => {
  const sizes = [2, ...Array(32).fill(64), 1];
  let offset = 0;
  const blocks = sizes.slice(1).map((cols, k) => {
    const block = {offset, rows: sizes[k] + 1, cols, fixed: false, gamma: null, beta: null};
    offset += block.rows * cols;
    return block;
  });
  const step = {step: new Float32Array(offset)};
  step.step[offset - 1] = 1;
  const rows = new ParameterRows(step, {sizes, blocks});
  assert.deepEqual([...rows.open], [33]);
  assert.equal(rows.length, 33 + 65);
  for (const layer of [2, 3]) rows.toggle(layer);
  assert.equal(rows.length, 33 + 65 + 2 * 65 * 64);
  assert.deepEqual(visible(24_000, 480, 24, rows.length), [1000, 1020]);
  assert.deepEqual(visible(-300, 480, 24, rows.length), [0, 8]);
  assert.deepEqual(visible(1e9, 480, 24, 50), [49, 50]);
});

test("every phase has a caption, a table and something that is lit", () => {
  for (const normalization of [[null], ["batch"]]) {
    const subject = example({normalization});
    const {step, layout} = subject;
    const data = {class_names: ["a", "b"], features: ["x", "y"]};
    for (const phase of phasesOf(layout.sizes, normalization, new Set())) {
      const {
        layers: [layer],
        kind,
      } = phase;
      const here = {...subject, layer: Math.max(1, layer)};
      assert.match(captionOf(phase, here, 1e3, t), /^microscope\.caption_/);
      const table = tableOf(phase, here, data, t);
      assert.ok(
        table.rows.every(({numbers}) => numbers.length === table.columns.length),
        kind,
      );
      assert.doesNotMatch(noteOf(phase, here, t), /undefined|NaN/);
      const focus = focusOf(phase, here, null, {A: step.sample.A});
      assert.ok(focus.neurons);
      assert.equal(focus.changes, kind === "update" ? step.step : null);
      const chosen = !["input", "loss", "gradient", "update", "result"].includes(kind) && layer < 2;
      assert.equal(isChoice(kind, table), chosen, kind);
    }
    const diverged = {...subject, step: {...step, diverged: "nan"}};
    const said = kind => captionOf({kind, layers: [2, 2]}, diverged, 1e3, t) === "microscope.caption_diverged";
    assert.deepEqual(["loss", "update", "result", "error"].map(said), [true, true, true, false]);
  }
});

test("a normalized sum keeps its digits where the sum and its mean are nearly the same", () => {
  const f = Math.fround;
  for (const [z_hat, mean, spread, gamma, beta] of [
    [-0.000264, 3.7, 0.5, 1, -2e-7],
    [0.5, 1000, 1e-3, 0.3, 0.1],
    [1.5, 0.2, 2, 1e-4, 3],
    [-0.7, 0.1, 0.9, 0, 0.4],
  ]) {
    const told = {z: f(mean + z_hat * spread), mean: f(mean), spread: f(spread)};
    const found = normalized({...told, u: f(gamma * z_hat + beta), gamma: f(gamma), beta: f(beta)});
    assert.ok(Math.abs(found / z_hat - 1) < 1e-5, `${found} for ${z_hat}`);
  }
});
