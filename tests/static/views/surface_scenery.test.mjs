import assert from "node:assert/strict";
import {test} from "node:test";

import {planeFigures} from "../../../static/js/views/surface/figures.js";
import {labelsOf} from "../../../static/js/views/surface/map_painting.js";
import {chosenIn} from "../../../static/js/views/surface/options.js";
import {widthOf} from "../../../static/js/views/surface/overlay.js";
import {
  clamped,
  downhill,
  emptyKey,
  inWindow,
  received,
  sceneryOf,
  tipOf,
} from "../../../static/js/views/surface/scenery.js";

const surfaceOf = (values, more = {}) => ({
  plane: "pca",
  plane_id: 1,
  alpha: [0, 1],
  beta: [0, 1],
  resolution: Math.sqrt(values.length),
  grid: Float32Array.from(values),
  progress: 1,
  path: Float32Array.of(0, 0, 1, 1, 1, 2),
  points: 2,
  axes: [],
  ...more,
});
const t = (key, params = {}) => `${key} ${JSON.stringify(params)}`;
const palette = {};
const state = (log_loss = false, theme = "light") => ({view: {log_loss}, theme});

test("a new grid is taken when enough of it is known; one of the same plane fills its gaps from the old", () => {
  const coarse = surfaceOf([1, 2, 3, 4]);
  const shown = received(null, coarse);
  assert.equal(shown.field.grid, coarse.grid);
  const gaps = [1, NaN, NaN, NaN, NaN, NaN, NaN, NaN, 9];
  const fine = surfaceOf(gaps, {progress: 0.2});
  const filled = received(shown, fine);
  assert.equal(filled.surface, fine);
  assert.ok(filled.field.grid.every(Number.isFinite) && filled.field.grid[8] === 9 && filled.field.grid[4] === 2.5);
  const elsewhere = surfaceOf(gaps, {progress: 0.2, plane_id: 2});
  assert.equal(received(shown, elsewhere), shown, "too little of another plane");
  assert.equal(received(null, elsewhere), null);
  assert.equal(received(shown, null), null);
  const grown = {...coarse, points: 3};
  assert.deepEqual([received(shown, grown).surface, received(shown, grown).field], [grown, shown.field]);
});

test("the scenery is the same object until grid, scale, theme or palette change", () => {
  const shown = received(null, surfaceOf([1, 2, 3, 4], {axes: ["w", "b"]}));
  const first = sceneryOf(null, shown, state(), palette);
  assert.deepEqual(first.names, ["w", "b"]);
  assert.equal(sceneryOf(first, shown, state(), palette), first);
  const dark = sceneryOf(first, shown, state(false, "dark"), palette);
  assert.ok(dark !== first && dark.scale === first.scale, "the scale stays where it would hardly differ");
  assert.ok(sceneryOf(first, shown, state(true), palette).scale.log);
  assert.notEqual(sceneryOf(first, shown, state(), {}), first);
  const near = received(null, surfaceOf([1, 2, 3, 4.01]));
  assert.equal(sceneryOf(first, near, state(), palette).scale, first.scale);
});

test("a point outside the window is drawn at the border it left by", () => {
  const field = {alpha: [-1, 1], beta: [0, 2]};
  assert.ok(inWindow(field, 1, 2) && !inWindow(field, 1.01, 2) && !inWindow(field, NaN, 1));
  assert.deepEqual(clamped(field, 3, -4), [1, 0]);
});

test("downhill leads to less loss, and is nothing where the surface is level", () => {
  const values = Array.from({length: 25}, (_, k) => (k % 5) + 2 * Math.floor(k / 5));
  const scenery = sceneryOf(null, received(null, surfaceOf(values)), state(), palette);
  const down = downhill(scenery, 0.5, 0.5);
  assert.ok(down.a < 0.5 && down.b < 0.5 && down.steep > 0);
  const level = sceneryOf(null, received(null, surfaceOf(Array(25).fill(1))), state(), palette);
  assert.equal(downhill(level, 0.5, 0.5), null);
});

test("what is read at a point says where the surface is cut off", () => {
  const scenery = sceneryOf(null, received(null, surfaceOf([1, 2, 3, 4])), state(), palette);
  assert.match(tipOf(scenery, {alpha: 0, beta: 0}, t), /^surface.tip .*"loss":"1.00"/);
  const cut = {...scenery, scale: {...scenery.scale, high: 0.5}};
  assert.match(tipOf(cut, {alpha: 0, beta: 0}, t), /^surface.tip_clipped/);
});

test("why there is nothing to see", () => {
  const of = more => emptyKey({surface: null, frame: {step: 0}, view: {plane: "pca"}, connection: "open", ...more});
  assert.equal(of({}), "surface.empty_pca");
  assert.equal(of({frame: {step: 3}}), "surface.empty_computing");
  assert.equal(of({view: {plane: "random"}}), "surface.empty_computing");
  assert.equal(of({connection: "lost", frame: null}), "surface.empty_connecting");
  assert.equal(of({connection: "lost"}), "surface.empty_pca");
});

test("the figures of a plane: a share and a distance, which two parameters do not need", () => {
  const figures = {share: NaN, distance: NaN, plane_loss: 0.5, loss: 0.25, parameters: 22, walk: NaN};
  assert.deepEqual(
    planeFigures(figures, key => key),
    ["–", "–", "0.500", "0.250"],
  );
  const exact = planeFigures({...figures, parameters: 2}, key => key);
  assert.deepEqual(exact, ["surface.exact", "0", "0.500", "0.250"]);
});

test("the options show what the server chose, and what holds before it has told", () => {
  const options = {resolutions: [32, 64, 128]};
  const view = {plane: "pca", arrows: true};
  const bare = {surface: null, view, plane_choice: null, layout: null, config: null, options};
  const before = chosenIn(bare);
  assert.equal(chosenIn({...bare, options: null}).resolution, 0);
  assert.deepEqual([before.plane, before.point, before.resolution, before.note], ["pca", "mean", 128, "surface.note"]);
  const choice = {plane: "random", through: "auto", resolution: 64, penalties: false};
  assert.equal(chosenIn({...bare, plane_choice: choice}).point, "current");
  assert.equal(chosenIn({...bare, plane_choice: {...choice, through: "end"}}).point, "end");
  assert.equal(chosenIn({...bare, layout: {normalization: ["batch", null]}}).note, "surface.note_batch");
  assert.equal(chosenIn({...bare, plane_choice: {...choice, penalties: true}}).note, "surface.note_penalties");
  assert.ok(chosenIn({...bare, config: {l1: 0, l2: 0.1}}).penalized && !before.penalized);
});

test("losses stand on lines that are long enough, upright, apart from one another and from the border", () => {
  const pane = {x: u => 400 * u, y: v => 300 - 300 * v, box: {x: 0, y: 0, width: 400, height: 300}};
  const along = height => Float32Array.from({length: 80}, (_, k) => (k % 2 ? height : 39 - (k >> 1)));
  const line = (level, height) => ({level, tone: 0.5, lines: [along(height)]});
  const labels = labelsOf([line(1, 20), line(2, 20.1), line(3, 0.1)], 39, pane, 11);
  assert.deepEqual(
    labels.map(({level}) => level),
    [1, 2],
  );
  assert.ok(labels.every(({angle}) => Math.abs(angle % (2 * Math.PI)) <= Math.PI / 2 || angle === 2 * Math.PI));
  assert.ok(Math.abs(labels[0].x - labels[1].x) >= 46);
  const large = labelsOf([line(1, 20), line(2, 20.1)], 39, pane, 22);
  assert.ok(large.length < 2 || Math.abs(large[0].x - large[1].x) >= 92, "large letters keep farther apart");
  assert.deepEqual(labelsOf([{level: 1, tone: 0, lines: [Float32Array.of(1, 1, 2, 2)]}], 39, pane, 11), []);
});

test("Chinese words are about as wide as they are many letters high", () => {
  assert.ok(widthOf("最低", 12) > 24 && widthOf("ab", 12) < 24);
});
