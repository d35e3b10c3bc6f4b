// @ts-check
/** A parameter's way so far and its gradient's since it is watched: two small curves over the same steps. */

import {h} from "../../draw/dom.js";
import {compact} from "../../draw/format.js";
import {stepsWords} from "../shared/spans.js";

/** @typedef {{steps: number[], values: number[]}} Series */

const WIDTH = 200;
const HEIGHT = 40;
/** Room for the ends' numbers on the right. */
const LABELS = 40;

/**
 * @param {{t: (key: string, params?: Record<string, string | number>) => string}} context
 * @param {string} name of the words and of the colour
 */
export function createSparkline({t}, name) {
  const canvas = h("canvas", {class: "inspector-spark", dataset: {flow: name}, "aria-hidden": "true"});
  const ctx = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  const title = h("figcaption", {});
  const high = h("span", {});
  const low = h("span", {});
  const element = h(
    "figure",
    {class: "inspector-history"},
    title,
    canvas,
    h("div", {class: "inspector-ends"}, high, low),
  );
  let drawn = "";
  let rested = -Infinity;
  let wide = WIDTH;
  new ResizeObserver(([entry]) => {
    wide = entry.contentRect.width || WIDTH;
    drawn = "";
  }).observe(canvas);

  return {
    element,
    /**
     * @param {Series} series
     * @param {import("../../draw/plot.js").Palette} palette
     * @param {string} colour
     * @param {boolean} [now]
     */
    update(series, palette, colour, now = false) {
      const {steps, values} = series;
      const count = steps.length;
      const key = `${wide} ${count} ${steps[count - 1]} ${values[count - 1]} ${colour} ${devicePixelRatio}`;
      if (key === drawn || (!now && performance.now() - rested < 100)) return;
      drawn = key;
      rested = performance.now();
      draw(ctx, series, palette, colour, wide);
      const finite = values.filter(Number.isFinite);
      const [top, bottom] = [Math.max(...finite), Math.min(...finite)];
      title.textContent = t(`inspector.history_${name}`, {steps: stepsWords(steps[0] ?? 0, steps[count - 1] ?? 0, t)});
      high.textContent = finite.length ? compact(+top.toPrecision(3)) : "";
      low.textContent = finite.length && bottom !== top ? compact(+bottom.toPrecision(3)) : "";
    },
    clear() {
      drawn = "";
      rested = -Infinity;
    },
  };
}

/**
 * @param {CanvasRenderingContext2D} ctx
 * @param {Series} series
 * @param {import("../../draw/plot.js").Palette} palette
 * @param {string} colour
 * @param {number} wide CSS pixels
 */
function draw(ctx, {steps, values}, palette, colour, wide) {
  const {canvas} = ctx;
  const ratio = Math.min(3, devicePixelRatio || 1);
  const across = Math.round(wide * ratio);
  const down = Math.round(HEIGHT * ratio);
  if (canvas.width !== across || canvas.height !== down) Object.assign(canvas, {width: across, height: down});
  ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
  ctx.clearRect(0, 0, wide, HEIGHT);
  const finite = values.filter(Number.isFinite);
  const count = steps.length;
  if (!finite.length) return;
  let low = Math.min(...finite);
  let high = Math.max(...finite);
  if (high - low < 1e-9 * Math.max(Math.abs(low), Math.abs(high), 1e-300))
    [low, high] = [low - Math.abs(low || 1), high + Math.abs(high || 1)];
  const first = steps[0];
  const span = Math.max(1, steps[count - 1] - first);
  const x = (/** @type {number} */ step) => 3 + ((step - first) / span) * (wide - 10 - LABELS);
  const y = (/** @type {number} */ value) => 4 + ((high - value) / (high - low)) * (HEIGHT - 8);
  if (low < 0 && high > 0) {
    ctx.strokeStyle = palette.line;
    ctx.lineWidth = 1;
    ctx.beginPath();
    ctx.moveTo(0, y(0));
    ctx.lineTo(wide - LABELS, y(0));
    ctx.stroke();
  }
  ctx.strokeStyle = ctx.fillStyle = colour;
  ctx.lineWidth = 1.4 * palette.stroke;
  ctx.lineJoin = "round";
  ctx.beginPath();
  let pen = false;
  for (let k = 0; k < count; k++) {
    if (!Number.isFinite(values[k])) pen = false;
    else if (pen) ctx.lineTo(x(steps[k]), y(values[k]));
    else {
      ctx.moveTo(x(steps[k]), y(values[k]));
      pen = true;
    }
  }
  ctx.stroke();
  const last = values[count - 1];
  if (!Number.isFinite(last)) return;
  ctx.beginPath();
  ctx.arc(x(steps[count - 1]), y(last), 2.6 * palette.stroke, 0, 7);
  ctx.fill();
}
