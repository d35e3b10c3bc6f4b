import assert from "node:assert/strict";
import {test} from "node:test";

import {isolines, levelsOf} from "../../../static/js/views/surface/contour.js";
import {
  filled,
  heightOf,
  heightsOf,
  known,
  lossAt,
  lowest,
  near,
  scaleOf,
  slopeAt,
} from "../../../static/js/views/surface/field.js";
import {BREAK, emptyTrace, follow, HIDDEN, SEEN} from "../../../static/js/views/surface/path.js";
import {HOME, moved, project, projectionOf, TALL, unproject, zoomed} from "../../../static/js/views/surface/camera.js";
import {corners, COVERS, hidden, rasterize, rasterOf, SHADES} from "../../../static/js/views/surface/raster.js";

/** f on an n × n grid over a window. */
function fieldOf(f, n, alpha = [-2, 2], beta = [-1, 3]) {
  const grid = new Float32Array(n * n);
  for (let i = 0; i < n; i++)
    for (let j = 0; j < n; j++)
      grid[i * n + j] = f(
        alpha[0] + ((alpha[1] - alpha[0]) * j) / (n - 1),
        beta[0] + ((beta[1] - beta[0]) * i) / (n - 1),
      );
  return {resolution: n, grid, alpha, beta};
}
const about = (actual, expected, tolerance = 1e-5) =>
  assert.ok(Math.abs(actual - expected) <= tolerance, `${actual} is not ${expected}`);
const bowl = (a, b) => 0.1 + a * a + (b - 1) ** 2;
const margin = {left: 10, right: 10, top: 10, bottom: 10};

test("a field reads a plane exactly, its slope too, and nothing outside", () => {
  const field = fieldOf((a, b) => 3 + 2 * a - 5 * b, 7);
  for (const [a, b] of [
    [-2, -1],
    [2, 3],
    [0.123, 1.7],
    [-1.9, 2.99],
  ])
    about(lossAt(field, a, b), 3 + 2 * a - 5 * b, 1e-4);
  const [slopeA, slopeB] = slopeAt(field, 0.3, 1.1);
  about(slopeA, 2, 1e-4);
  about(slopeB, -5, 1e-4);
  for (const [a, b] of [
    [-2.01, 0],
    [2.01, 0],
    [0, 3.01],
    [NaN, 0],
  ])
    assert.ok(Number.isNaN(lossAt(field, a, b)));
});

test("holes stay holes; the lowest point passes them over", () => {
  const field = fieldOf(bowl, 9);
  field.grid[4 * 9 + 4] = NaN;
  assert.ok(Number.isNaN(lossAt(field, 0.01, 1.01)));
  assert.equal(known(field), 80 / 81);
  const least = lowest(field);
  assert.ok(least && (least.alpha !== 0 || least.beta !== 1));
  about(least.loss, 0.35);
  assert.equal(lowest({...field, grid: field.grid.fill(NaN)}), null);
});

test("a finer grid on its way is filled from the coarser one", () => {
  const plane = (a, b) => a + b;
  const coarse = fieldOf(plane, 4);
  const fine = fieldOf(plane, 13);
  const whole = fine.grid.slice();
  fine.grid.fill(NaN, 50);
  filled(coarse, fine).grid.forEach((value, k) => about(value, whole[k], 1e-5));
  assert.ok(Number.isNaN(fine.grid[60]), "the grid that arrived is left alone");
});

test("heights run from the lowest to the highest loss, and are cut where it explodes", () => {
  const calm = scaleOf(fieldOf(bowl, 21).grid, false);
  assert.equal(calm.clipped, false);
  about(heightOf(calm, 0.1), 0);
  about(heightOf(calm, 8.1), 1);
  assert.ok(Number.isNaN(heightOf(calm, NaN)));

  const wild = fieldOf((a, b) => bowl(a, b) + (a > 1.9 ? 1e9 : 0), 21);
  const cut = scaleOf(wild.grid, false);
  assert.equal(cut.clipped, true);
  assert.ok(cut.high < 100, `${cut.high}`);
  assert.ok(heightOf(cut, 1e9) > 1 && heightOf(cut, Infinity) > 1);
  assert.ok(
    scaleOf(wild.grid, false, 30).high >= 30 || scaleOf(wild.grid, false, 30).high > cut.high,
    "the path's start is not cut",
  );
});

test("a logarithm spaces factors evenly, and bears zero, negative and equal losses", () => {
  const log = scaleOf(Float32Array.of(0.01, 0.1, 1), true);
  about(heightOf(log, 0.1), 0.5);
  about(log.low, 0.01);
  about(log.high, 1);
  for (const grid of [
    Float32Array.of(-78, -10, 0, 40),
    Float32Array.of(0, 0.5, 1),
    Float32Array.of(2, 2, 2),
    Float32Array.of(NaN, NaN),
  ]) {
    for (const logarithm of [true, false]) {
      const scale = scaleOf(grid, logarithm);
      const heights = heightsOf(scale, grid).filter(h => !Number.isNaN(h));
      assert.ok(
        heights.every(h => h >= 0 && h <= 1.001),
        `${grid}: ${heights}`,
      );
      assert.ok(Number.isFinite(scale.low) && scale.high > scale.low);
    }
  }
});

test("a scale that hardly changed is kept", () => {
  const a = scaleOf(fieldOf(bowl, 21).grid, false);
  assert.ok(near(a, scaleOf(fieldOf((x, y) => bowl(x, y) * 1.02, 21).grid, false)));
  assert.ok(!near(a, scaleOf(fieldOf((x, y) => bowl(x, y) * 1.5, 21).grid, false)));
  assert.ok(!near(a, scaleOf(fieldOf(bowl, 21).grid, true)));
});

test("levels are round, inside, and spaced by the logarithm where losses differ by factors", () => {
  const levels = levelsOf(scaleOf(Float32Array.of(0.004, 0.1, 4), true), 10);
  assert.deepEqual(levels, [0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2]);
  for (const [low, high] of [
    [1e-9, 1e6],
    [2.3, 2.31],
    [-5, 5],
    [0, 1],
  ]) {
    const found = levelsOf({low, high}, 12);
    assert.ok(found.length >= 3 && found.length <= 30, `${low} ${high}: ${found.length}`);
    assert.ok(found.every((level, i) => level > low && level < high && (i === 0 || level > found[i - 1])));
  }
});

test("levels end, however close or far the ends of the scale are", () => {
  for (const low of [0, 1e-300, 1e-30, 1, -1, 1e300])
    for (const high of [low, low * (1 + 2 ** -52), low + 1e-12, 2 * low, 1e300, Number.MAX_VALUE])
      assert.ok(levelsOf({low, high}, 12).length <= 40, `${low} to ${high}`);
});

test("an equal-loss line of a bowl is one closed circle of the right radius", () => {
  const n = 41;
  const field = fieldOf((a, b) => a * a + b * b, n, [-2, 2], [-2, 2]);
  const lines = isolines(field.grid, n, 1);
  assert.equal(lines.length, 1);
  const [line] = lines;
  assert.deepEqual([...line.slice(0, 2)], [...line.slice(-2)]);
  for (let k = 0; k < line.length; k += 2) about(Math.hypot(line[k] / 10 - 2, line[k + 1] / 10 - 2), 1, 0.004);
});

test("lines end at the border and at holes, and a saddle gives two that do not cross", () => {
  const n = 11;
  const tilted = fieldOf(a => a, n, [0, 10], [0, 10]);
  const [line] = isolines(tilted.grid, n, 4.5);
  assert.equal(line.length, 2 * n);
  assert.ok(line.every((x, k) => k % 2 || x === 4.5));
  tilted.grid[5 * n + 4] = NaN;
  assert.equal(isolines(tilted.grid, n, 4.5).length, 2);
  const saddle = isolines(Float32Array.of(1, 0, 0, 1), 2, 0.4);
  assert.equal(saddle.length, 2);
  for (const piece of saddle) assert.ok(Math.abs(piece[0] - piece[2]) < 1 && Math.abs(piece[1] - piece[3]) < 1);
});

test("the camera stays inside its limits", () => {
  assert.ok(moved(HOME, {tilt: -3}).tilt > 0);
  assert.ok(moved(HOME, {tilt: 9}).tilt <= Math.PI / 2);
  assert.ok(moved(HOME, {zoom: 1e9}).zoom < 10);
});

/** The corners of the box that the surface stands in. */
const CORNERS = [-1, 1].flatMap(x => [-1, 1].flatMap(y => [0, TALL].map(z => [x, y, z])));

test("the whole box is on the sheet at every turn and tilt", () => {
  const out = new Float32Array(3);
  for (const [width, height] of [
    [360, 196],
    [330, 240],
    [520, 320],
    [200, 400],
  ]) {
    for (const tilt of [0.12, 0.56, 1, Math.PI / 2]) {
      for (let turn = -3; turn < 3; turn += 0.4) {
        const projection = projectionOf({...HOME, turn, tilt}, width, height, margin);
        for (const [x, y, z] of CORNERS) {
          project(projection, x, y, z, out, 0);
          assert.ok(
            out[0] >= 9 && out[0] <= width - 9 && out[1] >= 9 && out[1] <= height - 9,
            `${width} ${tilt} ${turn}: ${out}`,
          );
        }
      }
    }
  }
});

test("what is under the pointer stays there while zooming, and zooming out ends at home", () => {
  const before = new Float32Array(3);
  const after = new Float32Array(3);
  const [width, height] = [400, 260];
  const place = (camera, out) => project(projectionOf(camera, width, height, margin), 0.4, -0.3, 0.2, out, 0);
  place(HOME, before);
  const closer = zoomed(HOME, 1.7, before[0] - width / 2, before[1] - height / 2);
  place(closer, after);
  about(after[0], before[0], 0.01);
  about(after[1], before[1], 0.01);
  assert.deepEqual(zoomed(closer, 1 / 1.7, 55, 3), {...HOME});
});

test("unproject undoes project", () => {
  const out = new Float32Array(3);
  const projection = projectionOf({turn: 0.7, tilt: 0.6, zoom: 1.3, x: 20, y: -8}, 400, 260, margin);
  for (const point of [
    [-1, -1, 0],
    [0.3, 0.8, 0.5],
    [1, -0.2, TALL],
  ]) {
    project(projection, ...point, out, 0);
    unproject(projection, out[0], out[1], out[2]).forEach((x, i) => about(x, point[i], 1e-4));
  }
});

/** A painted surface with its projection: what is behind a ridge is hidden. */
function painted(heights, n, camera = {...HOME, turn: 0, tilt: 0.35}) {
  const raster = rasterOf(300, 200);
  const projection = projectionOf(camera, 300, 200, margin);
  const table = new Uint32Array(COVERS * SHADES * 256).fill(7);
  rasterize(raster, corners(projection, heights, n, 1), n, {table, levels: 0, thickness: 1});
  return {raster, projection};
}

test("a ridge hides what lies behind it and nothing before it", () => {
  const n = 33;
  const ridge = fieldOf((_a, b) => Math.exp(-(((b - 1) / 0.25) ** 2)), n);
  const {raster, projection} = painted(ridge.grid, n);
  const out = new Float32Array(3);
  const isHidden = y => {
    project(projection, 0.1, y, TALL * Math.exp(-(((y * 2) / 0.25) ** 2)), out, 0);
    return hidden(raster, 1, out[0], out[1], out[2]);
  };
  assert.equal(isHidden(-0.8), false);
  assert.equal(isHidden(0), false);
  assert.equal(isHidden(0.3), true);
});

test("the raster is painted without seams, leaves holes open, and cuts what is too high", () => {
  const n = 17;
  const flat = new Float32Array(n * n).fill(0.4);
  const top = {...HOME, turn: 0.3, tilt: Math.PI / 2};
  const {raster} = painted(flat, n, top);
  const count = pixels => pixels.reduce((sum, pixel) => sum + (pixel ? 1 : 0), 0);
  for (let y = 0; y < 200; y++) {
    const row = raster.pixels.subarray(y * 300, (y + 1) * 300);
    const first = row.indexOf(7);
    const last = row.lastIndexOf(7);
    if (first >= 0)
      assert.ok(
        row.subarray(first, last + 1).every(pixel => pixel === 7),
        `seam in row ${y}`,
      );
  }
  const whole = count(raster.pixels);
  const holed = flat.slice();
  const cut = flat.slice();
  holed[8 * n + 8] = NaN;
  cut[8 * n + 8] = 3;
  // A missing corner takes the six triangles that meet there, of two to a cell: three cells.
  const expected = (whole * 6) / 256;
  about(whole - count(painted(holed, n, top).raster.pixels), expected / 2, (expected / 2) * 0.3);
  assert.ok(count(painted(cut, n, top).raster.pixels) < whole);
});

/** A stage that shows the plane as it is, with everything right of x = 5 hidden, and nothing beyond 9. */
const stub = {
  place(a, b, out) {
    [out[0], out[1], out[2]] = a > 9 ? [NaN, NaN, NaN] : [a, b, a > 5 ? 1 : 0];
  },
};
const window10 = {resolution: 11, alpha: [0, 10], beta: [0, 10], grid: new Float32Array(121)};
const pathOf = (...points) => Float32Array.from(points.flatMap(([a, b]) => [a, b, 0]));

test("a long step is followed in pieces, hidden where the stage says so", () => {
  const trace = emptyTrace();
  follow(stub, window10, pathOf([1, 1], [8, 1]), 2, trace);
  assert.ok(trace.count > 8);
  assert.equal(trace.kind[0], BREAK);
  for (let k = 1; k < trace.count; k++) {
    assert.ok(trace.x[k] - trace.x[k - 1] <= 1 && trace.x[k] > trace.x[k - 1]);
    assert.equal(trace.kind[k], trace.x[k] > 5 ? HIDDEN : SEEN);
  }
  about(trace.x[trace.count - 1], 8);
});

test("a path that leaves the window breaks and comes back; a resting one costs no points", () => {
  const trace = emptyTrace();
  follow(stub, window10, pathOf([8, 1], [12, 1], [12, 3], [8, 3]), 4, trace);
  assert.equal([...trace.kind.subarray(0, trace.count)].filter(kind => kind === BREAK).length, 2);
  const resting = Array.from({length: 5000}, (_, k) => [3 + 1e-4 * Math.sin(k), 3]);
  follow(stub, window10, pathOf(...resting, [3.5, 3]), 5001, trace);
  assert.ok(trace.count < 10, `${trace.count}`);
  about(trace.x[trace.count - 1], 3.5);
});

test("a path longer than the room keeps its end", () => {
  const trace = emptyTrace();
  const points = Array.from({length: 40000}, (_, k) => [4 + 3 * Math.cos(k), 4 + 3 * Math.sin(k)]);
  follow(stub, window10, pathOf(...points), points.length, trace);
  assert.ok(trace.count <= trace.x.length);
});
