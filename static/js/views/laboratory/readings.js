// @ts-check
/** When the laboratory asks for a reading: when something has changed or there is more to be had, and not too often. */

/** @typedef {import("../../types").State} State */
/** @typedef {import("../../types").Laboratory} Laboratory */

/** ms until the next reading where none has said, and after a refusal. */
const REST = 50;
const REFUSED = 1000;

export class Readings {
  /**
   * @param {import("../../types").ViewContext["act"]} act
   * @param {() => State | null} wanted the newest state while readings are wanted
   * @param {() => string | undefined} [over] what is wanted over the run besides
   */
  constructor(act, wanted, over = () => undefined) {
    this.act = act;
    this.wanted = wanted;
    this.over = over;
    this.busy = false;
    /** When it may be asked again. */
    this.due = 0;
    this.timer = 0;
    /** The frame at which it was last asked: a new one means that something has changed. @type {number | undefined} */
    this.seen = undefined;
  }

  /** Ask for a reading when the rest is over; and again while there is more to be had. */
  wish() {
    clearTimeout(this.timer);
    const state = this.wanted();
    if (!state || this.busy || state.connection !== "open" || !state.layout || !this.stale(state)) return;
    const rest = this.due - performance.now();
    if (rest > 0) this.timer = window.setTimeout(() => this.wish(), rest);
    else this.ask(state);
  }

  /** @param {State} state */
  stale({laboratory, layout, frame}) {
    if (!laboratory || laboratory.more || laboratory.layout !== layout?.id || frame?.seq !== this.seen) return true;
    const over = this.over();
    return over !== undefined && laboratory.over?.name !== over;
  }

  /** @param {State} state */
  async ask({laboratory, frame}) {
    this.busy = true;
    this.seen = frame?.seq;
    const known = laboratory ? {number: laboratory.number, since: laboratory.serial} : {};
    const over = this.over();
    const reply = await this.act("laboratory", {...known, ...(over && {over})});
    this.busy = false;
    const rest = reply.ok === false ? REFUSED : (this.wanted()?.laboratory?.rest ?? REST);
    this.due = performance.now() + rest;
    this.wish();
  }

  /** The next wish need not rest. */
  hurry() {
    this.due = 0;
  }

  stop() {
    clearTimeout(this.timer);
  }
}
