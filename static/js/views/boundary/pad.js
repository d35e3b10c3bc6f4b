// @ts-check
/**
 * A pad to draw a digit on: what is drawn becomes a picture as those of the data are, and the network answers while it
 * is drawn.
 */

import {h, setText} from "../../draw/dom.js";
import {percent} from "../../draw/format.js";
import {digitOf} from "../../draw/ink.js";
import {palette as readPalette} from "../../draw/plot.js";
import {probed} from "../../model/probe.js";
import {createBars} from "./bars.js";
import {sampleImage} from "../shared/sample_image.js";

/** @typedef {import("../../types").State} State */
/**
 * What has been drawn, in shares of the pad; it outlives the pad.
 * @typedef {{strokes: import("../../draw/ink.js").Stroke[]}} Sketch
 */

/**
 * px of the pad's bitmap, share of it that the pen is wide, that an arrow key moves it, and between two points of a
 * stroke at least.
 */
const SIDE = 300;
const PEN = 0.085;
const STEP = 1 / 24;
const NEAR = 0.006;

/**
 * @param {HTMLElement} root @param {import("../../types").ViewContext} context
 * @param {Sketch} sketch
 */
export function createPad(root, {t, choose}, sketch) {
  const document = root.ownerDocument;
  const canvas = h("canvas", {class: "boundary-ink", width: SIDE, height: SIDE, tabindex: 0, role: "application"});
  const hint = h("p", {class: "boundary-ink-hint"});
  const pad = h("div", {class: "boundary-pad"}, canvas, hint);
  const seen = h("canvas", {class: "boundary-seen", width: 64, height: 64});
  const seenWords = h("span", {class: "boundary-note"});
  const answer = h("p", {class: "boundary-truth"});
  const clear = h("button", {type: "button", class: "boundary-clear", onclick: () => wipe()});
  const column = h("div", {class: "boundary-answer"}, answer);
  const plot = h(
    "div",
    {class: "boundary-samples drawing"},
    pad,
    column,
    h("div", {class: "boundary-steps"}, seen, seenWords, clear),
  );
  const ctx = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  root.append(plot);
  /** @type {State | null} */
  let state = null;
  /**
   * @type {{data: import("../../types").Data, bars: ReturnType<typeof createBars>, image: ReturnType<typeof
   * sampleImage>} | null}
   */
  let scene = null;
  let built = "";
  let pointer = -1;
  let pending = 0;
  let ink = "#000";
  let accent = "#00f";
  /** where the keyboard's pen is, and whether it is down @type {{x: number, y: number, down: boolean} | null} */
  let pen = null;

  /** Draw the strokes, and ask the network about them. */
  function drawn() {
    pending = 0;
    paint();
    const pixels = digitOf(sketch.strokes);
    choose({probe: pixels && {kind: "picture", pixels}});
  }

  function again() {
    if (!pending) pending = requestAnimationFrame(drawn);
  }

  function paint() {
    ctx.clearRect(0, 0, SIDE, SIDE);
    ctx.lineCap = ctx.lineJoin = "round";
    ctx.lineWidth = PEN * SIDE;
    ctx.strokeStyle = ink;
    for (const stroke of sketch.strokes) {
      ctx.beginPath();
      ctx.moveTo(stroke[0] * SIDE, stroke[1] * SIDE);
      for (let k = 2; k < stroke.length; k += 2) ctx.lineTo(stroke[k] * SIDE, stroke[k + 1] * SIDE);
      if (stroke.length === 2) ctx.lineTo(stroke[0] * SIDE, stroke[1] * SIDE);
      ctx.stroke();
    }
    if (pen && document.activeElement === canvas) {
      ctx.beginPath();
      ctx.arc(pen.x * SIDE, pen.y * SIDE, PEN * SIDE * 0.7, 0, 7);
      ctx.lineWidth = 4;
      ctx.strokeStyle = accent;
      ctx.stroke();
    }
    hint.hidden = sketch.strokes.length > 0 || pen !== null;
  }

  function wipe() {
    sketch.strokes = [];
    if (pen) pen.down = false;
    again();
  }

  /** @param {number} x @param {number} y */
  function extend(x, y) {
    const stroke = sketch.strokes[sketch.strokes.length - 1];
    const n = stroke.length;
    if (Math.hypot(x - stroke[n - 2], y - stroke[n - 1]) < NEAR) return;
    stroke.push(x, y);
    again();
  }

  /** @param {PointerEvent} event @returns {[number, number]} */
  function placeOf(event) {
    const box = canvas.getBoundingClientRect();
    const within = (/** @type {number} */ v) => Math.min(1, Math.max(0, v));
    return [within((event.clientX - box.left) / box.width), within((event.clientY - box.top) / box.height)];
  }

  canvas.addEventListener("pointerdown", event => {
    if (event.button !== 0 || pointer >= 0) return;
    pointer = event.pointerId;
    pen = null;
    canvas.setPointerCapture(pointer);
    sketch.strokes.push(placeOf(event));
    again();
  });
  canvas.addEventListener("pointermove", event => {
    if (event.pointerId !== pointer) return;
    for (const each of event.getCoalescedEvents?.().length ? event.getCoalescedEvents() : [event])
      extend(...placeOf(each));
  });
  for (const name of /** @type {const} */ (["pointerup", "pointercancel"]))
    canvas.addEventListener(name, event => {
      if (event.pointerId === pointer) pointer = -1;
    });
  canvas.addEventListener("keydown", event => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const way = {ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1]}[event.key];
    pen ??= {x: 0.5, y: 0.2, down: false};
    if (event.key === " ") {
      pen.down = !pen.down;
      if (pen.down) sketch.strokes.push([pen.x, pen.y]);
    } else if (event.key === "Delete" || event.key === "Backspace") wipe();
    else if (way) {
      pen.x = Math.min(0.95, Math.max(0.05, pen.x + way[0] * STEP));
      pen.y = Math.min(0.95, Math.max(0.05, pen.y + way[1] * STEP));
      if (pen.down && sketch.strokes.length) extend(pen.x, pen.y);
    } else return;
    event.preventDefault();
    event.stopPropagation();
    again();
  });
  for (const name of /** @type {const} */ (["focus", "blur"])) canvas.addEventListener(name, paint);

  /** @param {State} of */
  function build(of) {
    const data = /** @type {import("../../types").Data} */ (of.data);
    const bars = createBars(data.class_names);
    const palette = readPalette(root);
    scene?.bars.element.remove();
    column.append(bars.element);
    [ink, accent] = [palette.text, palette.accent];
    setText(clear, t("boundary.clear"));
    setText(hint, t("boundary.draw_here"));
    setText(seenWords, t("boundary.seen"));
    canvas.setAttribute("aria-label", t("boundary.pad"));
    scene = {data, bars, image: sampleImage(document, data, of.theme)};
    paint();
  }

  /** The network's answer to the drawing. */
  function write() {
    if (!state || !scene) return;
    const {frame, layout} = probed(state);
    const drawing = frame !== null && frame.sample < 0;
    const names = scene.data.class_names;
    clear.disabled = sketch.strokes.length === 0;
    const units = layout?.units[layout.units.length - 1];
    const p =
      drawing && units ? frame.A.subarray(units.offset, units.offset + units.size) : new Float32Array(names.length);
    const best = scene.bars.show(p, -1);
    const brush = /** @type {CanvasRenderingContext2D} */ (seen.getContext("2d"));
    plot.classList.toggle("blank", !drawing);
    setText(
      answer,
      drawing ? t("boundary.drawn", {taken: names[best], share: percent(p[best])}) : t("boundary.not_drawn"),
    );
    scene.image.draw(
      brush,
      -1,
      0,
      0,
      64,
      drawing ? frame.A.subarray(0, scene.data.inputs) : new Float32Array(scene.data.inputs),
    );
  }

  if (sketch.strokes.length) again();
  return {
    /** @param {State} next */
    update(next) {
      state = next;
      if (!next.data?.image || !next.layout) return;
      const key = JSON.stringify([next.theme, next.lang, next.data.class_names]);
      if (key !== built || scene?.data !== next.data) {
        built = key;
        build(next);
      }
      write();
    },
    destroy() {
      cancelAnimationFrame(pending);
      plot.remove();
      choose({probe: null});
    },
  };
}
