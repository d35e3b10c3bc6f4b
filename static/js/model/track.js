// @ts-check
/**
 * The path of a run over the plane of the surface: rows of (α, β, loss) in a buffer that grows in place and is thinned.
 */

/** @typedef {import("../types").Track} Track */

/** Above this many points the older half of the path is thinned. */
const MOST_PATH = 6000;

/** @param {Float32Array} [path] whole @returns {Track} */
export function trackOf(path = new Float32Array(0)) {
  return {path: Float32Array.from(path), points: path.length / 3};
}

/** @param {Track} track changed in place @param {Float32Array} fresh rows that follow */
export function growTrack(track, fresh) {
  if (track.points > MOST_PATH) thin(track);
  const used = track.points * 3;
  if (used + fresh.length > track.path.length) {
    const wider = new Float32Array(Math.max(3072, 2 * (used + fresh.length)));
    wider.set(track.path.subarray(0, used));
    track.path = wider;
  }
  track.path.set(fresh, used);
  track.points += fresh.length / 3;
}

/** Keep every second point of the older half. @param {Track} track changed in place */
function thin(track) {
  const pairs = track.points >> 2;
  const {path} = track;
  for (let k = 1; k < pairs; k++) path.copyWithin(3 * k, 6 * k, 6 * k + 3);
  path.copyWithin(3 * pairs, 6 * pairs, 3 * track.points);
  track.points -= pairs;
}
