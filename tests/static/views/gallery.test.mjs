import assert from "node:assert/strict";
import {test} from "node:test";

import {networkScene} from "../../../static/js/views/gallery/network_picture.js";

test("however deep and wide a network is, its picture holds every layer and leaves no edge", () => {
  for (const sizes of [
    [3, 1],
    [2, 6, 3, 1],
    [64, 30, 10],
    [2, ...Array(20).fill(16), 1],
    [64, ...Array(12).fill(30), 10],
  ]) {
    const {dots, lines, radius} = networkScene(sizes, 76, 40);
    const columns = new Set(dots.map(({x}) => x));
    assert.equal(columns.size, sizes.length);
    for (const {x, y} of dots) assert.ok(x - radius >= 0 && x + radius <= 76 && y - radius >= 0 && y + radius <= 40);
    const shown = [...columns].map(x => dots.filter(dot => dot.x === x).length);
    assert.equal(
      lines.length,
      shown.slice(1).reduce((sum, count, k) => sum + count * shown[k], 0),
    );
    for (const [from, to] of lines) assert.ok(dots.includes(from) && dots.includes(to) && from.x < to.x);
  }
});
