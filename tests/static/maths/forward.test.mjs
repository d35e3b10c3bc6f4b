import assert from "node:assert/strict";
import {readFileSync} from "node:fs";
import {test} from "node:test";

import {ACTIVATIONS, activationOf, atZero, isBounded} from "../../../static/js/maths/activations.js";
import {FEATURES, inputsOf} from "../../../static/js/maths/features.js";
import {createSweep, firstUnits, loadGrid, loadSamples, trace} from "../../../static/js/maths/forward.js";

const PLANE = {axes: ["x₁", "x₂"], features: ["x1", "x2"], shift: [0, 0], scale: [1, 1]};

/** A layout with its blocks, as the server sends it. */
function layoutOf(sizes, activations, bias = true) {
  let offset = 0;
  const blocks = sizes.slice(1).map((cols, l) => {
    const block = {offset, rows: sizes[l] + (bias ? 1 : 0), cols};
    offset += block.rows * cols;
    return block;
  });
  return {sizes, activations, blocks, parameters: offset};
}

test("the worked example of Mazur (2015) comes out", () => {
  const shape = layoutOf([2, 2, 2], ["sigmoid", "sigmoid"]);
  const P = new Float32Array([0.15, 0.25, 0.2, 0.3, 0.35, 0.35, 0.4, 0.5, 0.45, 0.55, 0.6, 0.6]);
  const sweep = createSweep(shape, 1);
  loadSamples(sweep, new Float32Array([0.05, 0.1]), 2);
  sweep.start(P);
  assert.equal(sweep.advance(), true);
  const expected = [0.05, 0.1, 0.593269992, 0.596884378, 0.75136507, 0.772928465];
  sweep.rows.forEach((row, u) => assert.ok(Math.abs(row[0] - expected[u]) < 1e-6, `unit ${u}: ${row[0]}`));
});

test("every number of inputs is summed whole, with and without bias", () => {
  for (const bias of [true, false])
    for (let inputs = 1; inputs <= 9; inputs++) {
      const sweep = createSweep(layoutOf([inputs, 1], ["identity"], bias), 1);
      loadSamples(
        sweep,
        Float32Array.from({length: inputs}, (_, i) => i + 1),
        inputs,
      );
      sweep.start(Float32Array.from({length: inputs + (bias ? 1 : 0)}, (_, i) => 10 ** -i));
      sweep.advance();
      let sum = bias ? 10 ** -inputs : 0;
      for (let i = 0; i < inputs; i++) sum += (i + 1) * 10 ** -i;
      assert.ok(Math.abs(sweep.rows[inputs][0] - sum) < 1e-5, `${inputs} inputs, bias ${bias}`);
    }
});

test("slices of time give the same numbers as one go", () => {
  const shape = layoutOf([2, 8, 8, 1], ["tanh", "relu", "sigmoid"]);
  const P = Float32Array.from({length: shape.parameters}, (_, k) => Math.sin(3 * k));
  const [whole, sliced] = [createSweep(shape, 5000), createSweep(shape, 5000)];
  for (const sweep of [whole, sliced]) {
    loadGrid(
      sweep,
      {
        domain: [
          [-1.2, 1.2],
          [-1.2, 1.2],
        ],
        plane: PLANE,
      },
      100,
      50,
    );
    sweep.start(P);
  }
  assert.equal(whole.advance(), true);
  let slices = 1;
  while (!sliced.advance(0)) slices++;
  assert.ok(slices > 3, `${slices} slices`);
  whole.rows.forEach((row, u) => assert.deepEqual(row, sliced.rows[u]));
});

test("the grid runs from the top left, through cell centres", () => {
  const data = {
    domain: [
      [-1, 1],
      [0, 4],
    ],
    plane: PLANE,
  };
  const whole = createSweep(layoutOf([2, 1], ["identity"]), 8);
  loadGrid(whole, data, 4, 2);
  assert.deepEqual([...whole.rows[0]], [-0.75, -0.25, 0.25, 0.75, -0.75, -0.25, 0.25, 0.75]);
  assert.deepEqual([...whole.rows[1]], [3, 3, 3, 3, 1, 1, 1, 1]);
});

test("large inputs neither overflow nor lose the small side", () => {
  const sweep = createSweep(layoutOf([1, 2], ["softmax"]), 2);
  loadSamples(sweep, new Float32Array([1000, -60]), 1);
  sweep.start(new Float32Array([1, 0, 0, 0]));
  sweep.advance();
  assert.equal(sweep.rows[1][0], 1);
  assert.ok(sweep.rows[1][1] > 0 && sweep.rows[1][1] < 1e-20);
  const logistic = createSweep(layoutOf([1, 1], ["sigmoid"]), 3);
  loadSamples(logistic, new Float32Array([-90, 0, 1000]), 1);
  logistic.start(new Float32Array([1, 0]));
  logistic.advance();
  assert.ok(logistic.rows[1][0] > 0 && logistic.rows[1][0] < 1e-38);
  assert.equal(logistic.rows[1][1], 0.5);
  assert.equal(logistic.rows[1][2], 1);
});

test("an activation that this page does not know is named", () => {
  assert.throws(() => createSweep(layoutOf([2, 1], ["swoosh"]), 1), /swoosh/);
});

test("layers are counted through", () => {
  assert.deepEqual(firstUnits([2, 4, 2, 1]), [0, 2, 6, 8]);
});

const fixture = name => JSON.parse(readFileSync(new URL(`../../fixtures/${name}.json`, import.meta.url), "utf8"));
const FORMULAS = fixture("formulas");
const GOLDEN = fixture("forward").map(entry => ({...entry, formulas: FORMULAS}));

test("there are golden cases for every activation that the core has", () => {
  const covered = new Set(GOLDEN.flatMap(entry => entry.activations));
  for (const name of [...Object.keys(ACTIVATIONS), ...Object.keys(FORMULAS.activations)])
    assert.ok(covered.has(name), name);
});

test("what is written here for speed is what the core's formula comes to", () => {
  const renamed = Object.fromEntries(
    Object.entries(FORMULAS.activations).map(([name, written]) => [`served ${name}`, written]),
  );
  for (const [name, {apply, bounded}] of Object.entries(ACTIVATIONS)) {
    const served = activationOf(`served ${name}`, {formulas: {activations: renamed}});
    assert.equal(served.bounded, bounded, name);
    const z = Float32Array.from({length: 241}, (_, k) => (k - 120) / 12);
    const [here, there] = [z.slice(), z.slice()];
    apply(here);
    served.apply(there);
    here.forEach((a, k) => assert.ok(Math.abs(a - there[k]) <= 2e-6 * Math.max(1, Math.abs(a)), `${name}(${z[k]})`));
  }
  assert.equal(activationOf("unheard of", {}), undefined);
});

test("every feature of the plane is the core's, in standard units, over a grid as for a point", () => {
  const {points, plane, X, sizes} = GOLDEN.find(entry => entry.plane);
  assert.deepEqual(plane.features, Object.keys(FEATURES));
  const inputs = inputsOf(plane);
  points.forEach(([x1, x2], p) =>
    inputs.forEach((f, i) => assert.ok(Math.abs(f(x1, x2) - X[p][i]) < 1e-12, `${plane.features[i]} of point ${p}`)),
  );
  const sweep = createSweep({...layoutOf([sizes[0], 1], ["identity"])}, 6);
  loadGrid(
    sweep,
    {
      domain: [
        [-1, 1],
        [-1, 1],
      ],
      plane,
    },
    3,
    2,
  );
  inputs.forEach((f, i) => assert.equal(sweep.rows[i][5], Math.fround(f(2 / 3, -1 / 2))));
  assert.throws(() => inputsOf({...plane, features: ["tan"]}), /tan/);
});

test("there are golden cases of every normalization, alone and beside each other", () => {
  const kinds = GOLDEN.map(({normalization = []}) => [...new Set(normalization)].sort().join());
  for (const kind of ["batch,", "layer,", "batch,layer,"]) assert.ok(kinds.includes(kind), kind);
});

test("there are golden cases of other leaks than the table's, and they change the answer", () => {
  const leaking = GOLDEN.filter(({leaky_slope}) => leaky_slope !== undefined);
  assert.ok(new Set(leaking.map(({leaky_slope}) => leaky_slope)).size >= 3);
  for (const {X, P, A, leaky_slope, ...shape} of leaking) {
    const units = shape.sizes.map((size, l) => ({offset: firstUnits(shape.sizes)[l], size}));
    assert.ok(
      X.some((x, k) =>
        trace({...shape, units}, Float32Array.from(P), x).A.some((a, u) => Math.abs(a - A[k][u]) > 1e-3),
      ),
      `${leaky_slope}`,
    );
  }
});

test("there are golden cases of skips between all layers and between some, and they change the answer", () => {
  const skipping = GOLDEN.filter(({residual}) => residual?.includes(true));
  assert.ok(
    skipping.some(({residual}) => residual.slice(1, -1).every(Boolean)) &&
      skipping.some(({residual}) => !residual.slice(1, -1).every(Boolean)),
  );
  for (const {X, P, S = [], A, ...shape} of skipping) {
    const units = shape.sizes.map((size, l) => ({offset: firstUnits(shape.sizes)[l], size}));
    const without = trace({...shape, units, residual: []}, Float32Array.from(P), X[0], Float32Array.from(S));
    assert.ok(A[0].some((a, u) => Math.abs(without.A[u] - a) > 0.1));
  }
});

for (const {title, X, P, S = [], A, I, ...shape} of GOLDEN) {
  test(`one input alone, with its weighted inputs: ${title}`, () => {
    const units = shape.sizes.map((size, l) => ({offset: firstUnits(shape.sizes)[l], size}));
    X.forEach((x, p) => {
      const found = trace({...shape, units}, Float32Array.from(P), x, Float32Array.from(S));
      const last = shape.sizes.length - 1;
      A[p].forEach((a, u) =>
        assert.ok(
          Math.abs(found.A[u] - a) <= 2e-6 * Math.max(1, Math.abs(a)),
          `sample ${p}, unit ${u}: ${found.A[u]} for ${a}`,
        ),
      );
      I?.[p].forEach((z, u) =>
        assert.ok(
          Math.abs(found.I[u] - z) <= 4e-6 * Math.max(1, Math.abs(z)),
          `sample ${p}, unit ${u}: ${found.I[u]} for ${z}`,
        ),
      );
      if (!I) assert.deepEqual(found.I, found.Z);
      if (shape.activations[last - 1] === "identity")
        assert.deepEqual(found.Z.slice(units[last].offset), found.A.slice(units[last].offset));
      assert.deepEqual([...found.Z.slice(0, shape.sizes[0])], Array(shape.sizes[0]).fill(0));
    });
  });

  test(`the core's own activations: ${title}`, () => {
    const sweep = createSweep(shape, X.length);
    loadSamples(sweep, Float32Array.from(X.flat()), shape.sizes[0]);
    sweep.start(Float32Array.from(P), Float32Array.from(S));
    sweep.advance();
    A.forEach((units, p) =>
      units.forEach((a, u) => {
        assert.ok(
          Math.abs(sweep.rows[u][p] - a) <= 2e-6 * Math.max(1, Math.abs(a)),
          `sample ${p}, unit ${u}: ${sweep.rows[u][p]} for ${a}`,
        );
      }),
    );
  });
}

test("the page's tanh is that of the language to single precision, near 0 and far out too", () => {
  const at = [
    0,
    1e-30,
    1e-9,
    9.9e-5,
    1.01e-4,
    1e-3,
    9.19,
    9.21,
    20,
    400,
    1e4,
    1e30,
    Infinity,
    ...Array.from({length: 2000}, (_, k) => k / 200),
  ].flatMap(z => [z, -z]);
  const z = Float32Array.from(at);
  const exact = Array.from(z, Math.tanh);
  ACTIVATIONS.tanh.apply(z);
  exact.forEach((a, k) => assert.ok(Math.abs(z[k] - a) <= 1.2e-7 * Math.abs(a), `tanh ${at[k]} = ${z[k]}, not ${a}`));
  const none = Float32Array.of(NaN);
  ACTIVATIONS.tanh.apply(none);
  assert.ok(Number.isNaN(none[0]), "what is no number stays none");
});

test("bounded activations stay within ±1, the others leave it, and f(0) is where a neuron's line lies", () => {
  for (const [name, {apply}] of Object.entries(ACTIVATIONS)) {
    const z = Float32Array.from([-1e4, -50, 50, 1e4]);
    apply(z);
    assert.ok(
      z.every(a => !Number.isNaN(a)),
      name,
    );
    assert.equal(
      z.every(a => Math.abs(a) <= 1),
      isBounded(name),
      name,
    );
  }
  assert.deepEqual(["tanh", "relu", "sigmoid", "hard_sigmoid"].map(atZero), [0, 0, 0.5, 0.5]);
  assert.ok(Math.abs(atZero("softplus") - Math.LN2) < 1e-6);
});
