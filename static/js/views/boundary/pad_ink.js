// @ts-check
/** Ink on the pad: strokes drawn with the mouse, a finger, or a pen that the arrow keys move. */

import {h} from "../../draw/dom.js";

/**
 * What has been drawn, in shares of the pad; it outlives the pad.
 * @typedef {{strokes: import("../../draw/ink.js").Stroke[]}} Sketch
 */

/**
 * px of the pad's bitmap, share of it that the pen is wide, that an arrow key moves it, and between two points of a
 * stroke at least; how near to the border the keyboard's pen may come.
 */
const SIDE = 300;
const PEN = 0.085;
const STEP = 1 / 24;
const NEAR = 0.006;
const BORDER = 0.05;

export class Ink {
  canvas = h("canvas", {
    class: "boundary-ink",
    width: SIDE,
    height: SIDE,
    tabindex: 0,
    role: "application",
  });
  colours = {ink: "#000", accent: "#00f"};
  /** The pointer that draws, −1 for none. */
  pointer = -1;
  /** Where the keyboard's pen is, and whether it is down. @type {{x: number, y: number, down: boolean} | null} */
  pen = null;

  /** @param {Sketch} sketch @param {HTMLElement} hint shown while there is nothing @param {() => void} changed */
  constructor(sketch, hint, changed) {
    const {canvas} = this;
    this.sketch = sketch;
    this.hint = hint;
    this.changed = changed;
    this.ctx = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
    canvas.addEventListener("pointerdown", event => this.down(event));
    canvas.addEventListener("pointermove", event => this.move(event));
    canvas.addEventListener("pointerup", event => this.up(event));
    canvas.addEventListener("pointercancel", event => this.up(event));
    canvas.addEventListener("keydown", event => this.key(event));
    canvas.addEventListener("focus", () => this.paint());
    canvas.addEventListener("blur", () => this.paint());
  }

  paint() {
    const {ctx, sketch, pen, canvas} = this;
    ctx.clearRect(0, 0, SIDE, SIDE);
    ctx.lineCap = ctx.lineJoin = "round";
    ctx.lineWidth = PEN * SIDE;
    ctx.strokeStyle = this.colours.ink;
    for (const stroke of sketch.strokes) drawStroke(ctx, stroke);
    if (pen && canvas.ownerDocument.activeElement === canvas) {
      ctx.beginPath();
      ctx.arc(pen.x * SIDE, pen.y * SIDE, PEN * SIDE * 0.7, 0, 7);
      ctx.lineWidth = 4;
      ctx.strokeStyle = this.colours.accent;
      ctx.stroke();
    }
    this.hint.hidden = sketch.strokes.length > 0 || pen !== null;
  }

  wipe() {
    this.sketch.strokes = [];
    if (this.pen) this.pen.down = false;
    this.changed();
  }

  /** Go on with the last stroke. @param {number} x @param {number} y */
  extend(x, y) {
    const stroke = this.sketch.strokes[this.sketch.strokes.length - 1];
    const n = stroke.length;
    if (Math.hypot(x - stroke[n - 2], y - stroke[n - 1]) < NEAR) return;
    stroke.push(x, y);
    this.changed();
  }

  /** @param {PointerEvent} event @returns {[number, number]} */
  place(event) {
    const box = this.canvas.getBoundingClientRect();
    return [within((event.clientX - box.left) / box.width), within((event.clientY - box.top) / box.height)];
  }

  /** @param {PointerEvent} event */
  down(event) {
    if (event.button !== 0 || this.pointer >= 0) return;
    this.pointer = event.pointerId;
    this.pen = null;
    this.canvas.setPointerCapture(event.pointerId);
    this.sketch.strokes.push(this.place(event));
    this.changed();
  }

  /** @param {PointerEvent} event */
  move(event) {
    if (event.pointerId !== this.pointer) return;
    const between = event.getCoalescedEvents?.() ?? [];
    for (const each of between.length ? between : [event]) this.extend(...this.place(each));
  }

  /** @param {PointerEvent} event */
  up(event) {
    if (event.pointerId === this.pointer) this.pointer = -1;
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const way = {ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1]}[event.key];
    this.pen ??= {x: 0.5, y: 0.2, down: false};
    if (event.key === " ") this.lift(this.pen);
    else if (event.key === "Delete" || event.key === "Backspace") this.wipe();
    else if (way) this.walk(this.pen, way[0] * STEP, way[1] * STEP);
    else return;
    event.preventDefault();
    event.stopPropagation();
    this.changed();
  }

  /** Put the pen down, or lift it. @param {{x: number, y: number, down: boolean}} pen */
  lift(pen) {
    pen.down = !pen.down;
    if (pen.down) this.sketch.strokes.push([pen.x, pen.y]);
  }

  /** @param {{x: number, y: number, down: boolean}} pen @param {number} dx @param {number} dy */
  walk(pen, dx, dy) {
    pen.x = within(pen.x + dx, BORDER);
    pen.y = within(pen.y + dy, BORDER);
    if (pen.down && this.sketch.strokes.length) this.extend(pen.x, pen.y);
  }
}

/** A share of the pad, kept away from its border. @param {number} share @param {number} [border] */
const within = (share, border = 0) => Math.min(1 - border, Math.max(border, share));

/** @param {CanvasRenderingContext2D} ctx @param {import("../../draw/ink.js").Stroke} stroke */
function drawStroke(ctx, stroke) {
  ctx.beginPath();
  ctx.moveTo(stroke[0] * SIDE, stroke[1] * SIDE);
  for (let k = 2; k < stroke.length; k += 2) ctx.lineTo(stroke[k] * SIDE, stroke[k + 1] * SIDE);
  if (stroke.length === 2) ctx.lineTo(stroke[0] * SIDE, stroke[1] * SIDE);
  ctx.stroke();
}
