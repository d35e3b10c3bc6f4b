// @ts-check
/** What a run aims at for a sample, as core/nets/losses.py makes it of the data. Pure. */

/**
 * Targets of one sample: those of classes are moved towards the middle where labels are smoothed, (1 − s)y + s / K.
 * @param {Pick<import("../types").Data, "y" | "outputs">} data
 * @param {number} row
 * @param {Pick<import("../types").RunConfig, "label_smoothing"> | null} config
 * @returns {Float32Array}
 */
export function targetsOf({y, outputs}, row, config) {
  const own = y.subarray(row * outputs, (row + 1) * outputs);
  const smoothing = config?.label_smoothing ?? 0;
  return smoothing ? own.map(target => (1 - smoothing) * target + smoothing / Math.max(outputs, 2)) : own;
}
