import assert from "node:assert/strict";
import {test} from "node:test";

import {createAnnouncer} from "../../../static/js/draw/announcer.js";

/** A clock that is set by hand. */
function clock() {
  const one = {time: 0, due: []};
  return {
    now: () => one.time,
    later: (run, wait) => one.due.push([one.time + wait, run]),
    go(to) {
      for (const entry of [...one.due].filter(([when]) => when <= to).sort((a, b) => a[0] - b[0])) {
        one.due.splice(one.due.indexOf(entry), 1);
        one.time = entry[0];
        entry[1]();
      }
      one.time = to;
    },
  };
}

test("at most one saying a second, whatever comes how often, and the last word is heard", () => {
  const time = clock();
  const heard = [];
  const say = createAnnouncer(words => heard.push([time.now(), words]), time);
  for (let ms = 0; ms <= 10_000; ms += 40) {
    time.go(ms);
    say("network", `frame ${ms}`);
  }
  time.go(12_000);
  assert.ok(heard.length >= 10 && heard.length <= 12, `${heard.length}`);
  for (let k = 1; k < heard.length; k++) assert.ok(heard[k][0] - heard[k - 1][0] >= 1000);
  assert.equal(heard.at(-1)[1], "frame 10000");
});

test("what several have to say comes together, each with its last word; what was taken back is not heard", () => {
  const time = clock();
  const heard = [];
  const say = createAnnouncer(words => heard.push(words), time);
  say("status", "Running.");
  say("toast", "Old.");
  say("phase", "Gone soon.");
  say("toast", "New.");
  say("phase", "");
  time.go(1000);
  say("status", "Paused.");
  time.go(2000);
  assert.deepEqual(heard, ["Running.", "New.", "Paused."]);
});
