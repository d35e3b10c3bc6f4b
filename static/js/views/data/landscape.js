// @ts-check
/**
 * What the left panel offers on a landscape: where to start, and noise on the gradient; and pictures of all landscapes.
 */

import {sequentialTable} from "../../draw/color.js";
import {h} from "../../draw/dom.js";
import {GRAPHS, valueOf} from "../../maths/landscapes.js";
import {numberField, sliderField} from "../shared/fields.js";

/** @typedef {import("../../types").State} State */

const SIDE = 44;
/** Positions of the noise slider: none, then even steps of the logarithm from 0.01 to 100. */
const NOISES = [0, ...Array.from({length: 41}, (_, k) => +(10 ** (k / 10 - 2)).toPrecision(2))];

/**
 * Paint a landscape from above into an image; heights are shown by their rank, so that flat and steep ones all show
 * their shape.
 * @param {HTMLImageElement} picture
 * @param {import("../../types").LandscapeOption} entry
 * @param {import("../../types").Theme} theme
 */
export function paintLandscape(picture, {name, domain: [[left, right], [bottom, top]]}, theme) {
  if (!GRAPHS[name]) return;
  const canvas = h("canvas", {width: SIDE, height: SIDE});
  const pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  const heights = Float64Array.from({length: SIDE * SIDE}, (_, k) =>
    valueOf(
      name,
      left + (((k % SIDE) + 0.5) / SIDE) * (right - left),
      top - ((Math.floor(k / SIDE) + 0.5) / SIDE) * (top - bottom),
    ),
  );
  const order = heights.slice().sort();
  const image = new ImageData(SIDE, SIDE);
  const pixels = new Uint32Array(image.data.buffer);
  const table = sequentialTable(theme);
  for (let k = 0; k < pixels.length; k++) pixels[k] = table[Math.round(245 * rank(order, heights[k]))];
  pen.putImageData(image, 0, 0);
  picture.src = canvas.toDataURL();
}

/** Share of the sorted values below one. @param {Float64Array} order @param {number} value */
function rank(order, value) {
  let low = 0;
  let high = order.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (order[middle] < value) low = middle + 1;
    else high = middle;
  }
  return low / order.length;
}

/** The slider's place that is nearest to a noise. @param {number} sigma */
function placeOf(sigma) {
  return NOISES.reduce((best, value, k) => (Math.abs(value - sigma) < Math.abs(NOISES[best] - sigma) ? k : best), 0);
}

/**
 * Where the run began: as the config says, else where the landscape is best begun, else where its path begins.
 * @param {State} state
 * @returns {ArrayLike<number> | null}
 */
function startOf({config, options, surface}) {
  if (config?.initial) return config.initial;
  if (config?.seed === 0) return options?.landscapes.find(({name}) => name === config.data.name)?.start ?? null;
  return surface?.points ? surface.path : null;
}

/** @param {import("../../types").ViewContext["act"]} act @param {[number, number]} start */
function startFields(act, start) {
  return [0, 1].map(i =>
    numberField(i ? "landscape.start_y" : "landscape.start_x", {
      role: i ? "start-y" : "start-x",
      async commit(value) {
        const next = [...start];
        next[i] = value ?? NaN;
        return act("configure", {initial: next});
      },
    }),
  );
}

/** @param {import("../../types").ViewContext["act"]} act */
function startButtons(act) {
  const button = (/** @type {string} */ role, /** @type {() => void} */ onclick) =>
    h("button", {type: "button", dataset: {role: `start-${role}`, i18n: `landscape.start_${role}`}, onclick});
  return [button("own", () => act("configure", {initial: null, seed: 0})), button("random", () => act("reseed"))];
}

/** @param {import("../../types").ViewContext} context */
export function landscapeFields({t, act}) {
  const shown = {config: /** @type {import("../../types").RunConfig | null} */ (null), lang: ""};
  const start = /** @type {[number, number]} */ ([0, 0]);
  const fields = startFields(act, start);
  const noise = sliderField("landscape.noise", {
    min: 0,
    max: NOISES.length - 1,
    step: 1,
    live: true,
    show: k => String(NOISES[k]),
    commit: k => act("set", {gradient_noise: NOISES[k]}),
  });
  noise.element.dataset.i18nTip = "landscape.noise_title";
  const element = h(
    "div",
    {class: "group-body landscape-fields"},
    h("div", {class: "pairs"}, ...fields.map(f => f.element)),
    h("div", {class: "pairs"}, ...startButtons(act)),
    h("p", {class: "landscape-hint", dataset: {i18n: "landscape.start_hint"}}),
    noise.element,
  );
  return {
    element,
    /** @param {State} state */
    update(state) {
      if (shown.lang !== state.lang) for (const f of fields) f.words(t);
      if (shown.config !== state.config) noise.set(placeOf(state.config?.gradient_noise ?? 0));
      Object.assign(shown, {config: state.config, lang: state.lang});
      const first = startOf(state);
      if (!first) return;
      fields.forEach((f, i) => {
        start[i] = first[i];
        f.set(+first[i].toPrecision(6));
      });
    },
  };
}
