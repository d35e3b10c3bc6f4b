// @ts-check
/**
 * The terms of the page: where each is met, its formula, what it is in this run, and where to see it. Their words are
 * term.NAME and term.NAME_is. What `entries.js` defines already stands here with its place alone. Pure.
 */

import {chosen, integer, percent, shape} from "../../draw/format.js";
import {batchSizeOf} from "../../model/epochs.js";

/** @typedef {import("../../types").State} State */
/** @typedef {import("../../types").ViewContext["t"]} Translate */
/**
 * @typedef {object} Term
 * @property {string} name
 * @property {string} [place] selector of what is asked about; the innermost place counts
 * @property {string} [formula]
 * @property {string} [see] the words for where it is seen, and below `look` what is framed there
 * @property {string} [look]
 * @property {(state: State, t: Translate) => string | number | null | undefined} [here] its value in this run
 */

/** @param {string} role */
const at = role => `[data-role="${role}"]`;
/** @param {number | null | undefined} x */
const number = x => (x === null || x === undefined ? null : chosen(x));
const NETWORK = {see: "panel.network", look: ".panel-network"};
const SURFACE = {see: "panel.surface", look: ".panel-surface"};
const GRADIENTS = {see: "panel.gradients", look: ".panel-gradients"};
const CURVES = {see: "panel.curves", look: ".panel-curves"};
const DATA = {see: "panel.data", look: ".panel-data"};

/** Entries of the page of meanings, and where they are met. @type {Term[]} */
export const DEFINED = [
  {name: "epoch", place: ".readout-epoch"},
  {name: "train_loss", place: ".readout-loss"},
  {name: "test_loss", place: ".readout-test-loss"},
  {name: "delta", place: ".panel-gradients"},
];

/** @type {Term[]} */
export const TERMS = [
  {
    name: "step",
    place: `.readout-step-count, ${at("step")}`,
    see: "bar.step",
    look: ".readout-step-count",
    here: ({frame}) => frame && integer(frame.step),
  },
  {
    name: "learning_rate",
    place: ".rate",
    formula: "w ← w − η ∂C/∂w",
    see: "term.learning_rate",
    look: ".rate",
    here: ({config}) => config && `η = ${chosen(config.optimizer.learning_rate)}`,
  },
  {
    name: "batch",
    place: `${at("batch-size")}, ${at("full-batch")}`,
    formula: "∂C/∂w = (1/n) Σ ∂Cᵢ/∂w",
    ...DATA,
    here: state => state.data && `n = ${integer(batchSizeOf(state))}`,
  },
  {
    name: "neuron",
    place: ".panel-network",
    formula: "z = Σ w·a + b,  a = f(z)",
    ...NETWORK,
    here: ({layout}) => layout && shape(layout.sizes),
  },
  {name: "weight", formula: "z = w₁a₁ + w₂a₂ + … + b", ...NETWORK},
  {name: "bias", place: at("bias"), formula: "z = Σ w·a + b·1", ...NETWORK},
  {
    name: "activation",
    place: at("activation"),
    formula: "a = f(z)",
    ...NETWORK,
    here: ({config}, t) =>
      typeof config?.network.activation === "string" ? t(`activation.${config.network.activation}`) : null,
  },
  {name: "softmax", formula: "aⱼ = exp(zⱼ) / Σₖ exp(zₖ)", see: "panel.output", look: ".panel-output"},
  {
    name: "loss_function",
    place: at("loss-function"),
    formula: "C(a, y)",
    ...CURVES,
    here: ({layout}, t) => (layout?.loss && !layout.landscape ? t(`loss.${layout.loss}`) : null),
  },
  {name: "cross_entropy", formula: "C = −Σ y ln a", ...CURVES},
  {name: "backpropagation", formula: "δˡ = (wˡ⁺¹)ᵀ δˡ⁺¹ ⊙ f′(zˡ)", ...GRADIENTS},
  {
    name: "optimizer",
    place: at("optimizer"),
    ...DATA,
    here: ({config}, t) => config && t(`optimizer.${config.optimizer.name}`),
  },
  {
    name: "momentum",
    formula: "v ← μv + g,  w ← w − ηv",
    ...SURFACE,
    here: ({config}) => number(/** @type {number | undefined} */ (config?.optimizer.momentum)),
  },
  {name: "loss_surface", place: ".panel-surface", formula: "C(θ + αd₁ + βd₂)", ...SURFACE},
  {name: "pca_plane", formula: "θ̄ + αd₁ + βd₂", ...SURFACE},
  {name: "saddle", formula: "∇C = 0,  λ₁ > 0 > λ₂", ...SURFACE},
  {name: "sharpness", formula: "Hv = λv,  η < 2/λ", ...SURFACE},
  {name: "saturation", formula: "f′(z) ≈ 0", ...NETWORK},
  {name: "dead", formula: "z ≤ 0 ⇒ f′(z) = 0", ...NETWORK},
  {name: "vanishing", formula: "‖δ¹‖ ≪ ‖δᴸ‖", ...GRADIENTS},
  {name: "exploding", formula: "‖δ¹‖ ≫ ‖δᴸ‖", ...GRADIENTS},
  {
    name: "clipping",
    place: at("clipping"),
    formula: "g ← g · min(1, c/‖g‖)",
    ...GRADIENTS,
    here: ({config}) => number(config?.clip_norm),
  },
  {
    name: "initializer",
    place: at("initializer"),
    ...DATA,
    here: ({config}, t) => config && t(`initializer.${config.initializer}`),
  },
  {name: "normalization", place: at("normalization"), formula: "u = γ (z − μ)/σ + β", ...NETWORK},
  {name: "residual", place: at("residual"), formula: "aˡ = f(zˡ) + aˡ⁻¹", ...NETWORK},
  {
    name: "test_set",
    place: at("test-share"),
    ...DATA,
    here: ({data}) => data && percent(1 - data.train / Math.max(1, data.n)),
  },
  {name: "noise", place: at("noise"), ...DATA, here: ({config}) => number(config?.data.noise)},
  {name: "overfitting", formula: "C(test) ≫ C(training)", ...CURVES},
  {
    name: "penalty",
    formula: "C + ½ λ₂ Σ w²",
    see: "setting.title",
    look: at("settings"),
    here: ({config}) => config && `λ₂ = ${chosen(config.l2)}`,
  },
  {
    name: "dropout",
    formula: "a ← a · mask / (1 − p)",
    see: "setting.title",
    look: at("settings"),
    here: ({config}) => config && `p = ${chosen(config.network.dropout)}`,
  },
  {
    name: "seed",
    place: at("reseed"),
    see: "term.seed",
    look: at("reseed"),
    here: ({config}) => config && String(config.seed),
  },
  {
    name: "lane",
    place: '[data-part="lanes"]',
    see: "lanes.add",
    look: '[data-part="lanes"]',
    here: ({lanes}) => lanes.length,
  },
];

/** The term of the innermost place around an element; null for none. @param {Element} element */
export function termAt(element) {
  /** @type {{name: string, place: Element} | null} */
  let found = null;
  for (const {name, place} of [...DEFINED, ...TERMS]) {
    const around = place ? element.closest(place) : null;
    if (around && (!found || (found.place !== around && found.place.contains(around)))) found = {name, place: around};
  }
  return found?.name ?? null;
}
