// @ts-check
/**
 * What the page can say of a neuron or a weight by itself, from the frame that it holds: while there is no connection,
 * the inspector shows that. Pure.
 */

/** @typedef {import("../types").State} State */
/** @typedef {import("../types").Layout} Layout */
/** @typedef {import("../types").Frame} Frame */
/** @typedef {import("../types").ChainNode} ChainNode */
/** @typedef {{layer: number, to: number, from?: number | "gamma" | "beta"}} Target */

/** @param {string} n @param {number[]} at @param {number} v @param {ChainNode[]} [k] @param {"product" | "sum"} [c]
 * @returns {ChainNode} */
const node = (n, at, v, k, c) => (k ? {n, at, v, c, k} : {n, at, v});

/** Where the parameter of a target stands in θ; −1 for a neuron. @param {Target} target @param {Layout} layout */
function placeOf({layer, to, from}, {blocks}) {
  if (from === undefined) return -1;
  const {offset, cols, gamma, beta} = blocks[layer - 1];
  if (typeof from === "number") return offset + from * cols + to;
  return Number(from === "gamma" ? gamma : beta) + to;
}

/** ∂C/∂w = δ · a of the sample that the frame shows; null behind a normalization, whose δ is of another number.
 * @param {Target} target @param {Layout} layout @param {Frame} frame @returns {ChainNode | null} */
function derivativeOf({layer, to, from}, {units, sizes, normalization}, {A, D}) {
  if (typeof from === "string" || normalization?.[layer - 1]) return null;
  const delta = D[units[layer].offset + to];
  const error = node("dC_dz", [layer, to], delta);
  if (from === undefined) return error;
  if (from === sizes[layer - 1])
    return node("dC_db", [layer, to], delta, [error, node("dz_db", [layer, to], 1)], "product");
  const a = A[units[layer - 1].offset + from];
  return node("dC_dw", [layer, to, from], delta * a, [error, node("dz_dw", [layer - 1, from], a)], "product");
}

/** z = Σ w·a + b. @param {Target} target @param {Layout} layout @param {Frame} frame */
function sumOf({layer, to}, {units, sizes, blocks}, {P, A, Z}) {
  const {offset, rows, cols} = blocks[layer - 1];
  const inputs = sizes[layer - 1];
  const terms = Array.from({length: rows}, (_, i) => {
    const w = P[offset + i * cols + to];
    const a = i < inputs ? A[units[layer - 1].offset + i] : 1;
    const factors =
      i < inputs
        ? [node("w", [layer, to, i], w), node("a", [layer - 1, i], a)]
        : [node("b", [layer, to], w), node("one", [layer - 1, i], 1)];
    return node("term", [layer, to, i], w * a, factors, "product");
  });
  return node("z", [layer, to], Z[units[layer].offset + to], terms, "sum");
}

/**
 * The inspection of a target from the frame that is here, of the sample that it shows; null where it shows none.
 * @param {State} state @param {{target: Target, key?: string}} wish
 * @returns {import("../types").Inspection | null}
 */
export function keptInspection({frame, layout}, {target, key = ""}) {
  if (!frame || !layout?.units || frame.layout !== layout.id || frame.sample < 0) return null;
  const {layer, to} = target;
  const found = {
    key,
    over: /** @type {const} */ ("sample"),
    step: frame.step,
    samples: 1,
    rows: [frame.sample],
    kept: true,
  };
  const place = placeOf(target, layout);
  const unit = layout.units[layer].offset + to;
  if (layer === 0) return {...found, tree: null, a: frame.A[unit]};
  const tree = derivativeOf(target, layout, frame);
  if (place >= 0) return {...found, tree, index: place, value: frame.P[place], gradient: frame.G[place]};
  const activation = layout.activations[layer - 1];
  return {...found, tree, activation, forward: sumOf(target, layout, frame), input: frame.I[unit], a: frame.A[unit]};
}

/** Whether slow motion can be had of what the page holds: the step after the one it shows. @param {State} state */
export function keepsSlowMotion({microscope, frame, layout, playing}) {
  if (!microscope || !frame || microscope.layout !== layout?.id) return false;
  return !playing && microscope.number - 1 === frame.step;
}
