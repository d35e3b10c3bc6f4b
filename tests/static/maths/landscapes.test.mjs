// The page's landscapes: values and slopes as the core's, graphs whose parts make them up, and what is near.

import assert from "node:assert/strict";
import {readFileSync} from "node:fs";
import {test} from "node:test";

import {GRAPHS, nearest, passThrough, valueOf} from "../../../static/js/maths/landscapes.js";

const CORE = JSON.parse(readFileSync(new URL("../../fixtures/landscape_values.json", import.meta.url), "utf8"));
const near = (a, b, scale, words) =>
  assert.ok(Math.abs(a - b) <= 1e-11 * (1 + Math.abs(scale)), `${words}: ${a} is not ${b}`);

test("the page knows the landscapes of the core, and no others", () => {
  assert.deepEqual(Object.keys(GRAPHS), Object.keys(CORE));
});

for (const [name, {points, values, gradients}] of Object.entries(CORE)) {
  test(`${name}: values and gradients are the core's, through the graph too`, () => {
    const scale = Math.max(...values.map(Math.abs), ...gradients.flat().map(Math.abs));
    points.forEach(([x, y], k) => {
      const found = passThrough(name, x, y);
      near(valueOf(name, x, y), values[k], scale, "value");
      near(found.value, values[k], scale, "value at the end of the graph");
      near(found.gradient[0], gradients[k][0], scale, "∂f/∂x");
      near(found.gradient[1], gradients[k][1], scale, "∂f/∂y");
    });
  });

  test(`${name}: every slope in the graph is that of its part`, () => {
    const h = 1e-6;
    for (const [x, y] of points.slice(0, 12)) {
      const {parts} = passThrough(name, x, y);
      const graph = GRAPHS[name];
      const at = graph.parts.map(p => p.f(x, y));
      graph.parts.forEach((part, k) => {
        const numeric = [
          (part.f(x + h, y) - part.f(x - h, y)) / (2 * h),
          (part.f(x, y + h) - part.f(x, y - h)) / (2 * h),
        ];
        [parts[k].dx ?? 0, parts[k].dy ?? 0].forEach((slope, i) =>
          assert.ok(
            Math.abs(slope - numeric[i]) < 1e-5 * (1 + Math.abs(slope)),
            `${part.name} ${i}: ${slope} is not ${numeric[i]}`,
          ),
        );
        const step = h * (1 + Math.abs(at[k]));
        const moved = way => graph.f(...at.map((u, j) => (j === k ? u + way * step : u)));
        const up = (moved(1) - moved(-1)) / (2 * step);
        assert.ok(
          Math.abs(parts[k].slope - up) < 1e-5 * (1 + Math.abs(up)),
          `∂f/∂${part.name}: ${parts[k].slope} is not ${up}`,
        );
      });
    }
  });
}

test("the nearest of several minima, and none", () => {
  const minima = [
    [3, 2],
    [-2.8, 3.1],
  ];
  assert.deepEqual(nearest(minima, -2.8, 0.1), {x: -2.8, y: 3.1, distance: 3});
  assert.equal(nearest([], 0, 0), null);
});
