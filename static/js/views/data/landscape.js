// @ts-check
/** What the left panel offers on a landscape: where to start, and noise on the gradient. */

import {h} from "../../draw/dom.js";
import {numberField, sliderField} from "../shared/fields.js";

/** @typedef {import("../../types").State} State */

/** Positions of the noise slider: none, then even steps of the logarithm from 0.01 to 100. */
const NOISES = [0, ...Array.from({length: 41}, (_, k) => +(10 ** (k / 10 - 2)).toPrecision(2))];

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
