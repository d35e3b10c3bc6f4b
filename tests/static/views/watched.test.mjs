// @ts-check
import assert from "node:assert/strict";
import {test} from "node:test";
import {percent} from "../../../static/js/draw/format.js";
import {layoutOf, standingOf} from "../../../static/js/model/watched.js";
import {laboratoryOf} from "../../../static/js/model/laboratory.js";
import {RowsPage} from "../../../static/js/views/laboratory/rows.js";
import {cellsOf} from "../../../static/js/views/watched/layers.js";
import {rangeOf} from "../../../static/js/views/watched/loss.js";

const t = (/** @type {string} */ key, /** @type {any} */ given = {}) => [key, ...Object.values(given)].join(" ");

/** A reading of two layers, δ and ∂W as given. @param {number[]} delta @param {number} step @returns {any} */
function reading(delta, step) {
  const layers = new Float32Array(28).fill(0.5);
  layers.set(delta, 0);
  layers.set(delta, 2);
  const header = {layout: 1, step, number: 1, serial: step, more: false, rest: 0, samples: 4, initializer: null};
  const arrays = {
    layers,
    health: Int32Array.of(0, 0),
    reach: new Float32Array(4),
    counts: new Float32Array(4),
    history_steps: Int32Array.of(step),
    history: Float32Array.from([...delta, ...delta]),
  };
  return laboratoryOf(null, header, arrays);
}

test("a watched run's layers are a layout without what it does not tell", () => {
  assert.equal(layoutOf(1, {}), null);
  const layout = layoutOf(2, {sizes: [2, 3, 1], activations: ["relu", "identity"], normalization: [null, null]});
  assert.deepEqual([layout?.id, layout?.sizes, layout?.landscape], [2, [2, 3, 1], null]);
});

test("what stands over a watched run: waiting, watched, ended, gone", () => {
  const watched = {number: 1, step: 0, ended: false, model: "", optimizer: "", layout: {}};
  const of = (/** @type {any} */ change, /** @type {any} */ connection = "open") =>
    standingOf({watched: {...watched, ...change}, connection});
  assert.equal(standingOf({watched: null, connection: "lost"}), "waiting");
  assert.deepEqual(
    [of({}), of({step: 3}), of({step: 3, ended: true}), of({step: 3, ended: true}, "lost"), of({step: 3}, "lost")],
    ["waiting", "running", "ended", "ended", "gone"],
  );
});

test("the scale of a watched run grows in words and never narrows", () => {
  const [watched, own] = [true, false].map(kind => new RowsPage(t, kind));
  const spans = (/** @type {RowsPage} */ page) => [page.axis?.low, page.axis?.high];
  for (const page of [watched, own]) {
    page.follow(reading([1e-2, 0.5], 1));
    assert.equal(page.grown, null);
    page.follow(reading([1e-9, 0.5], 2));
    assert.deepEqual(page.grown?.step, 2);
  }
  for (let step = 3; step < 100; step++) for (const page of [watched, own]) page.follow(reading([1e-2, 0.5], step));
  assert.deepEqual(spans(watched), [-10, 0]);
  assert.deepEqual(spans(own), [-3, 0]);
  const sheet = /** @type {any} */ ({lab: reading([1e-2, 0.5], 100), layout: {normalization: [null, null]}, state: {}});
  assert.match(watched.words(sheet)[1], /lab.rescaled 2 10⁻¹⁰ 10⁰/);
  assert.doesNotMatch(own.words(sheet)[1], /rescaled/);
});

test("a row of the table: module, neurons, sizes; what is not known is a dash", () => {
  const state = /** @type {any} */ ({
    laboratory: reading([1e-2, 0.5], 1),
    layout: layoutOf(1, {sizes: [2, 3, 1], activations: ["relu", "identity"]}),
    watched: {layout: {names: ["net.0", "net.2"]}},
    numbers: {activity: Float32Array.of(0.25, NaN, 0.5, NaN, 0.125, NaN, 0, NaN)},
  });
  const [head, ...cells] = cellsOf(state, 0, t);
  assert.equal(head, "1  net.0  gradients.units 3 activation.relu");
  assert.deepEqual(cells.slice(4), ["0.250", "0.500", percent(0.125), percent(0)]);
  assert.deepEqual(cellsOf(state, 1, t).slice(5), ["–", "–", "–", "–"]);
});

test("the loss has a log axis where it spans decades, and a linear one that begins at 0 or above", () => {
  assert.equal(rangeOf(Float32Array.of(1, 1e-4)).log, true);
  const {range, log} = rangeOf(Float32Array.of(1, 0.5, NaN, Infinity));
  assert.equal(log, false);
  assert.ok(range[0] >= 0 && range[0] < 0.5 && range[1] > 1);
  assert.ok(rangeOf(Float32Array.of(0, 0)).range[1] > 0);
});
