import assert from "node:assert/strict";
import test from "node:test";
import {FramePace} from "../../../static/js/app/frame_pace.js";

/** Frames a second that are asked for, of so many that are drawn each ms, over a second.
 * @param {any} device @param {boolean} led @param {number} [bytes] */
async function rateOf(device, led, bytes = 10_000) {
  let now = 0;
  let asked = 0;
  const due = [];
  const pace = new FramePace(device, () => now);
  await pace.watched;
  pace.size = bytes;
  const usual = globalThis.setTimeout;
  globalThis.setTimeout = /** @type {any} */ ((tell, wait) => due.push([now + wait, tell]));
  try {
    const ask = () => (asked += 1);
    pace.drawn(led, ask);
    for (now = 1; now <= 1000; now++) {
      const drawn = asked;
      while (due.length && due[0][0] <= now) due.shift()[1]();
      if (asked > drawn || !due.length) pace.drawn(led, ask);
    }
  } finally {
    globalThis.setTimeout = usual;
  }
  return Math.min(asked, 1000);
}

/** @param {number} level @param {boolean} charging */
const battery = (level, charging) => ({
  getBattery: () => Promise.resolve(Object.assign(new EventTarget(), {level, charging})),
});
const SPARED = {saveData: {connection: {saveData: true}}, low: battery(0.15, false)};
const USUAL = {
  nothing: undefined,
  unknown: {},
  charged: battery(0.9, false),
  charging: battery(0.1, true),
  denied: {getBattery: () => Promise.reject(new DOMException("denied", "NotAllowedError"))},
};

test("followers ask for 30 small frames a second, and for as many large ones as a network carries", async () => {
  for (const [bytes, most] of [
    [10_000, 30],
    [40_000, 10],
    [80_000, 5],
  ])
    assert.ok(Math.abs((await rateOf(undefined, true, bytes)) - most) <= 1, String(bytes));
});

test("a device that is to be spared asks half as often, and in a run of one's own for 30 frames a second", async () => {
  for (const [name, device] of Object.entries(SPARED)) {
    assert.ok(Math.abs((await rateOf(device, true)) - 15) <= 1, name);
    assert.ok(Math.abs((await rateOf(device, false)) - 30) <= 1, name);
  }
  for (const [name, device] of Object.entries(USUAL)) {
    assert.ok(Math.abs((await rateOf(device, true)) - 30) <= 1, name);
    assert.equal(await rateOf(device, false), 1000, name);
  }
});

test("what becomes of the battery is heard", async () => {
  const charge = Object.assign(new EventTarget(), {level: 0.5, charging: false});
  const pace = new FramePace({getBattery: () => Promise.resolve(charge)});
  await pace.watched;
  assert.equal(pace.spares, false);
  charge.level = 0.2;
  charge.dispatchEvent(new Event("levelchange"));
  assert.equal(pace.spares, true);
  charge.charging = true;
  charge.dispatchEvent(new Event("chargingchange"));
  assert.equal(pace.spares, false);
});
