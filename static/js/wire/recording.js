// @ts-check
/** What a recording holds, and parts of it as they were at a step. Pure. */

/** @typedef {[at: number, length: number]} Place of a message in the block */
/** A moment; layout, config and data stand where they are others than before.
 * @typedef {{step: number, frame: Place, microscope: Place | null, path: number, layout?: Record<string, any>,
 * config?: Record<string, any>, data?: Place}} Moment */
/**
 * @typedef {object} Header
 * @property {number} version
 * @property {number} end
 * @property {Record<string, any>} options
 * @property {Record<string, any>} state
 * @property {Place} [history]
 * @property {Place} [surface]
 * @property {Moment[]} moments
 * @property {Record<string, Record<number, any>>} inspections of each target, by the numbers of moments
 * @property {{z: number[], a: number[] | null}[]} curves of the layers' activations
 */

/** Terms of a sum that show their factors with them. */
const OPEN = new Set(["path", "skip", "term", "sample"]);

/** The block as it was before it was compressed. @param {Uint8Array<ArrayBuffer>} packed */
export async function unpacked(packed) {
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
  return new Response(stream).arrayBuffer();
}

/** What a block of messages holds: texts as they are, binary messages, and a checksum of both.
 * @param {ArrayBuffer} block
 * @returns {{texts: Record<string, any>[], binaries: ArrayBuffer[], checksum: number}} */
export function messagesIn(block) {
  const length = new DataView(block).getUint32(0, true);
  const {texts, binaries, checksum} = JSON.parse(new TextDecoder().decode(new Uint8Array(block, 4, length)));
  const begin = 4 + length;
  const cut = (/** @type {Place} */ [at, size]) => block.slice(begin + at, begin + at + size);
  return {texts, binaries: binaries.map(cut), checksum};
}

/** The part of an array that belongs to the first `count` rows. @param {any} array @param {number} count
 * @param {number} rows of all of it */
const rowsOf = (array, count, rows) => array.subarray(0, rows ? (array.length / rows) * count : 0);

/**
 * A history as it was at a step; what follows is the run's own future.
 * @param {{header: Record<string, any>, arrays: Record<string, any>}} whole
 * @param {number} step
 */
export function historyUntil({header, arrays}, step) {
  const {batch_steps: batches, metric_steps: metrics} = arrays;
  const [b, m] = [batches, metrics].map(steps => steps.filter((/** @type {number} */ one) => one <= step).length);
  const columns = metrics.length ? arrays.metrics.length / metrics.length : 5;
  const from = Math.max(0, m - 1);
  const ghost = {
    step: [...metrics.subarray(from)],
    loss: [...metrics.subarray(from)].map((_, k) => arrays.metrics[columns * (from + k) + columns - 4]),
  };
  const ahead = m < metrics.length;
  return {
    header: {...header, step, ghosts: [...(header.ghosts ?? []), ...(ahead ? [ghost] : [])], ahead},
    arrays: {
      batch_steps: batches.subarray(0, b),
      batch: rowsOf(arrays.batch, b, batches.length),
      rates: rowsOf(arrays.rates, b, batches.length),
      metric_steps: metrics.subarray(0, m),
      metrics: rowsOf(arrays.metrics, m, metrics.length),
    },
  };
}

/** The number of the moment nearest to a step.
 * @param {Moment[]} moments @param {number[]} among @param {number} step */
export function nearest(moments, among, step) {
  const away = (/** @type {number} */ k) => Math.abs(moments[k].step - step);
  return among.reduce((best, k) => (away(k) < away(best) ? k : best), among[0]);
}

/**
 * A told tree with only those places unfolded that are asked for.
 * @param {any} node @param {Set<string>} unfold @param {string} [place] @returns {any}
 */
export function folded(node, unfold, place = "") {
  if (!node?.k) return node;
  const {k, ...rest} = node;
  if (place !== "" && place !== "z" && !unfold.has(place) && !OPEN.has(node.n) && node.c !== "mean") return rest;
  /** @param {any} child @param {number} i */
  const within = (child, i) => folded(child, unfold, place ? `${place}.${i}` : `${i}`);
  return {...rest, k: k.map(within)};
}
