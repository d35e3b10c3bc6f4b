// @ts-check
/**
 * The surface along one line: the loss from the start of the run to now, and how sharply it bends over time. The
 * numbers
 * are asked for while they are looked at; a worker computes them. */

import {compact, percent, plain} from "../../draw/format.js";
import {logTicks, ticks} from "../../draw/plot.js";
import {limitsOf, stateOf} from "./stability.js";

/** @typedef {import("../../types").State} State */
/** @typedef {import("../../draw/plot.js").Palette} Palette */
/** @typedef {{at: number, alpha: number[], loss: (number|null)[], length: number}} Cut */
/** @typedef {{points: [number, number|null, boolean][], factor: number|null, more: boolean}} Sharpness */
/**
 * @typedef {{left: number, right: number, top: number, bottom: number, x: (value: number) => number, y: (value: number)
 * => number}} Chart
 */

/** Rest between two questions, in milliseconds: while the run goes on, and while earlier steps are filled in. */
const REST = 450;
const SOON = 120;

/**
 * @param {import("../../types").ViewContext} context
 * @param {() => void} changed something new is there to be painted
 */
export function createLines({t, act}, changed) {
  /** @type {State|null} */ let state = null;
  /** @type {Cut|null} */ let cut = null;
  /** @type {Sharpness|null} */ let sharp = null;
  /** @type {Chart|null} */ let chart = null;
  let mode = "";
  let run = "";
  let asked = "";
  let busy = false;
  let timer = 0;

  /** What a curve belongs to: another one of these, and nothing of the old holds. @param {State} of */
  const runOf = ({layout, config}) =>
    JSON.stringify([layout?.id, config?.seed, config?.data, config?.loss, config?.initial]);
  const wish = () => state && `${mode} ${run} ${state.frame?.step} ${state.log.length} ${state.config?.optimizer.name}`;

  function ask() {
    if (busy || timer || !state || state.connection !== "open" || !state.frame) return;
    if (mode !== "cut" && mode !== "sharpness") return;
    const now = /** @type {string} */ (wish());
    if (asked === now && !(mode === "sharpness" && sharp?.more)) return;
    send(now);
  }

  /** @param {string} now */
  async function send(now) {
    const op = mode;
    const of = run;
    busy = true;
    asked = now;
    const reply = await act(op);
    busy = false;
    if (reply.ok === false) asked = "";
    else if (of === run) {
      if (op === "cut") cut = /** @type {any} */ (reply);
      else sharp = /** @type {any} */ (reply);
      changed();
    }
    timer = window.setTimeout(
      () => {
        timer = 0;
        ask();
      },
      op === "sharpness" && sharp?.more && !state?.playing ? SOON : REST,
    );
  }

  return {
    /** @param {State} next @param {string} now what is on show */
    update(next, now) {
      const before = run;
      state = next;
      mode = now;
      run = runOf(next);
      if (before !== run) {
        cut = sharp = null;
        asked = "";
      }
      ask();
    },

    /** Whether there is something to paint. */
    ready: () => (mode === "cut" ? cut !== null : sharp !== null && sharp.points.length > 0),

    /** @param {import("../../draw/plot.js").Sheet} sheet @param {Palette} palette */
    paint(sheet, palette) {
      sheet.ctx.clearRect(0, 0, sheet.width, sheet.height);
      chart = null;
      if (!state) return;
      if (mode === "cut" && cut) chart = paintCut(sheet, palette, cut, state.view.log_loss, t);
      if (mode === "sharpness" && sharp?.points.length) chart = paintSharpness(sheet, palette, sharp, state, t);
    },

    /** The readout at a place. @param {{x: number, y: number}} place @returns {string} "" for none */
    read({x}) {
      if (!chart || !state || x < chart.left || x > chart.right) return "";
      const across = chart.x;
      const near = (/** @type {number[]} */ values) =>
        values.reduce(
          (best, value, k) => (Math.abs(across(value) - x) < Math.abs(across(values[best]) - x) ? k : best),
          0,
        );
      if (mode === "cut" && cut) {
        const k = near(cut.alpha);
        return t("surface.cut_tip", {
          a: compact(+cut.alpha[k].toFixed(3)),
          loss: cut.loss[k] === null ? "∞" : plain(/** @type {number} */ (cut.loss[k]), 4),
        });
      }
      if (!sharp) return "";
      const point = sharp.points[near(sharp.points.map(([step]) => step))];
      const limit = limitAt(state, sharp.factor, point[0]);
      return t("surface.sharp_tip", {
        n: point[0],
        value: plain(point[1] ?? NaN, 4),
        limit: Number.isFinite(limit) ? plain(limit, 4) : "–",
      });
    },

    /** Name and value of what stands below the picture. @returns {{name: string, value: string, title: string}[]} */
    figures() {
      const of = (/** @type {string} */ name, /** @type {string} */ value) => ({
        name: t(`surface.${name}`, {n: compact(2 * (sharp?.factor ?? 1))}),
        value,
        title: t(`surface.${name}_title`),
      });
      if (mode === "cut") {
        const {first, last, barrier} = cut ? ridgeOf(cut) : {first: NaN, last: NaN, barrier: NaN};
        return [
          of("cut_start", plain(first, 3)),
          of("cut_now", plain(last, 3)),
          of(
            "cut_barrier",
            Number.isNaN(barrier) ? "–" : barrier > 0 ? `+${plain(barrier, 3)}` : t("surface.cut_none"),
          ),
          of("cut_length", cut ? plain(cut.length, 3) : "–"),
        ];
      }
      const value = sharp?.points.at(-1)?.[1] ?? NaN;
      const limit = state && sharp ? limitAt(state, sharp.factor, Infinity) : NaN;
      return [
        of("sharp_value", Number.isNaN(value) ? "–" : plain(value, 3)),
        of("sharp_limit", Number.isFinite(limit) ? plain(limit, 3) : "–"),
        of("sharp_share", Number.isFinite(value / limit) ? percent(value / limit) : "–"),
      ];
    },

    /** What the numbers mean, in words. */
    words() {
      if (!state) return "";
      if (mode === "cut") return t("surface.cut_words");
      if (!sharp?.points.length) return "";
      const kind = stateOf(sharp.points.at(-1)?.[1] ?? NaN, limitAt(state, sharp.factor, Infinity), sharp.factor);
      return t(`surface.sharp_${kind}`, {optimizer: t(`optimizer.${state.config?.optimizer.name}`)});
    },

    destroy: () => clearTimeout(timer),
  };
}

/**
 * The limit of the curvature at a step; at the present for steps beyond the record.
 * @param {State} state
 * @param {number|null} factor
 * @param {number} step
 */
function limitAt({series, frame}, factor, step) {
  if (factor === null) return NaN;
  const {step: steps, value} = series.rate;
  let rate = frame?.learning_rate ?? NaN;
  for (let k = steps.length - 1; k >= 0 && steps[k] > step; k--) rate = value[k];
  return (2 * factor) / rate;
}

/** Losses at the ends of a cut, and how far it rises above both between them. @param {Cut} cut */
export function ridgeOf({alpha, loss}) {
  const at = (/** @type {number} */ where) => {
    const k = alpha.findIndex(value => value >= where - 1e-9);
    const low = loss[Math.max(0, k - 1)] ?? NaN;
    const high = loss[k] ?? NaN;
    if (k < 1) return high;
    return low + ((high - low) * (where - alpha[k - 1])) / (alpha[k] - alpha[k - 1]);
  };
  const first = at(0);
  const last = at(1);
  const between = loss.filter((value, k) => value !== null && alpha[k] > 0 && alpha[k] < 1).map(Number);
  return {first, last, barrier: Math.max(0, Math.max(...between) - Math.max(first, last))};
}

/**
 * @param {import("../../draw/plot.js").Sheet} sheet
 * @param {Palette} palette
 * @param {[number, number]} across
 * @param {[number, number]} up
 * @param {boolean} log
 * @param {string} name of the horizontal axis @returns {Chart} */
function axes({ctx, width, height}, palette, across, up, log, name) {
  const small = palette.small - 1;
  const left = small * 3.4;
  const right = width - 12;
  const top = 8;
  const bottom = height - small * 1.75;
  const to = (/** @type {number} */ value) => (log ? Math.log10(Math.max(value, 1e-300)) : value);
  const [low, high] = up.map(to);
  const x = (/** @type {number} */ value) =>
    left + ((value - across[0]) / (across[1] - across[0] || 1)) * (right - left);
  const y = (/** @type {number} */ value) => bottom - ((to(value) - low) / (high - low || 1)) * (bottom - top);
  ctx.font = `${small}px ${palette.font}`;
  ctx.lineWidth = 1;
  ctx.strokeStyle = palette.grid;
  ctx.fillStyle = palette.muted;
  ctx.textAlign = "right";
  ctx.textBaseline = "middle";
  for (const tick of log ? logTicks(up[0], up[1], (bottom - top) / 34) : ticks(low, high, (bottom - top) / 34)) {
    const at = Math.round(y(tick)) + 0.5;
    if (at < top - 2 || at > bottom + 2) continue;
    ctx.beginPath();
    ctx.moveTo(left, at);
    ctx.lineTo(right, at);
    ctx.stroke();
    ctx.fillText(compact(tick), left - 5, at);
  }
  ctx.textAlign = "center";
  ctx.textBaseline = "top";
  const room = ctx.measureText(name).width;
  for (const tick of ticks(across[0], across[1], (right - left) / 70)) {
    if (x(tick) < right - room - 14) ctx.fillText(compact(tick), x(tick), bottom + 4);
  }
  ctx.textAlign = "right";
  ctx.fillText(name, right, bottom + 4);
  return {left, right, top, bottom, x, y};
}

/** @param {CanvasRenderingContext2D} ctx @param {Chart} chart @param {() => void} draw inside the axes */
function inside(ctx, {left, right, top, bottom}, draw) {
  ctx.save();
  ctx.beginPath();
  ctx.rect(left, top - 3, right - left + 6, bottom - top + 3);
  ctx.clip();
  draw();
  ctx.restore();
}

/** @param {CanvasRenderingContext2D} ctx @param {Chart} chart @param {number[]} xs @param {(number|null)[]} ys */
function line(ctx, chart, xs, ys) {
  let pen = false;
  ctx.beginPath();
  xs.forEach((value, k) => {
    const height = ys[k];
    if (height === null || !Number.isFinite(height)) {
      pen = false;
      return;
    }
    if (pen) ctx.lineTo(chart.x(value), chart.y(height));
    else ctx.moveTo(chart.x(value), chart.y(height));
    pen = true;
  });
  ctx.stroke();
}

/**
 * @param {CanvasRenderingContext2D} ctx
 * @param {number} x
 * @param {number} y
 * @param {number} r
 * @param {string} fill
 * @param {string} rim
 * @param {number} wide
 */
function dot(ctx, x, y, r, fill, rim, wide) {
  ctx.beginPath();
  ctx.arc(x, y, r, 0, 7);
  ctx.fillStyle = fill;
  ctx.fill();
  ctx.strokeStyle = rim;
  ctx.lineWidth = wide;
  ctx.stroke();
}

/**
 * @param {import("../../draw/plot.js").Sheet} sheet
 * @param {Palette} palette
 * @param {Cut} cut
 * @param {boolean} log
 * @param {import("../../types").ViewContext["t"]} t
 */
function paintCut(sheet, palette, cut, log, t) {
  const {ctx} = sheet;
  const {alpha, loss} = cut;
  const {first, last} = ridgeOf(cut);
  const numbers = loss.filter(value => value !== null).map(Number);
  const low = Math.min(...numbers);
  const between = Math.max(
    first,
    last,
    ...loss.filter((value, k) => value !== null && alpha[k] >= 0 && alpha[k] <= 1).map(Number),
  );
  const logarithmic = log && low > 0;
  const high = Math.min(Math.max(...numbers), logarithmic ? between * 4 : low + 1.8 * (between - low || 1));
  const pad = 0.06 * (high - low || 1);
  const chart = axes(
    sheet,
    palette,
    [alpha[0], alpha[alpha.length - 1]],
    logarithmic ? [low / 1.15, high * 1.15] : [low - pad, high + pad],
    logarithmic,
    "α",
  );
  inside(ctx, chart, () => {
    ctx.setLineDash([4, 4]);
    ctx.strokeStyle = palette.line;
    for (const where of [0, 1]) {
      ctx.beginPath();
      ctx.moveTo(chart.x(where), chart.top);
      ctx.lineTo(chart.x(where), chart.bottom);
      ctx.stroke();
    }
    ctx.setLineDash([]);
    ctx.lineWidth = 2 * palette.stroke;
    ctx.strokeStyle = palette.train;
    line(ctx, chart, alpha, loss);
    dot(ctx, chart.x(0), chart.y(first), 3.6 * palette.stroke, palette.panel, palette.backward, 1.8 * palette.stroke);
    dot(ctx, chart.x(1), chart.y(last), 5 * Math.sqrt(palette.stroke), palette.backward, palette.panel, 1.6);
  });
  ctx.fillStyle = palette.text;
  ctx.textBaseline = "bottom";
  for (const [where, value, key, align] of /** @type {[number, number, string, CanvasTextAlign][]} */ ([
    [0, first, "surface.start", "left"],
    [1, last, "surface.now", "right"],
  ])) {
    ctx.textAlign = align;
    ctx.fillText(
      t(key),
      chart.x(where) + (align === "left" ? 8 : -8),
      Math.max(chart.top + palette.small, chart.y(value) - 4),
    );
  }
  return chart;
}

/**
 * @param {import("../../draw/plot.js").Sheet} sheet
 * @param {Palette} palette
 * @param {Sharpness} sharp
 * @param {State} state
 * @param {import("../../types").ViewContext["t"]} t
 */
function paintSharpness(sheet, palette, {points, factor}, state, t) {
  const {ctx} = sheet;
  const now = state.frame?.step ?? 0;
  const steps = points.map(([step]) => step);
  const values = points.map(([, value]) => value);
  const limits =
    factor === null
      ? {step: [], value: []}
      : limitsOf(state.series.rate, state.frame?.learning_rate ?? NaN, now, factor);
  const numbers = [...values, ...limits.value.slice(-1)]
    .filter(value => value !== null && Number.isFinite(value))
    .map(Number);
  const positive = numbers.filter(value => value > 0);
  const most = Math.max(...numbers, 1e-9);
  const least = Math.min(...positive);
  const log = positive.length > 1 && most > 25 * least && positive.length === numbers.length;
  const chart = axes(
    sheet,
    palette,
    [0, Math.max(10, ...steps, now)],
    log ? [least / 1.6, most * 1.6] : [Math.min(0, ...numbers), most * 1.18],
    log,
    t("curves.steps"),
  );
  inside(ctx, chart, () => {
    if (limits.step.length) paintLimit(ctx, chart, palette, limits);
    ctx.strokeStyle = palette.text;
    ctx.lineWidth = 1.8 * palette.stroke;
    line(ctx, chart, steps, values);
    for (const [step, value] of points)
      if (value !== null)
        dot(
          ctx,
          chart.x(step),
          chart.y(value),
          step === now ? 4.6 : 2.2,
          step === now ? palette.backward : palette.text,
          palette.panel,
          step === now ? 1.6 : 0.8,
        );
  });
  const limit = limits.value.at(-1);
  if (limit !== undefined && Number.isFinite(limit)) {
    const y = chart.y(limit);
    const above = y > chart.top + palette.small + 2;
    ctx.fillStyle = palette.bad;
    ctx.textAlign = "left";
    ctx.textBaseline = above ? "bottom" : "top";
    ctx.fillText(
      `${compact(2 * (factor ?? 1))}/η = ${plain(limit, 3)}`,
      chart.left + 6,
      above ? Math.min(chart.bottom, y) - 3 : Math.max(chart.top, y) + 4,
    );
  }
  return chart;
}

/** The limit as it was, and as a dashed line what it is now; above it lies what is unstable.
 * @param {CanvasRenderingContext2D} ctx
 * @param {Chart} chart
 * @param {Palette} palette
 * @param {{step: number[], value: number[]}} limits
 */
function paintLimit(ctx, chart, palette, {step, value}) {
  ctx.beginPath();
  step.forEach((at, k) => {
    if (k) ctx.lineTo(chart.x(at), chart.y(value[k - 1]));
    else ctx.moveTo(chart.left, chart.y(value[0]));
    ctx.lineTo(chart.x(at), chart.y(value[k]));
  });
  ctx.lineTo(chart.right + 6, chart.y(value[value.length - 1]));
  ctx.strokeStyle = palette.bad;
  ctx.lineWidth = 1.4 * palette.stroke;
  ctx.stroke();
  ctx.lineTo(chart.right + 6, chart.top - 3);
  ctx.lineTo(chart.left, chart.top - 3);
  ctx.closePath();
  ctx.globalAlpha = 0.08;
  ctx.fillStyle = palette.bad;
  ctx.fill();
  ctx.globalAlpha = 1;
  const y = chart.y(value[value.length - 1]);
  ctx.setLineDash([5, 4]);
  ctx.lineWidth = 1.1 * palette.stroke;
  ctx.beginPath();
  ctx.moveTo(chart.left, y);
  ctx.lineTo(chart.right, y);
  ctx.stroke();
  ctx.setLineDash([]);
}
