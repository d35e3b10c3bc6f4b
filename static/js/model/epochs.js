// @ts-check
/**
 * At which steps the epochs of a run end, also where its batch size has changed on the way (as core/run/batches.py
 * deals them). Pure.
 */

/**
 * @typedef {{step: number, size: number, epoch: number, dealt: number}} Stretch steps from `step` on in batches of
 * `size`; `dealt` samples of epoch `epoch` + 1 are gone
 */

const MARKS = [
  1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000, 100_000, 200_000, 500_000, 1_000_000,
];

/** Samples in a batch: no more than there are to train on.
 * @param {Pick<import("../types").State, "config" | "data">} state */
export const batchSizeOf = ({config, data}) =>
  Math.min(config?.batch_size ?? Infinity, data?.train ?? config?.batch_size ?? 1);

/**
 * Stretches of one batch size.
 * @param {number} samples in the training set
 * @param {Pick<import("../types").State, "config" | "log">} run
 * @returns {Stretch[]}
 */
export function stretchesOf(samples, {config, log}) {
  const sized = log.filter(({before}) => before && "batch_size" in before);
  const sizeOf = (/** @type {unknown} */ size) => Math.min(Number(size ?? samples), samples);
  const first = sized.length ? sized[0].before?.batch_size : config?.batch_size;
  const stretches = [{step: 0, size: sizeOf(first), epoch: 0, dealt: 0}];
  for (const {step, change} of sized) {
    const last = stretches[stretches.length - 1];
    const taken = step - last.step;
    const ends = endsIn(last, samples, taken);
    const rest = taken - (ends ? stepOf(last, samples, ends) - last.step : 0);
    const dealt = (ends ? 0 : last.dealt) + rest * last.size;
    stretches.push({step, size: sizeOf(change.batch_size), epoch: last.epoch + ends, dealt});
  }
  return stretches;
}

/**
 * How many epochs end in the next so many steps of a stretch.
 * @param {Stretch} stretch
 * @param {number} samples
 * @param {number} steps
 */
function endsIn({size, dealt}, samples, steps) {
  const first = Math.ceil((samples - dealt) / size);
  return steps < first ? 0 : 1 + Math.floor((steps - first) / Math.ceil(samples / size));
}

/**
 * The step at which the n-th epoch end of a stretch lies, from 1.
 * @param {Stretch} stretch
 * @param {number} samples
 * @param {number} n
 */
function stepOf({step, size, dealt}, samples, n) {
  return step + Math.ceil((samples - dealt) / size) + (n - 1) * Math.ceil(samples / size);
}

/** Epochs that end up to a step: every one, or every second, fifth, … of them, so that there are not more than `most`.
 * @param {Stretch[]} stretches
 * @param {number} samples
 * @param {number} last step
 * @param {number} most
 * @returns {{epoch: number, step: number}[]}
 */
export function epochMarks(stretches, samples, last, most) {
  const within = stretches.filter(({step}) => step <= last);
  const end = within[within.length - 1];
  if (!end || samples < 1) return [];
  const count = end.epoch + endsIn(end, samples, last - end.step);
  const stride = MARKS.find(every => count / every <= most) ?? count;
  const marks = [];
  for (let epoch = stride; epoch <= count; epoch += stride) {
    const stretch = within.findLast(one => one.epoch < epoch) ?? end;
    marks.push({epoch, step: stepOf(stretch, samples, epoch - stretch.epoch)});
  }
  return marks;
}
