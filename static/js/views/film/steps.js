// @ts-check
/**
 * Steps of the run, one after the other, each until the page shows it: as the timeline's handle goes there. Afterwards
 * the run stands where it stood, and goes on if it did.
 */

/** @typedef {import("../../types").State} State */

/** ms until a step that has not come is given up, and until a surface that is still computed is shown as it is. */
const LOST = 20_000;
const PATIENCE = 6_000;

/** A film cannot go on, for a reason that is said. */
export class Ended extends Error {}

/** Whether a frame shows a step with all its digits. @param {State} state @param {number} step */
export const stands = ({frame}, step) =>
  frame !== null && frame.step === step && (frame.target ?? null) === null && !frame.coarse?.P && !frame.coarse?.A;

/** Whether what is measured beside the frame is of this step as well.
 * @param {State} state @param {string} panel @param {number} step */
export function complete({surface, computing, laboratory}, panel, step) {
  if (panel === "lab") return laboratory?.step === step;
  if (panel !== "surface") return true;
  return (computing.resolution === 0 || computing.share >= 1) && (surface === null || surface.progress >= 1);
}

export class Steps {
  /** @type {State | null} */
  state = null;
  /** Where the run stood, and what it was. @type {{step: number, playing: boolean, layout: number} | null} */
  before = null;
  /** @type {{ready: () => boolean, resolve: () => void} | null} */
  waiting = null;

  /** @param {import("../../types").ViewContext["act"]} act */
  constructor(act) {
    this.act = act;
  }

  /** Take note of where the run stands; it rests meanwhile. */
  async begin() {
    const {state} = this;
    if (!state?.frame || !state.layout) throw new Ended("film.no_steps");
    this.before = {step: state.frame.target ?? state.frame.step, playing: state.playing, layout: state.layout.id};
    if (state.playing) {
      await this.ask("pause");
      await this.until(() => this.state?.playing === false, LOST);
      this.before.step = this.state?.frame?.step ?? this.before.step;
    }
  }

  /** Go to a step; all of it is shown when this is over. @param {number} step @param {string} panel */
  async to(step, panel) {
    const now = () => /** @type {State} */ (this.state);
    if (!stands(now(), step)) {
      await this.ask("seek", {step});
      if (!(await this.until(() => stands(now(), step), LOST))) throw new Ended("film.lost");
    }
    const {layout, connection} = now();
    const alike = layout?.id === this.before?.layout || layout?.alike?.includes(this.before?.layout ?? -1);
    if (connection !== "open" || !alike) throw new Ended("film.another");
    await this.until(() => complete(now(), panel, step), PATIENCE);
  }

  /** Back to where it was. */
  async end() {
    const {before} = this;
    this.before = null;
    if (!before || this.state?.connection !== "open") return;
    await this.act("seek", {step: before.step});
    if (before.playing) await this.act("play");
  }

  /** @param {string} op @param {Record<string, unknown>} [fields] */
  async ask(op, fields) {
    const reply = await this.act(op, fields);
    if (reply.ok === false) throw new Ended("film.refused");
  }

  /** Wait for a state; whether it came in time. @param {() => boolean} ready @param {number} most ms
   * @returns {Promise<boolean>} */
  async until(ready, most) {
    if (ready()) return true;
    const came = new Promise(resolve => {
      this.waiting = {ready, resolve: () => resolve(true)};
    });
    let timer = 0;
    const late = new Promise(resolve => {
      timer = window.setTimeout(() => resolve(false), most);
    });
    const told = await Promise.race([came, late]);
    clearTimeout(timer);
    this.waiting = null;
    return told === true;
  }

  /** @param {State} state */
  update(state) {
    this.state = state;
    if (this.waiting?.ready()) this.waiting.resolve();
  }
}
