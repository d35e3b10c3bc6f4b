// @ts-check
/** A film in the making: picture after picture is painted and encoded, with progress, until it is done or cancelled. */

/** @typedef {import("../../draw/film/encoders.js").Form} Form */
/** What is shown how many times; it is painted once. @template P @typedef {{place: P, times: number}} Shot */

/** Pictures of a film at most. */
export const MOST = 1500;
/** Pictures a second, of which each lasts a whole number of milliseconds, and of the hundredths of a GIF. */
export const RATES = [5, 10, 20, 25];

/**
 * Evenly spread places, one for each picture; those that follow each other and are the same become one shot. Pure.
 * @template P
 * @param {number} pictures at least 1
 * @param {(share: number) => P} placeAt of a share 0…1 of the way
 * @returns {Shot<P>[]}
 */
export function shotsOf(pictures, placeAt) {
  /** @type {Shot<P>[]} */
  const shots = [];
  for (let k = 0; k < pictures; k++) {
    const place = placeAt(pictures > 1 ? k / (pictures - 1) : 0);
    const last = shots.at(-1);
    if (last?.place === place) last.times++;
    else shots.push({place, times: 1});
  }
  return shots;
}

export class Filming {
  busy = false;
  done = 0;
  count = 0;
  /** ms that are left, about; NaN while that is not known */
  left = NaN;
  /** Grows with every film and every cancel. */
  turn = 0;

  /** @param {() => void} changed hears of begin, every picture, and end @param {() => number} [now] */
  constructor(changed, now = () => performance.now()) {
    this.changed = changed;
    this.now = now;
  }

  /**
   * @template P
   * @param {Form} form
   * @param {import("../../draw/film/encoders.js").Film} film
   * @param {Shot<P>[]} shots
   * @param {(place: P, ctx: CanvasRenderingContext2D, goes: () => boolean) => Promise<void>} paint `goes`:
   * whether the picture is still wanted
   * @returns {Promise<Blob | null>} null where it was cancelled
   */
  async make(form, film, shots, paint) {
    const mine = ++this.turn;
    const goes = () => mine === this.turn;
    Object.assign(this, {busy: true, done: 0, count: shots.length, left: NaN});
    this.changed();
    /** @type {import("../../draw/film/encoders.js").Encoder | null} */
    let encoder = null;
    try {
      const {encoderOf} = await import("../../draw/film/encoders.js");
      encoder = await encoderOf(form, film);
      const canvas = document.createElement("canvas");
      [canvas.width, canvas.height] = [film.width, film.height];
      const options = {alpha: false, willReadFrequently: form === "gif"};
      const ctx = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d", options));
      const begun = this.now();
      for (const {place, times} of shots) {
        if (goes()) await paint(place, ctx, goes);
        if (!goes()) return null;
        await encoder.add(canvas, times);
        if (!goes()) return null;
        this.done++;
        this.left = ((this.now() - begun) / this.done) * (this.count - this.done);
        this.changed();
      }
      const blob = await encoder.finish();
      return goes() ? blob : null;
    } finally {
      encoder?.drop();
      if (goes()) this.cancel();
    }
  }

  cancel() {
    this.turn++;
    if (!this.busy) return;
    this.busy = false;
    this.changed();
  }
}
