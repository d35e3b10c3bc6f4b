// @ts-check
/**
 * The coming step on the contour, in parts: raw gradient, momentum and what the rule makes of them; and where it lands.
 */

import {h, setText} from "../../draw/dom.js";
import {compact, plain} from "../../draw/format.js";
import {drawArrow} from "./path.js";

/** @typedef {import("../../types").State} State */
/** @typedef {import("../../draw/plot.js").Palette} Palette */
/**
 * @typedef {{coming: boolean, step: number, gradient: Pair, momentum: Pair|null, update: Pair, rates: Pair|null,
 * learning_rate: number}} Parts
 */
/** @typedef {[number|null, number|null]} Pair */

/** The longest arrow is at most this long, in CSS pixels, and at least half as long. */
const LONG = 58;
const REST = 90;

/**
 * How many times larger an arrow of `length` is drawn: 1, 2, 5, 10, …, so that it can be seen; 1 where it can by
 * itself.
 * @param {number} length in pixels @returns {number} */
export function magnification(length) {
  if (!(length > 0) || length >= LONG / 2.5) return 1;
  const most = LONG / length;
  const power = 10 ** Math.floor(Math.log10(most));
  return power * (most / power >= 5 ? 5 : most / power >= 2 ? 2 : 1);
}

/** @param {import("../../types").ViewContext} context @param {() => void} changed */
export function createAnatomy({t, act}, changed) {
  const rows = ["gradient", "momentum", "update", "rates"].map(name => {
    const sign = h("i", {"aria-hidden": "true"});
    const text = h("span");
    return {name, sign, text, element: h("div", {dataset: {part: name}, hidden: true}, sign, text)};
  });
  const element = h("div", {class: "surface-parts", hidden: true}, ...rows.map(row => row.element));
  /** @type {State|null} */ let state = null;
  /** @type {Parts|null} */ let parts = null;
  let plane = -1;
  let asked = "";
  let busy = false;
  let timer = 0;
  let active = false;

  const wish = () =>
    state?.surface && state.frame
      ? `${state.surface.plane_id} ${state.frame.seq} ${state.playing} ${JSON.stringify(state.config?.optimizer)} ${state.config?.batch_size}`
      : "";

  async function ask() {
    const now = wish();
    if (busy || timer || !active || !state || state.connection !== "open" || !now || now === asked || document.hidden)
      return;
    busy = true;
    asked = now;
    const reply = await act("anatomy");
    busy = false;
    if (reply.ok !== false) {
      parts = /** @type {Parts|null} */ (reply.anatomy ?? null);
      plane = Number(reply.plane_id);
      changed();
    }
    timer = window.setTimeout(() => {
      timer = 0;
      ask();
    }, REST);
  }

  /** @param {Pair} pair @returns {[number, number]} */
  const numbers = ([a, b]) => [a ?? NaN, b ?? NaN];

  return {
    element,
    /** @param {State} next @param {boolean} wanted whether the picture shows it */
    update(next, wanted) {
      state = next;
      active = wanted;
      if (!wanted) parts = null;
      ask();
    },

    hide() {
      if (!element.hidden) element.hidden = true;
    },

    /**
     * Where the coming step leads from (a, b) on the plane; null where it is not known.
     * @param {number} a
     * @param {number} b
     * @returns {[number, number]|null}
     */
    landing(a, b) {
      if (!parts?.coming || plane !== state?.surface?.plane_id || parts.step !== state.frame?.step) return null;
      const [da, db] = numbers(parts.update);
      return Number.isFinite(da + db) ? [a + da, b + db] : null;
    },

    /** Arrows from the ball, and the words to them; whether there are any.
     * @param {CanvasRenderingContext2D} ctx
     * @param {{vector: (da: number, db: number) => [number, number]}} stage
     * @param {Float32Array} ball
     * @param {Palette} palette
     * @param {[string, string]} names of the axes
     * @param {boolean} left whether the words stand on the left, out of the ball's way
     */
    draw(ctx, stage, ball, palette, names, left) {
      const shown = parts !== null && plane === state?.surface?.plane_id;
      if (element.hidden === shown) element.hidden = !shown;
      element.classList.toggle("left", left);
      if (!parts || !shown) return false;
      const colours = {gradient: palette.backward, momentum: palette.test, update: palette.text};
      const arrows = /** @type {const} */ (["gradient", "momentum", "update"]).map(name => {
        const pair = parts?.[name];
        const vector = pair ? stage.vector(...numbers(pair)) : null;
        return {name, vector, length: vector ? Math.hypot(...vector) : NaN};
      });
      const longest = Math.max(...arrows.map(({length}) => (length > 0 ? length : 0)));
      const plain_ = parts.rates === null;
      // Momentum by itself is the step: one arrow then.
      const same = plain_ && alike(parts.momentum, parts.update);
      for (const {name, vector, length} of arrows) {
        const row = /** @type {typeof rows[number]} */ (rows.find(one => one.name === name));
        const there =
          vector !== null &&
          length > 0 &&
          !(name === "update" && plain_ && !parts.momentum) &&
          !(name === "momentum" && same);
        row.element.hidden = !there;
        if (!there || !vector) continue;
        // A rule that rescales every parameter leaves steps and gradients of different sizes: each has its own scale
        // then.
        const times = magnification(plain_ ? longest : length);
        drawArrow(ctx, ball[0], ball[1], vector[0] * times, vector[1] * times, palette, colours[name]);
        row.sign.style.background = colours[name];
        const key =
          name === "update"
            ? `surface.part_update${same ? "_momentum" : ""}${parts.coming ? "" : "_last"}`
            : name === "momentum"
              ? `surface.part_momentum${plain_ ? "" : "_hat"}`
              : `surface.part_gradient${plain_ && !parts.momentum ? (parts.coming ? "_step" : "_last") : ""}`;
        setText(row.text, t(key) + (times === 1 ? "" : `  ×${compact(times)}`));
      }
      const {element: line, text} = rows[3];
      line.hidden = parts.rates === null;
      if (parts.rates) {
        const [ra, rb] = numbers(parts.rates);
        setText(text, t("surface.part_rates", {x: names[0], y: names[1], a: plain(ra, 2), b: plain(rb, 2)}));
      }
      return true;
    },

    destroy: () => clearTimeout(timer),
  };
}

/** @param {Pair|null} a @param {Pair|null} b whether they are the same but for rounding */
export function alike(a, b) {
  if (!a || !b) return false;
  return a.every((x, k) => Math.abs((x ?? NaN) - (b[k] ?? NaN)) <= 1e-9 * Math.abs(x ?? NaN));
}

/**
 * Where the coming step lands: an open ring.
 * @param {CanvasRenderingContext2D} ctx
 * @param {Float32Array} from
 * @param {Float32Array} to
 * @param {Palette} palette
 */
export function drawLanding(ctx, from, to, palette) {
  if (!(Math.hypot(to[0] - from[0], to[1] - from[1]) > 7)) return;
  ctx.strokeStyle = palette.text;
  ctx.lineWidth = 1.2 * palette.stroke;
  ctx.setLineDash([2, 3]);
  ctx.beginPath();
  ctx.moveTo(from[0], from[1]);
  ctx.lineTo(to[0], to[1]);
  ctx.stroke();
  ctx.setLineDash([]);
  ctx.beginPath();
  ctx.arc(to[0], to[1], 4.4 * Math.sqrt(palette.stroke), 0, 7);
  ctx.fillStyle = palette.panel;
  ctx.globalAlpha = 0.75;
  ctx.fill();
  ctx.globalAlpha = 1;
  ctx.lineWidth = 1.6 * palette.stroke;
  ctx.stroke();
}
