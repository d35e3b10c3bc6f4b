// @ts-check
/** The box around the surface in space: floor and walls behind it, numbers and names along its edges. */

import {tickWords} from "../../draw/format.js";
import {logTicks, ticks} from "../../draw/plot.js";
import {HOME, project, projectionOf, TALL} from "./camera.js";
import {heightOf} from "./field.js";

/** @typedef {import("./camera.js").Projection} Projection */
/** @typedef {import("./stage.js").Scenery} Scenery */
/** @typedef {import("../../draw/plot.js").Palette} Palette */
/** @typedef {import("../../draw/plot.js").Sheet} Sheet */

/**
 * The plane alone, before anything is known about it.
 * @param {Sheet} sheet
 * @param {Palette} palette
 */
export function paintPlane({ctx, width, height}, palette) {
  const projection = projectionOf(HOME, width, height, {left: 12, right: 12, top: 0, bottom: 0});
  const cells = 10;
  ctx.clearRect(0, 0, width, height);
  ctx.beginPath();
  for (let k = 0; k <= cells; k++) {
    const s = (2 * k) / cells - 1;
    for (const [from, to] of [
      [
        [s, -1, 0],
        [s, 1, 0],
      ],
      [
        [-1, s, 0],
        [1, s, 0],
      ],
    ]) {
      const [x0, y0] = corner(projection, from[0], from[1], 0);
      const [x1, y1] = corner(projection, to[0], to[1], 0);
      ctx.moveTo(x0, y0);
      ctx.lineTo(x1, y1);
    }
  }
  ctx.strokeStyle = palette.grid;
  ctx.lineWidth = palette.stroke;
  ctx.stroke();
}

/**
 * Screen place of a corner of the box.
 * @param {Projection} projection
 * @param {number} x
 * @param {number} y
 * @param {number} z
 * @returns {number[]}
 */
function corner(projection, x, y, z) {
  const out = new Float32Array(3);
  project(projection, x, y, z, out, 0);
  return [...out];
}

/** Floor and the two walls behind, with a line at each tick of the loss.
 * @param {CanvasRenderingContext2D} ctx @param {Projection} projection @param {Scenery} scenery */
export function drawBox(ctx, projection, {palette, scale}) {
  const backX = projection.sin > 0 ? 1 : -1;
  const backY = projection.cos > 0 ? 1 : -1;
  const line = (/** @type {number[][]} */ ...places) =>
    places.forEach(([x, y, z], i) => {
      const [px, py] = corner(projection, x, y, z);
      if (i) ctx.lineTo(px, py);
      else ctx.moveTo(px, py);
    });
  ctx.beginPath();
  line([-1, -1, 0], [1, -1, 0], [1, 1, 0], [-1, 1, 0], [-1, -1, 0]);
  ctx.fillStyle = palette["panel-2"];
  ctx.fill();
  for (const tick of lossTicks(scale)) {
    const z = heightOf(scale, tick) * TALL;
    line([-backX, backY, z], [backX, backY, z], [backX, -backY, z]);
  }
  line([backX, backY, 0], [backX, backY, TALL]);
  line([-backX, backY, 0], [-backX, backY, TALL]);
  line([backX, -backY, 0], [backX, -backY, TALL]);
  ctx.strokeStyle = palette.grid;
  ctx.lineWidth = palette.stroke;
  ctx.stroke();
}

/** @param {import("./field.js").Scale} scale */
export function lossTicks({low, high, log, shift}) {
  return (log && shift === 0 ? logTicks(low, high, 4) : ticks(low, high, 4)).filter(
    tick => tick >= low && tick <= high,
  );
}

/**
 * Names and numbers along the front edges and the outermost upright; a number that would lie on another word is left
 * out.
 * @param {Sheet} sheet @param {Projection} projection @param {Scenery} scenery */
export function drawAxes({ctx, width, height}, projection, {palette, scale, field, names}) {
  const backX = projection.sin > 0 ? 1 : -1;
  const backY = projection.cos > 0 ? 1 : -1;
  const upright =
    corner(projection, -backX, backY, 0)[0] < corner(projection, backX, -backY, 0)[0]
      ? [-backX, backY]
      : [backX, -backY];
  ctx.font = `${palette.tiny}px ${palette.font}`;
  ctx.textBaseline = "middle";
  const write = writer(ctx, palette.tiny, width, height);
  const edges = [
    edge(ctx, projection, [0, -backY], palette, field.alpha),
    edge(ctx, projection, [-backX, 0], palette, field.beta),
  ];
  ctx.fillStyle = palette.text;
  edges.forEach(({name}, k) => name(names[k], write));
  ctx.fillStyle = palette.muted;
  const heights = lossTicks(scale);
  tickWords(heights).forEach((text, k) => {
    const [x, y] = corner(projection, upright[0], upright[1], heightOf(scale, heights[k]) * TALL);
    write(text, x - 5, y, -1);
  });
  for (const {numbers} of edges) numbers(write);
}

/**
 * @typedef {(text: string, x: number, y: number, side: number) => void} Write words at a place: they end there (−1),
 * lie around it (0), begin there (1)
 */

/** Writes what does not touch what was written before, whole on the sheet.
 * @param {CanvasRenderingContext2D} ctx
 * @param {number} size of the letters, in pixels
 * @param {number} width
 * @param {number} height
 * @returns {Write}
 */
function writer(ctx, size, width, height) {
  /** @type {number[][]} */ const taken = [];
  return (text, x, down, side) => {
    const wide = ctx.measureText(text).width;
    const y = Math.min(down, height - size * 0.6);
    const left = Math.max(2, Math.min(width - wide - 2, side > 0 ? x : side < 0 ? x - wide : x - wide / 2));
    if (taken.some(([l, r, at]) => left < r + 3 && left + wide > l - 3 && Math.abs(y - at) < size)) return;
    taken.push([left, left + wide, y]);
    ctx.textAlign = "left";
    ctx.fillText(text, left, y);
  };
}

/**
 * @param {CanvasRenderingContext2D} ctx
 * @param {Projection} projection
 * @param {number[]} front which edge: 0 for the axis along it
 * @param {Palette} palette @param {[number, number]} range */
function edge(ctx, projection, front, palette, [low, high]) {
  const alongX = front[0] === 0;
  const values = ticks(low, high, 4);
  const texts = tickWords(values);
  const gap = 4 + palette.small * 0.55;
  const place = (/** @type {number} */ s) =>
    alongX ? corner(projection, s, front[1], 0) : corner(projection, front[0], s, 0);
  const aside = place(0)[0] - corner(projection, 0, 0, 0)[0];
  const side = Math.abs(aside) < 4 ? 0 : Math.sign(aside);
  const at = (/** @type {number} */ value) => (2 * (value - low)) / (high - low) - 1;
  const middle = values.length ? values[values.length >> 1] : (low + high) / 2;
  const wide = Math.max(0, ...texts.map(text => ctx.measureText(text).width));
  return {
    /** Beyond the numbers, in the middle. @param {string} text @param {Write} write */
    name(text, write) {
      const [x, y] = place(at(middle));
      write(text, x + side * (wide + 9), y + (side ? gap * 0.75 + palette.small * 0.5 : gap + palette.small), side);
    },
    /** @param {Write} write */
    numbers(write) {
      values.forEach((value, k) => {
        const [x, y] = place(at(value));
        write(texts[k], x + side * 3, y + gap * (side ? 0.75 : 1), side);
      });
    },
  };
}
