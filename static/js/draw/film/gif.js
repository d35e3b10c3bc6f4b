// @ts-check
/**
 * A film as GIF, written by gifenc, which is fetched when one is wanted: of each picture only what is not as before, in
 * 255 colours of its own. Those that are seen most are kept as they are, so that what stands still keeps its colour.
 */

/** @typedef {import("./encoders.js").Encoder} Encoder */

const GIFENC = new URL("../../../vendor/gifenc.js", import.meta.url).href;
/** Colours of a picture; how many of them are kept as they are; and the number of the one that leaves what is there. */
const COLOURS = 255;
const KEPT = 96;
const LEFT = 255;
const DEPTH = "rgb565";

/** The pixels that are not as before, by their places. @param {Uint32Array} before as long as `inks`, or empty
 * @param {Uint32Array} inks */
export function changesOf(before, inks) {
  const places = new Uint32Array(inks.length);
  let count = 0;
  for (let k = 0; k < inks.length; k++) if (before[k] !== inks[k]) places[count++] = k;
  return places.subarray(0, count);
}

/** The colours that most of the pixels have. @param {Uint32Array} inks @param {Uint32Array} places @param {number} most
 * @returns {number[]} */
export function commonInks(inks, places, most) {
  /** @type {Map<number, number>} */
  const counts = new Map();
  for (const place of places) counts.set(inks[place], (counts.get(inks[place]) ?? 0) + 1);
  return [...counts]
    .sort((a, b) => b[1] - a[1])
    .slice(0, most)
    .map(([ink]) => ink);
}

/** Red, green and blue of a pixel as a canvas holds it in four bytes. @param {number} ink */
const parts = ink => [ink & 255, (ink >>> 8) & 255, (ink >>> 16) & 255];

/**
 * A picture in few colours.
 * @param {Uint32Array} before what is shown @param {Uint32Array} inks
 * @param {Record<"quantize" | "applyPalette", Function>} library
 */
function indexed(before, inks, {quantize, applyPalette}) {
  const places = changesOf(before, inks);
  const common = commonInks(inks, places, KEPT);
  const numbers = new Map(common.map((ink, k) => [ink, k]));
  const indices = new Uint8Array(inks.length).fill(LEFT);
  const others = new Uint32Array(places.length);
  const at = new Uint32Array(places.length);
  let count = 0;
  for (const place of places) {
    const known = numbers.get(inks[place]);
    if (known === undefined) {
      others[count] = inks[place];
      at[count++] = place;
    } else indices[place] = known;
  }
  const palette = common.map(parts);
  if (count) {
    const bytes = new Uint8Array(others.slice(0, count).buffer);
    palette.push(...quantize(bytes, COLOURS - common.length, {format: DEPTH}));
    const found = applyPalette(bytes, palette, DEPTH);
    for (let k = 0; k < count; k++) indices[at[k]] = found[k];
  }
  while (palette.length <= LEFT) palette.push([0, 0, 0]);
  return {indices, palette};
}

/** @param {import("./encoders.js").Film} film @returns {Promise<Encoder>} */
export async function gifEncoder({width, height, rate}) {
  const library = await import(GIFENC);
  const gif = library.GIFEncoder();
  /** What is shown. @type {Uint32Array} */
  let shown = new Uint32Array(0);
  /** What waits until it is known for how long it is shown. @type {{inks: Uint32Array, times: number} | null} */
  let next = null;
  const write = () => {
    if (!next) return;
    const {inks, times} = next;
    const {indices, palette} = indexed(shown, inks, library);
    const over = shown.length ? {transparent: true, transparentIndex: LEFT, dispose: 1} : {};
    gif.writeFrame(indices, width, height, {palette, delay: (times * 1000) / rate, ...over});
    shown = inks;
    next = null;
  };
  return {
    async add(canvas, times) {
      const ctx = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
      const inks = new Uint32Array(ctx.getImageData(0, 0, width, height).data.buffer);
      if (next && inks.every((ink, k) => ink === next?.inks[k])) next.times += times;
      else {
        write();
        next = {inks, times};
      }
    },
    async finish() {
      write();
      gif.finish();
      return new Blob([gif.bytes()], {type: "image/gif"});
    },
    drop() {
      gif.reset();
      next = null;
    },
  };
}
