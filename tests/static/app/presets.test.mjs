import assert from "node:assert/strict";
import test from "node:test";
import {createPresets, viewOf} from "../../../static/js/app/presets.js";

const SWEEP = {x: "width", values: [1, 2], seeds: 3, steps: 10, measure: "loss"};
const OPTIONS = {
  presets: [
    {name: "plain", shows: {}},
    {name: "late", shows: {accuracy: true, log_steps: true}},
    {name: "swept", shows: {sweep: SWEEP}},
  ],
};

test("a preset shows what it sets up, and what the one before had set up goes back", () => {
  assert.deepEqual(viewOf(OPTIONS, "plain"), {});
  assert.deepEqual(viewOf(OPTIONS, "late"), {accuracy: true, log_steps: true});
  assert.deepEqual(viewOf(OPTIONS, "swept", "late"), {accuracy: false, log_steps: false, sweep: SWEEP});
  assert.deepEqual(viewOf(OPTIONS, "plain", "swept"), {sweep: null});
  assert.notEqual(viewOf(OPTIONS, "swept").sweep, viewOf(OPTIONS, "swept").sweep); // chosen again, it opens again
  for (const name of [null, "unknown"]) assert.deepEqual(viewOf(OPTIONS, name), {});
  assert.deepEqual(viewOf(null, "late"), {});
});

test("the address's preset is shown once, and a refused one not at all", async () => {
  const chosen = [];
  const identity = {session: "s", secret: "t", preset: "late"};
  const act = () => Promise.resolve({ok: false});
  const presets = createPresets({act, choose: patch => chosen.push(patch), options: () => OPTIONS, identity});
  presets.greet();
  presets.greet();
  await presets.use("swept");
  await presets.use("");
  assert.deepEqual(chosen, [{accuracy: true, log_steps: true}]);
  assert.equal(identity.preset, "late");
});
