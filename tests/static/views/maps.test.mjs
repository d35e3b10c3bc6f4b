import assert from "node:assert/strict";
import test from "node:test";
import {percent} from "../../../static/js/draw/format.js";
import {
  allowed,
  around,
  bitmapOf,
  equalized,
  pixelsOf,
  placeOf,
  resolved,
  shownAt,
  stridesOf,
  tileAt,
  WHOLE,
  within,
} from "../../../static/js/views/maps/grid.js";
import {tablesOf} from "../../../static/js/views/maps/numbers.js";
import {enlarged, onTheWay} from "../../../static/js/views/maps/zoom.js";
import {makesRoom, Survey} from "../../../static/js/views/maps/survey.js";

test("tiles from coarse to fine hold every pixel once, whatever the size and the pace", () => {
  for (const [size, pixels] of [
    [64, 32],
    [65, 7],
    [100, 1000],
    [17, 1],
  ]) {
    const found = [];
    for (const stride of stridesOf(size)) {
      for (let row = 0; row < size;) {
        const tile = tileAt(size, {stride, row}, pixels);
        found.push(...pixelsOf(size, tile));
        row = tile.stop;
      }
    }
    assert.equal(found.length, size * size);
    assert.equal(new Set(found).size, size * size);
  }
});

test("a pixel shows the coarser one around it until it is known itself", () => {
  const measures = new Float64Array(16).fill(NaN);
  assert.ok(Number.isNaN(shownAt(measures, 4, 3, 3)));
  measures[0] = -2;
  assert.equal(shownAt(measures, 4, 3, 3), -2);
  measures[2 * 4 + 2] = 5;
  assert.equal(shownAt(measures, 4, 3, 3), 5);
  assert.equal(shownAt(measures, 4, 1, 3), -2);
});

test("colours are spread evenly, by rank within each kind, and the kinds stay apart", () => {
  const toScale = equalized(Float64Array.of(-100, -3, -2, 0.5, 1, 40, NaN));
  const close = (value, expected) => assert.ok(Math.abs(toScale(value) - expected) < 1e-12, `${value}`);
  for (const [value, expected] of [
    [-100, 1],
    [-3, 0.625],
    [-2, 0.25],
    [0.5, -0.25],
    [1, -0.625],
    [40, -1],
  ])
    close(value, expected);
});

test("windows are zoomed around a point, and the limit of float64 is known", () => {
  assert.deepEqual(within(WHOLE, {left: 0, right: 1, bottom: 0, top: 1}), WHOLE);
  const half = around(WHOLE, {x: 0, y: 1}, 0.5);
  assert.deepEqual(half, {x: [-3, 1.5], y: [1.5, 6]});
  assert.deepEqual(
    [0, 8].map(k => placeOf([-1, 3], 9, k)),
    [-1, 3],
  );
  let range = WHOLE;
  let depth = 0;
  for (; resolved(range, 128); depth++) range = around(range, {x: 0.3, y: 0.7}, 0.5);
  assert.ok(depth > 30 && depth < 50, `${depth}`);
  assert.ok(allowed(WHOLE) && !allowed({x: [-301, 0], y: [0, 1]}));
});

test("a bitmap is there when all pixels are", () => {
  assert.equal(bitmapOf(Float64Array.of(-1, NaN, 1, 1), 2), null);
  assert.deepEqual(bitmapOf(Float64Array.of(-1, 2, 1, -4), 2), ["10", "01"]);
});

test("a survey fills a map tile by tile, and a later one ends it", async () => {
  const asked = [];
  const act = (op, fields) => {
    asked.push(fields);
    const measures = pixelsOf(fields.size, fields).map(place => (place % 3 ? -place : null));
    return Promise.resolve({measures, engine: "numpy"});
  };
  const heard = [];
  const survey = new Survey(
    act,
    done => heard.push(done),
    () => 0,
  );
  await survey.begin({size: 20, fields: {width: 2}});
  assert.deepEqual([survey.share, survey.busy, survey.engine, heard.at(-1)], [1, false, "numpy", true]);
  assert.equal(survey.measures[7], -7);
  assert.equal(survey.measures[9], Number.MAX_VALUE);
  assert.ok(asked.every(fields => fields.width === 2 && fields.size === 20));
  const first = survey.begin({size: 20, fields: {}});
  survey.cancel();
  await first;
  assert.ok(survey.share < 1 && !survey.busy && !heard.at(-1));
  const refused = new Survey(
    () => Promise.resolve({ok: false}),
    () => {},
  );
  await refused.begin({size: 20, fields: {}});
  assert.deepEqual([refused.busy, refused.share], [false, 0]);
});

test("the numbers of a map are told as it lies, with what is not trained yet, and those of the run beside it", () => {
  const t = (key, values = {}) => [key, ...Object.values(values)].join(" ");
  const measures = Float64Array.of(-2, 3, NaN, -40);
  const drawn = {measures, size: 2, range: {x: [0, 1], y: [-1, 0]}, axes: "rates", losses: [4, 2, null]};
  const [map, run] = tablesOf(drawn, t);
  assert.equal(map.caption, `maps.table 3 ${percent(2 / 3)}`);
  assert.deepEqual(map.heads, ["maps.table_rates", "1.00×10⁰", "1.00×10¹"]);
  assert.deepEqual(map.rows, [
    ["1.00×10⁰", "–", "maps.cell_converged 40.0"],
    ["1.00×10⁻¹", "maps.cell_converged 2.00", "maps.cell_diverged 3.00"],
  ]);
  assert.deepEqual(run.rows, [
    ["0", "1.000"],
    ["1", "0.5000"],
    ["2", "NaN"],
  ]);
  const large = {...drawn, measures: new Float64Array(128 * 128).fill(NaN), size: 128, losses: []};
  const [grid, ...others] = tablesOf(large, t);
  assert.deepEqual([grid.rows.length, grid.heads.length, others.length], [13, 14, 0]);
});

test("a zoom film goes from a window to the whole map by the same factor in the same time, around one point", () => {
  const deep = {x: [0.5, 0.5 + 9 / 2 ** 20], y: [-1, -1 + 9 / 2 ** 20]};
  const windows = Array.from({length: 21}, (_, k) => onTheWay(deep, WHOLE, k / 20));
  assert.deepEqual([windows[0], windows.at(-1)], [deep, WHOLE]);
  windows.forEach((window, k) => assert.ok(Math.abs(Math.log2(enlarged(window)) - (20 - k)) < 1e-6));
  for (const side of ["x", "y"]) {
    const still = deep[side][0] + (9 / 2 ** 20) * ((deep[side][0] + 3) / (9 - 9 / 2 ** 20));
    for (const {[side]: range} of windows) {
      const share = (still - range[0]) / (range[1] - range[0]);
      assert.ok(Math.abs(share - (deep[side][0] + 3) / (9 - 9 / 2 ** 20)) < 1e-6);
      assert.ok(range[0] >= -3 && range[1] <= 6 + 1e-9);
    }
  }
});

test("a survey that makes room begins anew afterwards, if it was under way", () => {
  const begun = [];
  const survey = new Survey(
    () => new Promise(() => {}),
    () => {},
  );
  const room = makesRoom(survey, () => begun.push("again"));
  room.pause();
  room.resume();
  assert.deepEqual(begun, []);
  survey.begin({size: 8, fields: {}});
  room.pause();
  assert.equal(survey.busy, false);
  room.resume();
  assert.deepEqual(begun, ["again"]);
});
