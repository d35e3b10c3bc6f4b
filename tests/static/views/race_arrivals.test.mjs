/** The race tells the first step of arrival: it asks once for what the curves leave open. */

import assert from "node:assert/strict";
import test from "node:test";
import {Arrivals} from "../../../static/js/views/race/arrivals.js";

const runner = (id, step, loss) => ({id, series: {metrics: {step, loss}}});
const far = runner(0, [0, 100, 200], [1, 0.6, 0.2]);
const close = runner(1, [0, 1, 2], [1, 0.5, 0.4]);
const never = runner(2, [0, 100], [1, 0.9]);
const goal = {measure: "loss", target: 0.5};

test("what the curves leave open is asked once, and told as exact", async () => {
  const asked = [];
  let told = 0;
  const answer = {ok: true, arrivals: {0: 117, 1: 1, 2: null}};
  const act = async (op, fields) => asked.push([op, {...fields}]) && answer;
  const arrivals = new Arrivals(act, () => told++);
  const runners = [far, close, never];
  assert.deepEqual(
    runners.map(one => arrivals.of(one, goal)),
    [{step: 200, exact: false}, {step: 1, exact: true}, null],
  );
  await Promise.all([arrivals.ask(runners, goal), arrivals.ask(runners, goal)]);
  await arrivals.ask(runners, goal);
  assert.deepEqual(asked, [["arrivals", goal]]);
  assert.equal(told, 1);
  assert.deepEqual(arrivals.of(far, goal), {step: 117, exact: true});
  assert.deepEqual(arrivals.of(runner(0, [0, 100, 200], [1, 0.6, 0.3]), goal), {step: 200, exact: false});
});

test("where the server gives no answer the latest step stays, and nothing is asked again", async () => {
  let asked = 0;
  const arrivals = new Arrivals(
    async () => ({ok: false, code: "recorded", asked: asked++}),
    () => {},
  );
  await arrivals.ask([far], goal);
  await arrivals.ask([far], goal);
  assert.equal(asked, 1);
  assert.deepEqual(arrivals.of(far, goal), {step: 200, exact: false});
  await arrivals.ask([far], {measure: "loss", target: NaN});
  assert.equal(asked, 1);
});
