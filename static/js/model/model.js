// @ts-check
/**
 * What a message from the server does to the page's state. Pure but for the curves and the path, which grow in place.
 */

import {CHOICES} from "./first_view.js";
import {lanesInFrame, lanesInHistory, lanesInState, lanesInSurface} from "./lanes.js";
import {laboratoryOf} from "./laboratory.js";
import {microscopeOf} from "./magnified.js";
import {number} from "../wire/protocol.js";
import {addNorms, appendTail, emptySeries, seriesFromHistory} from "./series.js";
import {dataOf, figuresOf, surfaceOf} from "./arrivals.js";
import {growTrack} from "./track.js";

/** @typedef {import("../types").State} State */

const NOTHING = new Float32Array(0);

/** @param {import("../types").Lang} lang @param {import("../types").Theme} theme @returns {State} */
export function initialState(lang, theme) {
  return {
    lang,
    theme,
    page: "full",
    connection: "connecting",
    outage: null,
    playing: false,
    speed: 60,
    status: {kind: "paused"},
    options: null,
    config: null,
    layout: null,
    data: null,
    frame: null,
    series: emptySeries(),
    surface: null,
    plane_choice: null,
    computing: {share: 1, resolution: 0, laid: null},
    log: [],
    undo: null,
    redo: null,
    ghost: null,
    furthest: 0,
    rates: {},
    microscope: null,
    laboratory: null,
    lanes: [],
    lane: 0,
    room: null,
    point: null,
    copied_from: null,
    strays: false,
    cut: null,
    quiet: false,
    plan: {items: [], next: 0},
    view: {...CHOICES},
  };
}

/** What can be undone and done again, and which run can be had back. @param {Partial<State>} message */
const deedsOf = ({undo = null, redo = null, ghost = null}) => ({undo, redo, ghost});

/** What can be chosen, unless the page has come back and has it. @param {{options?: State["options"]}} message */
const choicesIn = ({options}) => (options ? {options} : {});

/** A text message. @param {State} state @param {any} message @returns {Partial<State>} */
export function applyText(state, message) {
  switch (message.kind) {
    case "welcome":
      return choicesIn(message);
    case "uploads":
      return state.options
        ? {
            options: {
              ...state.options,
              datasets: [...state.options.datasets.filter(each => !each.upload), ...message.datasets],
            },
          }
        : {};
    case "state":
      return {
        config: message.config,
        playing: message.playing,
        speed: message.speed,
        status: message.status,
        log: message.log,
        ...deedsOf(message),
        furthest: message.furthest ?? 0,
        engine: message.engine,
        rates: message.rates,
        plane_choice: message.surface ?? null,
        ...lanesInState(state, message),
      };
    case "layout":
      if (sameShape(state.layout, message) && state.frame)
        return {
          layout: {...message, alike: [...(state.layout?.alike ?? []), state.layout?.id ?? 0]},
          frame: {...state.frame, layout: message.id},
        };
      return {
        layout: message,
        frame: null,
        surface: null,
        microscope: null,
        laboratory: null,
        view: {
          ...state.view,
          microscope: false,
          picking: null,
          focus: null,
          phase: null,
          hover: null,
          selected: null,
          highlight: null,
        },
      };
    case "computing":
      return {computing: {share: message.share, resolution: message.resolution, laid: message.laid}};
    default:
      return {};
  }
}

/** Whether frames are read as before: a live edit has changed no more than what neurons do with their inputs.
 * @param {import("../types").Layout | null} old @param {import("../types").Layout} next */
function sameShape(old, next) {
  const shape = (/** @type {any} */ {kind, id, alike, activations, leaky_slope, formulas, ...rest}) =>
    JSON.stringify(rest);
  return old !== null && old.activations !== undefined && shape(old) === shape(next);
}

/**
 * A binary message.
 * @param {State} state
 * @param {Record<string, any>} header
 * @param {Record<string, any>} arrays
 * @returns {Partial<State>}
 */
export function applyBinary(state, header, arrays) {
  switch (header.kind) {
    case "frame":
      return applyFrame(state, header, arrays);
    case "laboratory":
      return header.layout === state.layout?.id ? {laboratory: laboratoryOf(state.laboratory, header, arrays)} : {};
    case "microscope":
      return {microscope: microscopeOf(header, arrays)};
    case "data":
      return {data: dataOf(header, arrays)};
    case "history":
      return {series: seriesFromHistory(header, arrays), lanes: lanesInHistory(state, header, arrays)};
    case "surface":
      return {surface: surfaceOf(state, header, arrays), lanes: lanesInSurface(state, arrays)};
    default:
      return {};
  }
}

/** What a frame has to say of some things only: none where it says nothing. @param {Record<string, any>} header
 * @returns {Pick<import("../types").Frame, "inspections" | "symptoms">} */
const listsOf = ({inspections = [], symptoms = []}) => ({inspections, symptoms});

/**
 * @param {State} state
 * @param {Record<string, any>} header
 * @param {Record<string, any>} arrays
 * @returns {Partial<State>}
 */
function applyFrame(state, header, arrays) {
  const {A, Z, D} = arrays;
  const exact = header.landscape ? exactly(header.landscape) : null;
  const {P, G} = parametersOf(state, arrays);
  const frame = {
    seq: header.seq,
    layout: state.layout?.alike?.includes(header.layout) ? state.layout.id : header.layout,
    step: header.step,
    target: header.target ?? null,
    measured: header.measured ?? header.step,
    epoch: header.epoch,
    sample: header.sample,
    loss: number(header.loss),
    test_loss: number(header.test_loss),
    accuracy: number(header.accuracy),
    test_accuracy: number(header.test_accuracy),
    penalty: header.penalty === undefined ? null : number(header.penalty),
    learning_rate: header.learning_rate,
    coarse: {P: isRounded(header, /^P\b/), A: isRounded(header, /^A$/)},
    P,
    G,
    A,
    Z,
    D,
    U: arrays.U ?? null,
    way: wayOf(arrays),
    exact,
    I: arrays.I ?? Z,
    S: arrays.S ?? NOTHING,
    clipping: header.clipping
      ? {...header.clipping, before: number(header.clipping.before), after: number(header.clipping.after)}
      : null,
    norms: exact ? sizesOf(exact) : normsOf(arrays),
    ...listsOf(header),
  };
  appendTail(state.series, header, arrays);
  if (frame.step > 0) addNorms(state.series, frame.step, frame.norms.delta, frame.norms.gradient);
  return {
    frame,
    furthest: Math.max(state.furthest, frame.step),
    surface: grownPath(state.surface, header, arrays),
    lanes: lanesInFrame(state, header, arrays),
  };
}

/** What the last step made of its gradient. @param {Record<string, any>} arrays
 * @returns {import("../types").GradientWay | null} */
function wayOf({slope, penalty = null, noise = null, used}) {
  return slope ? {slope, penalty, noise, used} : null;
}

/** Whether numbers came rounded to bfloat16. @param {Record<string, any>} header @param {RegExp} names */
const isRounded = ({arrays = []}, names) =>
  arrays.some((/** @type {[string, string]} */ [name, type]) => type === "bf2" && names.test(name));

/**
 * The numbers of a landscape as they are: float64.
 * @param {Record<"point" | "gradient" | "update", (number | null)[]>} exact
 */
function exactly({point, gradient, update}) {
  const [P, G, U] = [point, gradient, update].map(values => Float64Array.from(values, number));
  return {P, G, U};
}

/** On a landscape, where no layers are, sizes per parameter: of its slope, of its last step and of itself.
 * @param {Record<"P" | "G" | "U", Float64Array>} exact @returns {import("../types").Frame["norms"]} */
function sizesOf({P, G, U}) {
  const [weight, delta, gradient] = [P, G, U].map(values => Float32Array.from(values, Math.abs));
  return {delta, gradient, weight, update: gradient};
}

/** @param {Record<string, any>} arrays @returns {import("../types").Frame["norms"]} per layer */
function normsOf({norms}) {
  const layers = norms.length / 4;
  const row = (/** @type {number} */ i) => norms.subarray(i * layers, (i + 1) * layers);
  return {delta: row(0), gradient: row(1), weight: row(2), update: row(3)};
}

/**
 * Parameters and gradients of a frame. Of a large net under way only some layers come along, as `P:2080` from parameter
 * 2080 on;
 * of the others the last known hold. @param {State} state @param {Record<string, any>} arrays */
function parametersOf(state, arrays) {
  if (arrays.P) return {P: arrays.P, G: arrays.G};
  const count = state.layout?.parameters ?? 0;
  const known = state.frame?.P.length === count ? state.frame : null;
  const found = {P: known ? known.P.slice() : new Float32Array(count), G: known?.G ?? new Float32Array(count)};
  let fresh = false;
  for (const [name, numbers] of Object.entries(arrays)) {
    const [quantity, at] = name.split(":");
    if (at === undefined) continue;
    if (quantity === "G" && !fresh) {
      found.G = found.G.slice();
      fresh = true;
    }
    found[/** @type {"P" | "G"} */ (quantity)].set(numbers, Number(at));
  }
  return found;
}

/** The surface with the path's new points, when they belong to its plane.
 * @param {State["surface"]} surface @param {Record<string, any>} header @param {Record<string, any>} arrays */
function grownPath(surface, header, arrays) {
  if (!surface || header.plane_id !== surface.plane_id) return surface;
  const fresh = arrays.path?.length ? arrays.path : null;
  if (fresh) growTrack(surface, fresh);
  return {
    ...surface,
    figures: header.figures ? figuresOf(header.figures) : surface.figures,
    path_version: surface.path_version + (fresh ? 1 : 0),
  };
}
