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
import {describeKeys} from "../shared/key_cursor.js";
import {sampleImage} from "../shared/sample_image.js";
import {Bars} from "./bars.js";
import {Ink} from "./pad_ink.js";

/** @typedef {import("../../types").State} State */
/** @typedef {import("../../types").Data} Data */
/** @typedef {import("./pad_ink.js").Sketch} Sketch */
/** What follows from data, theme and language.
 * @typedef {{data: Data, bars: Bars, image: ReturnType<typeof sampleImage>}} Scene */

/** px of the picture that the network sees. */
const SEEN = 64;

export class Pad {
  /** @type {State | null} */
  state = null;
  /** @type {Scene | null} */
  scene = null;
  built = "";
  /** The animation frame that is waited for. */
  pending = 0;

  hint = h("p", {class: "boundary-ink-hint"});
  seen = h("canvas", {class: "boundary-seen", width: SEEN, height: SEEN, "aria-hidden": "true"});
  seenWords = h("span", {class: "boundary-note"});
  answer = h("p", {class: "boundary-truth"});
  clear = h("button", {type: "button", class: "boundary-clear", onclick: () => this.ink.wipe()});
  column = h("div", {class: "boundary-answer"}, this.answer);

  /** @param {HTMLElement} root @param {import("../../types").ViewContext} context @param {Sketch} sketch */
  constructor(root, {t, choose}, sketch) {
    this.root = root;
    this.t = t;
    this.choose = choose;
    this.ink = new Ink(sketch, this.hint, () => this.again());
    describeKeys(this.ink.canvas, "pad", t);
    this.plot = h(
      "div",
      {class: "boundary-samples drawing"},
      h("div", {class: "boundary-pad"}, this.ink.canvas, this.hint),
      this.column,
      h("div", {class: "boundary-steps"}, this.seen, this.seenWords, this.clear),
    );
    root.append(this.plot);
    if (sketch.strokes.length) this.again();
  }

  again() {
    this.pending ||= requestAnimationFrame(() => this.ask());
  }

  /** Show the strokes, and ask the network about them. */
  ask() {
    this.pending = 0;
    this.ink.paint();
    const pixels = digitOf(this.ink.sketch.strokes);
    this.choose({probe: pixels && {kind: "picture", pixels}});
  }

  /** @param {State} next */
  update(next) {
    const {data, layout, theme, lang} = next;
    this.state = next;
    if (!data?.image || !layout) return;
    const key = JSON.stringify([theme, lang, data.class_names]);
    if (key !== this.built || this.scene?.data !== data) {
      this.built = key;
      this.build(data, theme);
    }
    this.write();
  }

  /** @param {Data} data @param {import("../../types").Theme} theme */
  build(data, theme) {
    const {t, root, ink} = this;
    const bars = new Bars(data.class_names, this.t("boundary.bars"));
    const palette = readPalette(root);
    this.scene?.bars.element.remove();
    this.column.append(bars.element);
    setText(this.clear, t("boundary.clear"));
    setText(this.hint, t("boundary.draw_here"));
    setText(this.seenWords, t("boundary.seen"));
    ink.canvas.setAttribute("aria-label", t("boundary.pad"));
    this.scene = {data, bars, image: sampleImage(root.ownerDocument, data, theme)};
    ink.colours = {ink: palette.text, accent: palette.accent};
    ink.paint();
  }

  /** The network's answer to the drawing. */
  write() {
    const {state, scene, t} = this;
    if (!state || !scene) return;
    const {data, bars, image} = scene;
    const {frame, layout} = probed(state);
    const drawing = frame !== null && frame.sample < 0;
    const units = layout?.units.at(-1);
    const p =
      drawing && units
        ? frame.A.subarray(units.offset, units.offset + units.size)
        : new Float32Array(data.class_names.length);
    const best = bars.show(p, -1);
    const said = {taken: data.class_names[best], share: percent(p[best])};
    const pixels = drawing ? frame.A.subarray(0, data.inputs) : new Float32Array(data.inputs);
    const brush = /** @type {CanvasRenderingContext2D} */ (this.seen.getContext("2d"));
    this.clear.disabled = this.ink.sketch.strokes.length === 0;
    this.plot.classList.toggle("blank", !drawing);
    setText(this.answer, drawing ? t("boundary.drawn", said) : t("boundary.not_drawn"));
    image.draw(brush, -1, 0, 0, SEEN, pixels);
  }

  destroy() {
    cancelAnimationFrame(this.pending);
    this.plot.remove();
    this.choose({probe: null});
  }
}
