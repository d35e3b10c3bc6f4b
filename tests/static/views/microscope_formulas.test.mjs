import assert from "node:assert/strict";
import test from "node:test";
import {errorFormula, gradientFormula} from "../../../static/js/views/microscope/backward.js";
import {focusOf} from "../../../static/js/views/microscope/focus.js";
import {activateFormula, normalizeFormula, sumFormula} from "../../../static/js/views/microscope/forward.js";
import {lossFormula} from "../../../static/js/views/microscope/loss.js";
import {sumLines, valueOf} from "../../../static/js/views/microscope/notation.js";
import {phasesOf} from "../../../static/js/views/microscope/phases.js";
import {isChoice, tableOf} from "../../../static/js/views/microscope/table.js";
import {captionOf} from "../../../static/js/views/microscope/words.js";

/** As much of a document as formulas need. */
class Part {
  constructor(localName) {
    Object.assign(this, {localName, parts: []});
  }
  append(...parts) {
    this.parts.push(...parts);
  }
  setAttribute() {}
  cloneNode() {
    const copy = new Part(this.localName);
    copy.append(...this.parts.map(part => (typeof part === "string" ? part : part.cloneNode())));
    return copy;
  }
  get textContent() {
    const texts = this.parts.map(part => (typeof part === "string" ? part : part.textContent));
    return this.localName === "mfrac" ? `[${texts.join("/")}]` : texts.join("");
  }
}
Object.assign(globalThis, {document: {createElementNS: (_, name) => new Part(name)}});

const of = (...numbers) => Float32Array.from(numbers);
const t = (key, params) => (params ? `${key} ${Object.values(params).join(" ")}` : key);
const written = lines => lines.map(line => line.textContent);
const more = k => `${k} more`;

/** Two inputs, two hidden neurons and one output; parameters 0…8 are weights and biases in order. */
function example({loss = "bce", activation = "tanh", outputs = 1, ...rest} = {}) {
  const sizes = [2, 2, outputs];
  const layout = {
    sizes,
    loss,
    activations: [activation, "sigmoid"],
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
    E: null,
  };
  const step = {
    row: 3,
    rows: [3, 4],
    P: range(0.5, 20),
    G: range(100.5, 20),
    step: range(-1.5, 20),
    P_after: range(0.25, 20),
    centre: range(1, 7),
    spread: range(2, 7),
    mask: of(1, 1, 1, 2, 1, 1, 1),
    sample: units,
    mean: units,
    normalization: [null],
    residual: [false],
    dropout: 0,
    penalties: [0, 0],
    diverged: null,
    loss: [1, 0.5],
    test_loss: [NaN, NaN],
    batch_loss: [0.4, 0.3],
    sample_loss: [0.2, 0.1],
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

test("an activation is written out where it is short, else named; dropout and a skip come behind it", () => {
  for (const name of ["identity", "sigmoid", "tanh", "relu", "softplus", "softsign", "silu"]) {
    const lines = written(activateFormula(example({activation: name}), "called"));
    assert.doesNotMatch(lines.join(), /called/);
    assert.ok(lines[1].includes("22.5"), name);
    assert.equal(lines.at(-1), "=2.50");
  }
  assert.equal(written(activateFormula(example({activation: "gelu"}), "GELU"))[0], "a11=GELU(z11)=GELU(22.5)");
  const masked = {...example({dropout: 0.5}), index: 1};
  assert.equal(written(activateFormula(masked, "")).at(-1), "3.50·2.00=7.00");
  const skip = written(activateFormula(example({residual: [true], normalization: ["layer"]}), ""));
  assert.equal(skip[0], "f(u)=tanh(u)");
  assert.match(skip.at(-3), /^a11=f\(u\)\+/);
  assert.equal(skip.at(-2), "=2.50+0.500");
});

test("softmax divides by the sum over all, however large they are", () => {
  const subject = example({activation: "softmax"});
  subject.step.sample = {...subject.step.sample, Z: of(0, 0, 0, Math.log(3), 0, 0, 0)};
  assert.equal(written(activateFormula(subject, ""))[1], "=[e0/4.00]");
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
      assert.equal(
        lines.some(line => line.includes("4.50")),
        loss !== "huber" && (outputs === 1 || loss === "cross_entropy"),
      );
      if (outputs > 1 && loss !== "huber") assert.match(lines[0], /∑j/);
    }
  }
  const lines = of_y => written(lossFormula({...example(), layer: 2, y: [of_y]}));
  assert.deepEqual([lines(1)[1], lines(0)[1], lines(0.5).length], ["=−ln4.50", "=−ln(1−4.50)", 2]);
});

test("δ of an output is a − y, or a slope times a slope; of a hidden neuron what comes back over its weights", () => {
  const output = loss => written(errorFormula({...example({loss}), layer: 2}, more));
  assert.deepEqual(output("bce"), ["δ12=∂C/∂z12=a12−y", "=4.50−1.00", "=−26.5"]);
  assert.equal(output("mse")[1], "=(−4.42)·6.00");
  const hidden = written(errorFormula(example(), more));
  assert.deepEqual(hidden.slice(1), ["=10.5·(−26.5)", "=(−278)·4.00", "=−28.5"]);
  const normal = written(errorFormula(example({normalization: ["batch"]}), more));
  assert.match(normal[0], /^∂C\/∂u=.*f′\(u\)$/);
  assert.equal(normal.at(-1), "δ11=∂C/∂z11=−28.5");
});

test("a slope of zero hides nothing: ∂C/∂a comes from the loss itself", () => {
  const expected = {mse: "7.00", half_squared_error: "3.50", mae: "1.00", hinge: "0", huber: "1.00"};
  for (const [loss, outer] of Object.entries(expected)) {
    const subject = {...example({loss}), layer: 2};
    subject.step.sample = {...subject.step.sample, F: new Float32Array(7)};
    assert.equal(written(errorFormula(subject, more))[1], `=${outer}·0`, loss);
  }
});

test("the gradient is shown of the strongest input", () => {
  const lines = written(gradientFormula(example(), "mean"));
  assert.equal(lines[1], "=(−28.5)·1.50=−42.8");
  assert.match(lines[2], /^∂C\/∂w121=103.*mean$/);
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
      assert.match(captionOf(phase, here, t), /^microscope\.caption_/);
      const table = tableOf(phase, here, data, t);
      assert.ok(
        table.rows.every(({numbers}) => numbers.length === table.columns.length),
        kind,
      );
      const focus = focusOf(phase, step, layout, null, {A: step.sample.A});
      assert.ok(focus.neurons);
      assert.equal(isChoice(kind, table), !["input", "loss", "gradient", "result"].includes(kind) && layer < 2, kind);
    }
    const diverged = {...subject, step: {...step, diverged: "nan"}};
    const said = kind => captionOf({kind, layers: [2, 2]}, diverged, t) === "microscope.caption_diverged";
    assert.deepEqual(["loss", "update", "result", "error"].map(said), [true, true, true, false]);
  }
});
