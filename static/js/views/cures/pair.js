// @ts-check
/** The run as it was and the lane with cures beside it: which two they are, and what sets them apart. Pure. */

import {differences} from "../../model/lane_names.js";
import {CURES} from "./table.js";

/** @typedef {import("../../types").RunConfig} RunConfig */
/** @typedef {import("../../types").Lane} Lane */
/** @typedef {{base: number, id: number}} Made a lane that was opened for cures, and the one that it stands beside */
/** @typedef {{before: Lane, now: Lane}} Pair */

/** Entries of a config that cures change. */
const TOUCHED =
  /^(network\.(hidden|activation|normalization|residual)|initializer(_scale)?|optimizer\..*|clip_norm|replacement_rate)$/;

/**
 * Cures that one run has and another has not; `off` are those that it has no more. What "ReLU + He" says is not said
 * twice.
 * @param {RunConfig} before @param {RunConfig} now @returns {{name: string, off: boolean}[]} */
export function taken(before, now) {
  const found = CURES.map(({name, has}) => ({
    name,
    was: has(before),
    is: name === "fewer" ? now.network.hidden.length < before.network.hidden.length : has(now),
  }));
  const fresh = new Set(found.filter(({was, is}) => is && !was).map(({name}) => name));
  if (fresh.has("relu") && fresh.has("he")) for (const name of ["relu", "he"]) fresh.delete(name);
  else fresh.delete("relu_he");
  const lost = found.filter(({name, was, is}) => was && !is && CURES.some(cure => cure.name === name && cure.off));
  return [...[...fresh].map(name => ({name, off: false})), ...lost.map(({name}) => ({name, off: true}))];
}

/**
 * The two lanes to compare: those that were made so while the page shows one of them; after a reload two that differ in
 * cures alone.
 * @param {Lane[]} lanes @param {number} focus @param {Made | null} made @returns {Pair | null} */
export function pairIn(lanes, focus, made) {
  const of = (/** @type {number} */ id) => lanes.find(lane => lane.id === id);
  if (made) {
    const before = of(made.base);
    const now = of(made.id);
    if (before && now) return focus === made.base || focus === made.id ? {before, now} : null;
  }
  if (lanes.length !== 2) return null;
  const [before, now] = lanes;
  const apart = differences(now.config, before.config);
  return taken(before.config, now.config).length && apart.every(name => TOUCHED.test(name)) ? {before, now} : null;
}
