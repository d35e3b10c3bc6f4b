import assert from "node:assert/strict";
import {test} from "node:test";

import {isBelow, wayAside} from "../../../static/js/app/floating.js";

const ROOM = {width: 1366, height: 768};
const box = (left, top, width, height) => ({
  left,
  top,
  right: left + width,
  bottom: top + height,
});
const moved = ({left, top, right, bottom}, [x, y]) => ({
  left: left + x,
  top: top + y,
  right: right + x,
  bottom: bottom + y,
});
const overlap = (a, b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;

/** Numbers in [0, 1) from a seed. */
function* random(seed) {
  for (let state = seed; ;) yield (state = (state * 16807) % 2147483647) / 2147483647;
}

test("a control counts as below a window only if nothing of it is seen", () => {
  const window = box(200, 100, 400, 300);
  assert.equal(isBelow(box(250, 150, 20, 20), window), true);
  assert.equal(isBelow(box(590, 150, 20, 20), window), false);
  assert.equal(isBelow(box(250, 90, 20, 20), window), false);
});

test("wherever a window and a control lie, it steps off the control, and something of it stays in sight", () => {
  const numbers = random(7);
  const next = () => numbers.next().value;
  for (let k = 0; k < 2000; k++) {
    const size = [60 + next() * 1200, 60 + next() * 640];
    const window = box(next() * (ROOM.width - size[0]), next() * (ROOM.height - size[1]), ...size);
    const control = box(window.left + next() * (size[0] - 40), window.top + next() * (size[1] - 24), 40, 24);
    const way = wayAside(window, control, ROOM);
    assert.equal(overlap(moved(window, way), control), false, JSON.stringify({window, control, way}));
    if (isBelow(control, box(64, 64, ROOM.width - 128, ROOM.height - 128)))
      assert.equal(
        overlap(moved(window, way), box(0, 0, ROOM.width, ROOM.height)),
        true,
        JSON.stringify({window, control, way}),
      );
  }
});

test("the shortest way is taken", () => {
  assert.deepEqual(wayAside(box(300, 100, 600, 500), box(840, 300, 50, 20), ROOM), [840 - 8 - 900, 0]);
  assert.deepEqual(wayAside(box(300, 100, 600, 500), box(600, 570, 50, 20), ROOM), [0, 570 - 8 - 600]);
});
