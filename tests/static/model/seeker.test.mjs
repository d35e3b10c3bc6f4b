import assert from "node:assert/strict";
import {test} from "node:test";
import {Seeker} from "../../../static/js/model/seeker.js";

const turn = () => new Promise(resolve => setImmediate(resolve));

test("one wish is on its way, and only the newest follows it", async () => {
  const asked = [];
  const release = [];
  const seeker = new Seeker(step => {
    asked.push(step);
    return new Promise(resolve => release.push(resolve));
  });
  seeker.to(1);
  seeker.to(2);
  const all = seeker.to(3);
  assert.deepEqual(asked, [1]);
  assert.equal(seeker.aim, 3);
  release[0]({ok: true, seq: 1});
  await turn();
  assert.deepEqual(asked, [1, 3]);
  release[1]({ok: true, seq: 2});
  await all;
  seeker.seen(2);
  assert.equal(seeker.aim, 3);
  seeker.seen(3);
  assert.equal(seeker.aim, null);
  seeker.to(4);
  assert.deepEqual(asked, [1, 3, 4]);
});

test("a wish that is refused is forgotten, unless a newer one follows it", async () => {
  const answers = [{ok: false}, {ok: true, seq: 7}, {ok: false}];
  const seeker = new Seeker(async () => {
    await turn();
    return answers.shift() ?? {};
  });
  const both = seeker.to(1);
  seeker.to(2);
  await both;
  assert.equal(seeker.aim, 2);
  await seeker.to(3);
  assert.equal(seeker.aim, null);
});

/**
 * A run that goes back to a tenth and then ahead, a step in each frame; what it says waits in line, and of frames only
 * the newest, which may have been made before the command whose answer it follows.
 */
class SlowRun {
  step = 120;
  target = 120;
  seq = 0;
  /** The newest frame that has not left yet. */
  frame = null;
  line = [];

  ask(place) {
    this.target = place;
    if (place < this.step) this.step = Math.floor(place / 10) * 10;
    const answer = {ok: true, seq: this.seq};
    return new Promise(resolve => this.line.push(() => resolve(answer)));
  }

  work() {
    if (this.step < this.target) this.step++;
    this.frame = {seq: ++this.seq, step: this.step, target: this.step === this.target ? null : this.target};
  }
}

test("no key is lost, however late answers and frames come", async () => {
  let seed = 1;
  const random = () => (seed = (seed * 48271) % 2147483647) / 2147483647;
  for (let game = 0; game < 200; game++) {
    const run = new SlowRun();
    const seeker = new Seeker(place => run.ask(place));
    let shown = {seq: 0, step: run.step, target: null};
    let expected = run.step;
    for (let key = 0; key < 20;) {
      const dice = random();
      if (dice < 0.3) {
        const way = random() < 0.8 ? -1 : 1;
        expected += way;
        seeker.to((seeker.aim ?? shown.target ?? shown.step) + way);
        key++;
      } else if (dice < 0.6) run.work();
      else if (dice < 0.8) run.line.shift()?.();
      else if (run.frame && !run.line.length) {
        shown = run.frame;
        run.frame = null;
        seeker.seen(shown.seq);
      }
      await Promise.resolve();
    }
    while (run.line.length || run.step !== run.target) {
      run.line.shift()?.();
      run.work();
      await turn();
    }
    seeker.seen(run.frame.seq);
    assert.deepEqual([run.step, seeker.aim], [expected, null], `game ${game}`);
  }
});
