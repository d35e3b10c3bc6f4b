// @ts-check
/** Playing backwards: an even way back from where the run stands, until it is at its start or is stopped. */

import {backwards} from "../../model/seeker.js";

/** ms between two steps of the way back. */
const BEAT = 33;

/**
 * What a way back needs to know and to do.
 * @typedef {object} Way
 * @property {() => number} here the step at which the handle stands
 * @property {() => number} end the last step of the run
 * @property {() => number} speed steps per second, 0 as fast as possible
 * @property {(step: number) => void} go
 * @property {() => void} changed it has begun or ended
 */

export class Rewind {
  /** @param {Way} way */
  constructor(way) {
    this.way = way;
    /** Where and when it began. @type {{step: number, time: number} | null} */
    this.began = null;
    this.timer = 0;
  }

  get running() {
    return this.began !== null;
  }

  start() {
    this.began = {step: this.way.here(), time: performance.now()};
    this.beat();
    this.way.changed();
  }

  stop() {
    if (!this.began) return;
    this.began = null;
    clearTimeout(this.timer);
    this.way.changed();
  }

  /** One step further back. */
  beat() {
    if (!this.began) return;
    const {here, end, speed, go} = this.way;
    const seconds = (performance.now() - this.began.time) / 1000;
    const step = backwards(this.began.step, speed(), end(), seconds);
    if (step !== here()) go(step);
    if (step > 0) this.timer = window.setTimeout(() => this.beat(), BEAT);
    else this.stop();
  }
}
