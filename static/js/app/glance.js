// @ts-check
/**
 * What a page shows to others of the choices made on it, and what of it can be shown here: whoever drives may be a
 * student, so nothing is taken that is not of the kind that the page makes itself. Pure.
 */

import {GIVEN} from "./lessons.js";

/** @typedef {import("../types").State} State */
/** @typedef {State["view"]} View */

/** Letters of the names of planes and lessons; pixels of a picture that is probed; parts of a highlight. */
const WORD = /^[\w-]{0,64}$/;
const MOST_PIXELS = 784;
const MOST_PICKS = 300;
/** Parts of one to which pixels are rounded: a picture has to fit into a message. */
const PARTS = 1000;

const isNumber = (/** @type {unknown} */ x) => typeof x === "number" && Number.isFinite(x);
const isCount = (/** @type {unknown} */ x) => Number.isInteger(x) && Number(x) >= 0;
const isBelow = (/** @type {unknown} */ x, /** @type {number} */ end) => isCount(x) && Number(x) < end;
const isRecord = (/** @type {any} */ x) => typeof x === "object" && x !== null && !Array.isArray(x);
/** @param {unknown} x @param {(part: any) => boolean} each @param {number} [most] */
const isList = (x, each, most = 300) => Array.isArray(x) && x.length <= most && x.every(each);
/** @typedef {(value: any, state: State) => boolean} Test */
/** @param {...string} names @returns {Test} */
const oneOf =
  (...names) =>
  value =>
    names.includes(value);
/** @type {Test} */
const flag = value => typeof value === "boolean";
/** @param {Test} test @returns {Test} */
const maybe = test => (value, state) => value === null || test(value, state);

/** Whether there is such a neuron or weight. @type {Test} */
function isPick(pick, {layout}) {
  if (!isRecord(pick) || !layout?.sizes || !isCount(pick.layer)) return false;
  const size = layout.sizes[pick.layer];
  if (size === undefined) return false;
  if (pick.kind === "neuron") return [undefined, "gamma", "beta"].includes(pick.of) && isBelow(pick.index, size);
  const inputs = layout.sizes[pick.layer - 1] ?? -1;
  return pick.kind === "weight" && isBelow(pick.to, size) && isBelow(pick.from, inputs + 1);
}

/** @type {Test} */
const isHighlight = (highlight, state) =>
  isRecord(highlight) &&
  isList(highlight.picks, pick => isPick(pick, state), MOST_PICKS) &&
  oneOf("forward", "backward")(highlight.flow, state);

/** @type {Test} */
const isPhase = phase =>
  isRecord(phase) &&
  isCount(phase.at) &&
  isCount(phase.row) &&
  isList(phase.unfolded, part => typeof part === "string");

/** @type {Test} */
function isProbe(probe) {
  if (!isRecord(probe)) return false;
  if (probe.kind === "point") return isList(probe.at, isNumber, 2) && probe.at.length === 2;
  return probe.kind === "picture" && isList(probe.pixels, isNumber, MOST_PIXELS);
}

/** @type {Test} */
const isCamera = camera => isRecord(camera) && ["turn", "tilt", "zoom", "x", "y"].every(name => isNumber(camera[name]));

/** What is shown of a page's choices, and of what kind each is. @type {Record<string, Test>} */
const SHOWN = {
  surface: oneOf("3d", "contour", "cut", "sharpness"),
  plane: value => typeof value === "string" && WORD.test(value),
  arrows: flag,
  log_loss: flag,
  accuracy: flag,
  log_steps: flag,
  show_test: flag,
  discretize: flag,
  race: flag,
  laboratory: flag,
  microscope: flag,
  selected: maybe(isPick),
  highlight: maybe(isHighlight),
  phase: maybe(isPhase),
  probe: maybe(isProbe),
  camera: maybe(isCamera),
  lesson: maybe(value => typeof value === "string" && WORD.test(value) && !value.startsWith(GIVEN)),
  lesson_at: maybe(isCount),
};

/** Of what is not there, nothing is shown in its place. */
const EMPTIED = ["selected", "highlight"];

/** What a follower chooses so as to look elsewhere. */
export const ELSEWHERE = new Set([
  ...["surface", "arrows", "log_loss", "show_test", "discretize", "race", "laboratory", "selected", "probe", "lesson"],
]);

/** What of a page is shown to others. @param {Pick<State, "view" | "page">} state */
export function glanceOf({view, page}) {
  const shown = Object.fromEntries(
    Object.keys(SHOWN).map(name => [name, view[/** @type {keyof View} */ (name)] ?? null]),
  );
  const probe = view.probe?.kind === "picture" ? {...view.probe, pixels: rounded(view.probe.pixels)} : view.probe;
  return {...shown, probe: probe ?? null, page};
}

/** @param {ArrayLike<number>} pixels */
const rounded = pixels => Array.from(pixels, x => Math.round(PARTS * x) / PARTS);

/**
 * What was shown, as far as it can be shown here. Where everybody has their own pace, no lesson is open beside the
 * teacher's run.
 * @param {Record<string, any>} glance @param {State} state @returns {Partial<View>}
 */
export function viewOf(glance, state) {
  const known = Object.keys(SHOWN).filter(name => Object.hasOwn(glance, name));
  /** @type {Record<string, any>} */
  const found = Object.fromEntries(
    known.filter(name => SHOWN[name](glance[name], state)).map(name => [name, glance[name]]),
  );
  for (const name of EMPTIED) if (known.includes(name)) found[name] ??= null;
  if (found.probe?.kind === "picture") found.probe = {...found.probe, pixels: Float32Array.from(found.probe.pixels)};
  if (state.room?.own_pace && "lesson" in found) found.lesson = null;
  return found;
}

/** Whether the whole page was shown, or the simple one; null where that was not told.
 * @param {Record<string, any>} glance @returns {State["page"] | null} */
export const pageOf = ({page}) => (page === "simple" || page === "full" ? page : null);
