// @ts-check
/** The outcomes of a sweep, asked for some cells at a time: training goes on meanwhile. */

import {Turns} from "../shared/turns.js";

/** Cells of the first question, and of one at most; milliseconds that one should take. */
const FIRST = 2;
const MOST = 32;
const WANTED = 500;

/** @typedef {import("./cells.js").Outcomes} Outcomes */

/** One sweep at a time: a later beginning, or a cancel, ends an earlier one. */
export class Survey {
  /** @param {import("../../types").ViewContext["act"]} act @param {() => void} changed */
  constructor(act, changed) {
    this.turns = new Turns(act);
    this.changed = changed;
    this.busy = false;
    this.done = 0;
    this.count = 0;
    this.left = NaN;
    /** @type {(Record<string, number | null> | undefined)[]} of the cells, undefined while they are not trained */
    this.outcomes = [];
  }

  /**
   * @param {number[]} order of the cells
   * @param {Record<string, unknown>[]} changes of the cells
   * @param {{steps: number, target: number}} fields
   */
  async begin(order, changes, fields) {
    const ask = this.turns.begin();
    this.outcomes = changes.map(() => undefined);
    Object.assign(this, {busy: true, done: 0, count: order.length, left: NaN});
    this.changed();
    const begun = performance.now();
    for (let wanted = FIRST; this.done < order.length;) {
      const cells = order.slice(this.done, this.done + wanted);
      const asked = performance.now();
      const reply = await ask("sweep", {...fields, changes: cells.map(cell => changes[cell])});
      if (!reply) return;
      if (reply.ok === false) break;
      this.take(cells, reply);
      const now = performance.now();
      wanted = Math.max(1, Math.min(MOST, Math.round(wanted * Math.min(3, WANTED / (now - asked + 1)))));
      this.left = ((now - begun) / this.done) * (order.length - this.done);
      this.changed();
    }
    this.busy = false;
    this.changed();
  }

  /** @param {number[]} cells @param {Record<string, unknown>} reply */
  take(cells, reply) {
    const {loss, test_accuracy, reached, diverged, gradient} = /** @type {Outcomes} */ (reply);
    cells.forEach((cell, k) => {
      this.outcomes[cell] = {
        loss: loss[k],
        test_accuracy: test_accuracy[k],
        reached: reached[k],
        diverged: diverged[k],
        gradient: gradient[k],
      };
    });
    this.done += cells.length;
  }

  cancel() {
    this.turns.end();
    this.busy = false;
    this.changed();
  }
}
