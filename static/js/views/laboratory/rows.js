// @ts-check
/**
 * The laboratory's gradient rows: ‖δ‖ and ‖∂W‖ of every layer on a log scale, the line that theory expects, and the
 * history as a heat strip.
 */

import {sequentialTable} from "../../draw/color.js";
import {exponent, integer, plain} from "../../draw/format.js";
import {lastBelow} from "../../model/laboratory.js";
import {axisFor, exponents, labelled, labelStride, standing} from "../shared/gradient_scale.js";
import {dot, ring, uprightScale as scale} from "../shared/gradient_marks.js";

/** @typedef {import("./laboratory.js").Sheet} Sheet */
/** @typedef {import("../shared/gradient_scale.js").Axis} Axis */
/** @typedef {(key: string, params?: Record<string, string | number>) => string} Translate */

/** Columns of the heat strip. */
const COLUMNS = 300;
const NORMS = {delta: "‖δ‖", gradient: "‖∂W‖"};

/**
 * @param {Translate} t
 * @returns {import("./laboratory.js").Page & {fixed: boolean, toggle: () => void, norm: string, turn: () => void}}
 */
export function rowsPage(t) {
  /** @type {Axis | null} */ let axis = null;
  /** @type {HTMLCanvasElement | null} */ let heat = null;
  /** What the strip shows the past of. @type {"delta" | "gradient"} */ let shown = "delta";
  let fixed = false;
  let number = -1;
  let top = 0;
  let row = 1;
  let layers = 0;
  let past = [0, 0];

  /** @param {Sheet} sheet */
  function paint(sheet) {
    const {ctx, width, height, palette, lab, names} = sheet;
    const small = palette.small;
    if (number !== lab.number && !fixed) axis = null;
    number = lab.number;
    if (!fixed || !axis)
      axis = axisFor(axis, exponents([lab.delta, lab.gradient, ...lab.history.delta, ...lab.history.gradient]));
    layers = lab.layers;
    top = small * 1.7;
    const bottom = height - small * 1.8;
    const numbers = small * 5.4;
    const passes = width > 430 ? Math.max(small * 4.2, wide(ctx, t("lab.passes"), small * 0.95, palette.font) + 14) : 0;
    row = (bottom - top) / layers;
    ctx.font = `${small}px ${palette.font}`;
    const left = 14 + Math.max(...names.map(name => ctx.measureText(name).width));
    const plots = width - left - numbers - passes - 24;
    const right = left + plots * 0.52;
    const from = right + 18;
    const to = left + plots + 6;
    past = [from, to];
    const xOf = (/** @type {number} */ share) =>
      share < 0 ? left + 4 : share > 1 ? right + 5 : left + 14 + share * (right - left - 14);
    const yOf = (/** @type {number} */ k) => top + (k + 0.5) * row;
    if (sheet.marked >= 0) {
      ctx.fillStyle = palette["panel-2"];
      ctx.fillRect(2, top + sheet.marked * row, width - 4, row);
    }
    ctx.font = `${small * 0.95}px ${palette.font}`;
    scale(ctx, palette, axis, xOf, top, bottom);
    theory(sheet, axis, xOf, yOf);
    const every = labelStride(layers, row, small * 1.25);
    const r = Math.max(1.3, Math.min(4.6, row * 0.3)) * Math.sqrt(palette.stroke);
    ctx.textBaseline = "middle";
    for (let k = 0; k < layers; k++) {
      const y = yOf(k);
      ring(ctx, xOf(standing(axis, lab.gradient[k])), y, r * 0.85, lab.gradient[k], palette);
      dot(ctx, xOf(standing(axis, lab.delta[k])), y, r, lab.delta[k], palette);
      if (!labelled(k, layers, every)) continue;
      ctx.font = `${small}px ${palette.font}`;
      ctx.textAlign = "right";
      ctx.fillStyle = sheet.marked === k ? palette.text : palette.muted;
      ctx.fillText(names[k], left - 6, y);
      ctx.fillStyle = palette.text;
      ctx.fillText(plain(lab.delta[k], 2), to + numbers, y);
      const factor = lab.delta[k] / lab.delta[k + 1];
      if (passes && k < layers - 1 && Number.isFinite(factor))
        ctx.fillText(`×${plain(factor, 2)}`, to + numbers + passes, y);
    }
    strip(sheet, axis, from, top, to - from, bottom - top);
    heads(sheet, {left, right, from, to, bottom, numbers, passes});
  }

  /**
   * What the columns are.
   * @param {Sheet} sheet
   * @param {{left: number, right: number, from: number, to: number, bottom: number, numbers: number, passes: number}}
   * at
   */
  function heads({ctx, palette, lab}, {left, right, from, to, bottom, numbers, passes}) {
    const small = palette.small * 0.95;
    ctx.font = `${small}px ${palette.font}`;
    ctx.fillStyle = palette.muted;
    ctx.textBaseline = "middle";
    const y = top / 2;
    ctx.textAlign = "right";
    ctx.fillText("‖δ‖", to + numbers, y);
    if (passes) ctx.fillText(t("lab.passes"), to + numbers + passes, y);
    ctx.textAlign = "left";
    ctx.fillText(t("lab.history", {norm: NORMS[shown]}), from, y);
    let x = left + 10;
    for (const [mark, key] of /** @type {const} */ ([
      [dot, "δ"],
      [ring, "∂W"],
    ])) {
      mark(ctx, x, y, 3.6, 1, palette);
      ctx.fillStyle = palette.muted;
      ctx.textAlign = "left";
      ctx.fillText(`‖${key}‖`, x + 7, y);
      x += 14 + ctx.measureText(`‖${key}‖`).width + 6;
    }
    if (lab.expected_factors.some(Number.isFinite) && right - x > small * 4) {
      ctx.strokeStyle = palette.text;
      ctx.lineWidth = 1.2 * palette.stroke;
      ctx.setLineDash([4, 3]);
      ctx.beginPath();
      ctx.moveTo(x, y);
      ctx.lineTo(x + 18, y);
      ctx.stroke();
      ctx.setLineDash([]);
      ctx.fillText(t("lab.theory"), x + 22, y);
    }
    ctx.textBaseline = "top";
    ctx.fillText("0", from, bottom + 3);
    ctx.textAlign = "right";
    ctx.fillText(t("lab.step", {n: integer(lab.step)}), to, bottom + 3);
  }

  /**
   * The history: steps from left to right, a row per layer.
   * @param {Sheet} sheet
   * @param {Axis} axis
   * @param {number} x
   * @param {number} y
   * @param {number} width
   * @param {number} height
   */
  function strip({ctx, state, lab, palette}, axis, x, y, width, height) {
    heat ??= document.createElement("canvas");
    if (heat.width !== COLUMNS || heat.height !== lab.layers) Object.assign(heat, {width: COLUMNS, height: lab.layers});
    const table = sequentialTable(state.theme);
    const image = new ImageData(COLUMNS, lab.layers);
    const pixels = new Uint32Array(image.data.buffer);
    const {steps} = lab.history;
    const rows = lab.history[shown];
    const last = Math.max(1, lab.step);
    for (let c = 0; c < COLUMNS; c++) {
      const found = rows[lastBelow(steps, ((c + 0.5) / COLUMNS) * last)];
      if (!found) continue; // another network, or not measured yet
      for (let k = 0; k < lab.layers; k++) {
        const share = standing(axis, found[k]);
        if (share >= 0 && share <= 1) pixels[k * COLUMNS + c] = table[Math.round(20 + 235 * share)];
      }
    }
    heat.getContext("2d")?.putImageData(image, 0, 0);
    ctx.imageSmoothingEnabled = false;
    const cell = height / lab.layers;
    const tall = Math.min(cell - (cell > 5 ? 2 : 0), 34);
    for (let k = 0; k < lab.layers; k++)
      ctx.drawImage(heat, 0, k, COLUMNS, 1, x, y + (k + 0.5) * cell - tall / 2, width, tall);
    ctx.imageSmoothingEnabled = true;
    ctx.strokeStyle = palette.grid;
    ctx.lineWidth = 1;
    ctx.strokeRect(x - 0.5, y - 0.5, width + 1, height + 1);
  }

  return {
    choosing: false,
    get fixed() {
      return fixed;
    },
    toggle() {
      fixed = !fixed;
    },
    get norm() {
      return NORMS[shown];
    },
    turn() {
      shown = shown === "delta" ? "gradient" : "delta";
    },
    paint,
    layerAt: (_, y) => (y >= top && y < top + row * layers ? Math.floor((y - top) / row) : -1),
    words({lab, layout, state}) {
      const {factor, expected} = lab;
      const activations = new Set(layout.activations.slice(0, -1));
      const kind = !Number.isFinite(factor)
        ? "none"
        : factor < 0.6
          ? "vanishing"
          : factor > 1.7
            ? "exploding"
            : "steady";
      const said =
        kind === "none"
          ? t(lab.layers > 3 ? "lab.factor_zero" : "lab.factor_none")
          : t(`lab.factor_${kind}`, {factor: plain(factor, 2)});
      const activation = activations.size === 1 ? t(`activation.${[...activations][0]}`) : t("lab.mixed");
      const theory =
        Number.isFinite(expected) && lab.layers > 1
          ? t("lab.expected", {
              factor: plain(expected, 2),
              activation,
              initializer: t(`initializer.${state.config?.initializer ?? lab.initializer}`),
            })
          : layout.normalization.includes("batch")
            ? t("lab.expected_batch")
            : t("lab.expected_none");
      return [said, lab.layers > 1 ? theory : ""];
    },
    tip({lab, layout}, k, x) {
      const out = k === lab.layers - 1;
      const expected = lab.expected_factors[k];
      const {steps, delta, gradient} = lab.history;
      const [from, to] = past;
      const head = `${out ? t("gradients.output") : t("gradients.layer", {n: k + 1})}, ${t("gradients.units", {n: layout.sizes[k + 1], activation: t(`activation.${layout.activations[k]}`)})}`;
      const then = x >= from && x <= to ? lastBelow(steps, ((x - from) / (to - from)) * Math.max(1, lab.step)) : -1;
      if (then >= 0)
        return `${head}\n${t("lab.tip_then", {step: integer(steps[then]), delta: exponent(delta[then][k], 3), gradient: exponent(gradient[then][k], 3)})}`;
      const lines = [head, `‖δ‖ ${exponent(lab.delta[k], 3)}   ‖∂W‖ ${exponent(lab.gradient[k], 3)}`];
      if (!out)
        lines.push(
          t("lab.tip_passes", {
            factor: plain(lab.delta[k] / lab.delta[k + 1], 3),
            expected: Number.isFinite(expected) ? plain(expected, 3) : "–",
          }),
        );
      return lines.join("\n");
    },
  };
}

/** @param {CanvasRenderingContext2D} ctx @param {string} text @param {number} size @param {string} font */
function wide(ctx, text, size, font) {
  ctx.font = `${size}px ${font}`;
  return ctx.measureText(text).width;
}

/**
 * The row that was chosen and the one under the pointer, behind all else.
 * @param {Sheet} sheet
 * @param {number} top
 * @param {number} row its height
 * @param {number} layers
 */
export function paintBands({ctx, palette, width, chosen, marked}, top, row, layers) {
  for (const [layer, alpha] of [
    [chosen, 0.13],
    [marked, 0.07],
  ]) {
    if (layer < 0 || layer >= layers) continue;
    ctx.fillStyle = palette.accent;
    ctx.globalAlpha = alpha;
    ctx.fillRect(2, top + layer * row, width - 4, row);
    ctx.globalAlpha = 1;
  }
}

/**
 * What theory expects at the start, drawn from the present error of the outputs on.
 * @param {Sheet} sheet
 * @param {Axis} axis
 * @param {(share: number) => number} xOf
 * @param {(k: number) => number} yOf
 */
function theory({ctx, palette, lab}, axis, xOf, yOf) {
  let size = lab.delta[lab.layers - 1];
  ctx.beginPath();
  ctx.moveTo(xOf(standing(axis, size)), yOf(lab.layers - 1));
  for (let k = lab.layers - 2; k >= 0; k--) {
    size *= lab.expected_factors[k];
    if (!(size > 0 && size < Infinity)) break;
    ctx.lineTo(xOf(standing(axis, size)), yOf(k));
  }
  ctx.strokeStyle = palette.text;
  ctx.globalAlpha = 0.7;
  ctx.lineWidth = 1.2 * palette.stroke;
  ctx.setLineDash([4, 3]);
  ctx.stroke();
  ctx.setLineDash([]);
  ctx.globalAlpha = 1;
}
