// @ts-check
/** The outcomes of a sweep, asked for some cells at a time: training goes on meanwhile. */

import {Turns} from "../shared/turns.js";

/** Cells of the first question, and of one at most; milliseconds that one should take. */
const FIRST = 2;
const MOST = 48;
const WANTED = 500;

/** What the answer tells of each run. */
const FIELDS = /** @type {const} */ ([
  ...["loss", "test_loss", "accuracy", "test_accuracy", "reached", "diverged", "gradient", "parameters"],
]);
/** What became of a run; null is none. @typedef {Record<Told, number | null> & {parameters: number}} Cell */
/** @typedef {"loss" | "test_loss" | "accuracy" | "test_accuracy" | "reached" | "diverged" | "gradient"} Told */

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
    /** Training samples times outputs; NaN while it is not known. */
    this.targets = NaN;
    /** @type {(Cell | undefined)[]} of the cells, undefined while they are not trained */
    this.outcomes = [];
  }

  /**
   * @param {number[]} order of the cells
   * @param {Record<string, unknown>[]} changes of the cells
   * @param {{steps: number, target: number}} fields
   * @param {number} [together] cells that follow one another and are faster together
   */
  async begin(order, changes, fields, together = 1) {
    const ask = this.turns.begin();
    this.outcomes = changes.map(() => undefined);
    Object.assign(this, {busy: true, done: 0, count: order.length, left: NaN, targets: NaN});
    this.changed();
    const begun = performance.now();
    const least = Math.max(FIRST, together);
    for (let wanted = least; this.done < order.length;) {
      const cells = order.slice(this.done, this.done + wanted);
      const asked = performance.now();
      const reply = await ask("sweep", {...fields, changes: cells.map(cell => changes[cell])});
      if (!reply) return;
      if (reply.ok === false) break;
      this.take(cells, reply);
      const now = performance.now();
      const next = Math.min(MOST, wanted * Math.min(3, WANTED / (now - asked + 1)));
      wanted = Math.max(1, Math.floor(next / together)) * together;
      this.left = ((now - begun) / this.done) * (order.length - this.done);
      this.changed();
    }
    this.busy = false;
    this.changed();
  }

  /** @param {number[]} cells @param {Record<string, any>} reply */
  take(cells, reply) {
    cells.forEach((cell, k) => {
      this.outcomes[cell] = /** @type {Cell} */ (Object.fromEntries(FIELDS.map(name => [name, reply[name][k]])));
    });
    this.targets = reply.targets;
    this.done += cells.length;
  }

  /** Forget what was found. */
  clear() {
    this.turns.end();
    Object.assign(this, {busy: false, done: 0, count: 0, outcomes: []});
  }

  cancel() {
    this.turns.end();
    this.busy = false;
    this.changed();
  }
}
