// @ts-check
/** What the server is asked to watch, and what it has said of it: the newest inspection and the history so far. */

import {addPoint, keyOf, targetOf} from "./places.js";

/** @typedef {import("../../types").Pick} Pick */
/** @typedef {import("../../types").Inspection} Inspection */
/** @typedef {{steps: number[], values: number[]}} Series */

/** @returns {Series} */
const nothing = () => ({steps: [], values: []});

export class Watch {
  /** @param {import("../../types").ViewContext["act"]} act @param {() => void} answered */
  constructor(act, answered) {
    this.act = act;
    this.answered = answered;
    /** @type {Pick | null} */
    this.pick = null;
    /** @type {"sample" | "batch"} */
    this.over = "sample";
    /** Places unfolded in the tree. @type {Set<string>} */
    this.unfolded = new Set();
    /** @type {Inspection | null} */
    this.found = null;
    /** A parameter's value so far, and its gradient since it is watched. */
    this.values = nothing();
    this.gradients = nothing();
    /** Grows with every question, so that answers to earlier ones are told apart. */
    this.version = 0;
  }

  /** What the newest answer is known by. */
  get key() {
    return this.pick ? `${keyOf(this.pick, this.over)} ${this.version}` : "";
  }

  /** Tell the server what is looked at, and take its first answer. */
  async ask() {
    const {act, pick, over} = this;
    this.version++;
    if (!pick) {
      act("watch", {target: null});
      return;
    }
    const {key} = this;
    const reply = await act("watch", {target: targetOf(pick), over, unfold: [...this.unfolded], key});
    if (key !== this.key || reply.ok === false) return;
    const known = /** @type {{steps?: number[], values?: (number | null)[]}} */ (reply.history);
    this.found = /** @type {Inspection} */ (reply.inspection);
    this.values = {steps: known.steps ?? [], values: (known.values ?? []).map(value => value ?? NaN)};
    this.answered();
  }

  /** @param {Pick | null} pick */
  open(pick) {
    this.pick = pick;
    this.unfolded = new Set();
    this.values = nothing();
    this.gradients = nothing();
    this.found = null;
  }

  /** @param {"sample" | "batch"} over @returns {boolean} whether that is something else */
  setOver(over) {
    if (this.over === over) return false;
    this.over = over;
    this.unfolded = new Set();
    this.found = null;
    return true;
  }

  /** Unfold a place in the tree, or fold it with all that is below. @param {string} place */
  toggle(place) {
    if (this.unfolded.has(place)) {
      for (const other of [...this.unfolded])
        if (other === place || other.startsWith(`${place}.`)) this.unfolded.delete(other);
    } else this.unfolded.add(place);
    this.ask();
  }

  /** The server's newest word, with a frame; after a step back the history is another one. @param {Inspection[]} all */
  take(all) {
    const fresh = all.find(({key}) => key === this.key);
    if (!fresh) return;
    this.found = fresh;
    if (fresh.index === undefined) return;
    const {steps} = this.values;
    if (steps.length && fresh.step < steps[steps.length - 1]) {
      this.values = nothing();
      this.gradients = nothing();
      this.ask();
    }
    addPoint(this.values, fresh.step, fresh.value ?? NaN);
    addPoint(this.gradients, fresh.step, fresh.slope ?? fresh.gradient ?? NaN);
  }
}
