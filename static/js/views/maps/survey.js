// @ts-check
/** The numbers of a map, asked for tile by tile, the coarse ones first: training goes on meanwhile. */

import {Turns} from "../shared/turns.js";
import {pixelsOf, stridesOf, tileAt} from "./grid.js";

/** Milliseconds that a tile should take: short enough to cancel and to see it grow. */
const WANTED = 400;
const FIRST_PIXELS = 32;
const MOST_PIXELS = 2000;

/**
 * @typedef {object} Plan what is asked for
 * @property {number} size
 * @property {Record<string, unknown>} fields of the command, the same for all tiles
 */

/** One survey at a time: a later beginning, or a cancel, ends an earlier one. */
export class Survey {
  /**
   * @param {import("../../types").ViewContext["act"]} act
   * @param {(done: boolean) => void} changed hears of the beginning, of every tile, and of the end
   * @param {() => number} [now]
   */
  constructor(act, changed, now = () => performance.now()) {
    this.turns = new Turns(act);
    this.changed = changed;
    this.now = now;
    this.measures = new Float64Array(0);
    /** how much is done, 0…1, and whether it goes on */
    this.share = 0;
    this.busy = false;
    this.engine = "";
    this.left = NaN;
  }

  /** @param {Plan} plan */
  async begin({size, fields}) {
    const ask = this.turns.begin();
    this.measures = new Float64Array(size * size).fill(NaN);
    this.share = 0;
    this.engine = "";
    this.left = NaN;
    this.busy = true;
    this.changed(false);
    const begun = this.now();
    let known = 0;
    let pixels = FIRST_PIXELS;
    for (const stride of stridesOf(size)) {
      for (let row = 0; row < size;) {
        const tile = tileAt(size, {stride, row}, pixels);
        const asked = this.now();
        const reply = await ask("map_tile", {...fields, size, ...tile});
        if (!reply) return;
        if (reply.ok === false) return this.rest(false);
        known += this.take(tile, size, reply);
        row = tile.stop;
        pixels = paced(pixels, this.now() - asked);
        this.share = known / (size * size);
        this.left = ((this.now() - begun) / known) * (size * size - known);
        this.changed(false);
      }
    }
    this.rest(true);
  }

  /** @param {import("./grid.js").Tile} tile @param {number} size @param {Record<string, unknown>} reply */
  take(tile, size, {measures, engine}) {
    const places = pixelsOf(size, tile);
    const values = /** @type {(number | null)[]} */ (measures);
    places.forEach((place, k) => (this.measures[place] = values[k] ?? Number.MAX_VALUE));
    this.engine = String(engine);
    return places.length;
  }

  cancel() {
    this.turns.end();
    if (this.busy) this.rest(false);
  }

  /** @param {boolean} done */
  rest(done) {
    this.busy = false;
    this.changed(done);
  }
}

/** What makes room for something else, and begins anew afterwards if it was under way. @param {Survey} survey
 * @param {() => void} begin */
export function makesRoom(survey, begin) {
  let busy = false;
  return {
    pause() {
      busy = survey.busy;
      survey.cancel();
    },
    resume() {
      if (busy) begin();
    },
  };
}

/** Pixels of the next tile, by the time that the last one took. @param {number} pixels @param {number} took */
const paced = (pixels, took) =>
  Math.round(Math.min(MOST_PIXELS, Math.max(8, pixels * Math.min(3, WANTED / Math.max(1, took)))));
