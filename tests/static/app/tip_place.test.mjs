import assert from "node:assert/strict";
import {test} from "node:test";

import {spotOf} from "../../../static/js/app/tip_place.js";

test("the card never leaves the window and never lies over its place where there is room beside it", () => {
  const view = {width: 360, height: 640};
  for (let n = 0; n < 2000; n++) {
    const random = (low, high) => low + Math.random() * (high - low);
    const card = {width: random(20, 320), height: random(20, 200)};
    const left = random(-20, 350);
    const top = random(0, 620);
    const place = {left, top, right: left + random(4, 200), bottom: top + random(4, 64)};
    const {x, y} = spotOf(place, card, view);
    assert.ok(x >= 4 && x + card.width <= view.width - 3, `${x}`);
    assert.ok(y >= 4 && y + card.height <= view.height - 3, `${y}`);
    const room = place.bottom + 6 + card.height + 4 <= view.height || place.top - 6 - card.height >= 4;
    assert.ok(!room || y >= place.bottom || y + card.height <= place.top, `${y} over ${place.top} to ${place.bottom}`);
  }
});
