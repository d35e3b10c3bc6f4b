// @ts-check
/** What the surface shows: the newest grid that can be seen, its heights, and words about a point of it. Pure. */

import {compact, plain} from "../../draw/format.js";
import {filled, heightsOf, known, lossAt, near, scaleOf, slopeAt} from "./field.js";

/** @typedef {import("../../types").State} State */
/** @typedef {import("../../types").Surface} Surface */
/** @typedef {import("../../types").ViewContext["t"]} Translate */
/** @typedef {import("./field.js").Field} Field */
/** @typedef {import("./stage.js").Scenery} Scenery */
/** A surface, and its grid without the gaps that are still to come.
 * @typedef {{surface: Surface, field: Field}} Shown */

/**
 * What is on show: the state, the newest surface that can be seen, and what it is painted with.
 * @typedef {{state: State | null, shown: Shown | null, scenery: Scenery | null,
 * least: {alpha: number, beta: number} | null, palette: import("../../draw/plot.js").Palette | null}} Show
 */

/** A grid of which less is known is not shown in place of another. */
const ENOUGH = 0.5;

/**
 * Take over what has arrived, or keep what is shown until enough of the new grid is there.
 * @param {Shown | null} shown
 * @param {Surface | null} next
 * @returns {Shown | null}
 */
export function received(shown, next) {
  if (!next) return null;
  const samePlane = shown?.surface.plane_id === next.plane_id;
  if (shown && samePlane && shown.surface.grid === next.grid) return {surface: next, field: shown.field};
  const fresh = {resolution: next.resolution, grid: next.grid, alpha: next.alpha, beta: next.beta};
  const share = next.progress < 1 ? known(fresh) : 1;
  if (share < 1 && shown && samePlane) return {surface: next, field: filled(shown.field, fresh)};
  return share >= ENOUGH ? {surface: next, field: fresh} : shown;
}

/**
 * Heights and colours for what is shown; the same object while nothing of it changes, and the same scale of heights
 * while another would hardly differ.
 * @param {Scenery | null} before
 * @param {Shown} shown
 * @param {Pick<State, "view" | "theme">} state
 * @param {import("../../draw/plot.js").Palette} palette
 * @returns {Scenery}
 */
export function sceneryOf(before, {surface, field}, {view: {log_loss: log}, theme}, palette) {
  const sameScale = before?.log === log;
  if (sameScale && before.field === field && before.theme === theme && before.palette === palette) return before;
  const next = scaleOf(field.grid, log, Math.max(...endLosses(surface, field)));
  const scale = sameScale && near(before.scale, next) ? before.scale : next;
  return {field, scale, log, heights: heightsOf(scale, field.grid), theme, palette, names: axesOf(surface)};
}

/** Losses on the plane where the path begins and ends, those that are known. @param {Surface} surface
 * @param {Field} field */
function endLosses({path, points}, field) {
  if (!points) return [];
  const last = 3 * (points - 1);
  return [lossAt(field, path[0], path[1]), lossAt(field, path[last], path[last + 1])].filter(Number.isFinite);
}

/** @param {Surface} surface @returns {[string, string]} */
const axesOf = ({axes}) => [axes[0] ?? "α", axes[1] ?? "β"];

/** The way to look at the loss that is on show. @param {State | null} state */
export const modeOf = state => state?.view.surface ?? "3d";

/** The function on show, where it takes the place of a network. @param {State | null} state */
export function landscapeOf(state) {
  const name = state?.layout?.landscape;
  return name ? (state.options?.landscapes.find(entry => entry.name === name) ?? null) : null;
}

/** Whether a point lies in the window. @param {Field} field @param {number} a @param {number} b */
export const inWindow = ({alpha, beta}, a, b) => a >= alpha[0] && a <= alpha[1] && b >= beta[0] && b <= beta[1];

/** The point of the window that is nearest to another. @param {Field} field @param {number} a @param {number} b
 * @returns {[number, number]} */
export const clamped = ({alpha, beta}, a, b) => [
  Math.min(alpha[1], Math.max(alpha[0], a)),
  Math.min(beta[1], Math.max(beta[0], b)),
];

/**
 * Down the slope of the plane's loss: a small way along it, and how steep it is, as a share of all heights over the
 * whole window.
 * @param {Scenery} scenery
 * @param {number} a
 * @param {number} b
 * @returns {{a: number, b: number, steep: number} | null} null where the slope is not known, or there is none
 */
export function downhill({field, scale}, a, b) {
  const [slopeA, slopeB] = slopeAt(field, a, b);
  const wide = field.alpha[1] - field.alpha[0];
  const high = field.beta[1] - field.beta[0];
  const steep = Math.hypot(slopeA * wide, slopeB * high) / (scale.high - scale.low);
  const reach = 1e-3 / Math.hypot(slopeA / high, slopeB / wide);
  return Number.isFinite(reach) ? {a: a - slopeA * reach, b: b - slopeB * reach, steep} : null;
}

/** What is read at a point of the plane. @param {Scenery} scenery @param {{alpha: number, beta: number}} point
 * @param {Translate} t */
export function tipOf({field, scale, names}, {alpha, beta}, t) {
  const loss = lossAt(field, alpha, beta);
  const [x, y] = names;
  const params = {a: plain(alpha), b: plain(beta), loss: plain(loss), x, y, high: compact(scale.high)};
  return t(loss > scale.high ? "surface.tip_clipped" : "surface.tip", params);
}

/** The picture in words. @param {Surface} surface @param {Translate} t */
export function spokenOf({plane, figures: {plane_loss, loss}}, t) {
  return t("surface.aria", {plane: t(`surface.plane_${plane}`), plane_loss: plain(plane_loss), loss: plain(loss)});
}

/** Why there is nothing to see: the key of the words. @param {State} state */
export function emptyKey({surface, frame, view, connection, layout}) {
  if (connection !== "open" && !frame) return "surface.empty_connecting";
  if (layout?.landscape) return "surface.empty_function";
  return !surface && view.plane === "pca" && !frame?.step ? "surface.empty_pca" : "surface.empty_computing";
}
