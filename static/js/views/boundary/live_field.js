// @ts-check
/** The function over the plane as a live picture: begun anew with every frame, computed in slices of time. */

import {divergingTable} from "../../draw/color.js";
import {h} from "../../draw/dom.js";
import {classPerOutput} from "../../model/classes.js";
import {classTables} from "../shared/neuron_pictures.js";
import {affordable, createField, createToning, lineAt, paintClasses, paintValues} from "./field.js";
import {neuronOf} from "./plane_scene.js";

/** @typedef {import("../../types").State} State */
/** @typedef {import("../../types").Layout} Layout */
/** @typedef {import("../../types").Data} Data */
/** @typedef {import("./plane_scene.js").Neuron} Neuron */

/**
 * ms between two pictures while frames stream in, of computing per animation frame (then and at rest) and per picture
 * (then and at rest), and of rest before the finest one.
 */
const GAP = 48;
const BUDGET = 1.1;
const BUDGET_STILL = 6;
const PICTURE = 4;
const STILL = 400;
const REST = 250;
/** A picture of so many cells along a side needs no finer one. */
const FINE = 100;

/** Everything that follows from layout, data and theme. @param {Layout} layout @param {Data} data
 * @param {import("../../types").Theme} theme */
function sceneOf(layout, data, theme) {
  const table = divergingTable(theme);
  return {
    layout,
    data,
    table,
    field: createField(layout, /** @type {Data & import("../../maths/forward.js").OverPlane} */ (data)),
    sides: affordable(layout, PICTURE),
    finest: affordable(layout, STILL),
    toning: createToning(layout, data),
    classes: classPerOutput(data) ? classTables(table, layout.sizes[layout.sizes.length - 1]) : null,
  };
}

export class LiveField {
  picture = h("canvas");
  ctx = /** @type {CanvasRenderingContext2D} */ (this.picture.getContext("2d"));
  /** Pixels of the picture. @type {ImageData | null} */
  image = null;
  pixels = new Uint32Array(0);
  /** Where the function takes its middle value, see field.js. @type {number[]} */
  line = [];
  tone = {gain: 1, shift: 0, line: 0};
  /** @type {State | null} */
  state = null;
  /** @type {ReturnType<typeof sceneOf> | null} */
  scene = null;
  /** What the finished picture shows: a neuron, or the output. @type {Neuron | null} */
  neuron = null;
  /** Whether a slice is waiting for its turn. */
  pending = false;
  /** Whether the picture is of another frame or neuron, whether one is being computed, and since when. */
  stale = false;
  busy = false;
  began = -Infinity;
  /** Whether frames stream in, and whether the picture is the finest one. */
  fresh = false;
  fine = false;
  timer = 0;

  /** @param {(run: () => void) => void} draw see gate.js @param {() => void} finished there is a new picture */
  constructor(draw, finished) {
    this.draw = draw;
    this.finished = finished;
    document.addEventListener("visibilitychange", this.again);
  }

  /** Cells of the picture along a side; 0 before there is one. */
  get side() {
    return this.scene?.field.side ?? 0;
  }

  /** Begin with another network, other data or another theme. @param {State} state */
  rebuild({layout, data, theme}) {
    if (!layout || !data) return;
    this.scene = sceneOf(layout, data, theme);
    this.image = null;
    this.line = [];
    this.tone = {gain: 1, shift: 0, line: 0};
    this.busy = false;
    this.stale = true;
    this.fresh = false;
  }

  /** @param {State} next */
  update(next) {
    const before = this.state;
    this.state = next;
    if (next.frame && next.frame.P !== before?.frame?.P) {
      this.stale = true;
      this.fresh = next.playing;
    }
    if (!before) return;
    const other = before.view.hover !== next.view.hover;
    if (other && JSON.stringify(neuronOf(next)) !== JSON.stringify(this.neuron)) this.stale = true;
    if (before.view.discretize !== next.view.discretize && !this.busy && this.side) this.paint();
  }

  /** Go on at once, unless a slice is waiting. */
  go() {
    if (!this.pending) this.tick();
  }

  again = () => {
    if (this.pending) return;
    this.pending = true;
    this.draw(() => this.tick());
  };

  tick() {
    const {scene} = this;
    const frame = this.state?.frame;
    this.pending = false;
    if (document.hidden || !frame || !scene || frame.layout !== scene.layout.id) return;
    if (this.stale && !this.busy) this.begin(scene, frame);
    if (this.busy && scene.field.advance(performance.now() + (this.fresh ? BUDGET : BUDGET_STILL))) this.end();
    if (this.stale || this.busy) this.again();
  }

  /** Begin a picture, unless the last one is too young. @param {NonNullable<LiveField["scene"]>} scene
   * @param {import("../../types").Frame} frame */
  begin({field, finest, sides}, frame) {
    const now = performance.now();
    if (now - this.began < (this.fresh ? GAP : 0)) return;
    this.neuron = neuronOf(this.state);
    this.fine = !this.fresh;
    field.begin(frame, this.fine ? finest : sides, this.neuron);
    this.stale = false;
    this.busy = true;
    this.began = now;
  }

  /** Show the picture that is complete. */
  end() {
    this.busy = false;
    this.paint();
    if (!this.fine && !this.stale) this.rest();
  }

  /** Once no frame has come for a while, the finest picture. */
  rest() {
    clearTimeout(this.timer);
    if (!this.scene || this.scene.sides >= FINE) return;
    this.timer = window.setTimeout(() => {
      this.fresh = false;
      this.stale = true;
      this.again();
    }, REST);
  }

  /** Colour the finished grid. */
  paint() {
    const {scene, state, neuron} = this;
    if (!scene || !state) return;
    const {field, table, classes, data} = scene;
    const {side, grids} = field;
    const count = side * side;
    const {discretize} = state.view;
    const image = this.imageOf(side);
    this.tone = scene.toning.of(neuron, grids[0], count);
    if (classes && !neuron) paintClasses(this.pixels, grids, count, classes, discretize);
    else paintValues(this.pixels, grids[0], count, table, this.tone, discretize);
    this.ctx.putImageData(image, 0, 0);
    const lineless = !neuron && (classes !== null || data.kind === "regression");
    this.line = lineless ? [] : lineAt(grids[0], side, this.tone.line);
    this.finished();
  }

  /** Room for the pixels of a picture. @param {number} side @returns {ImageData} */
  imageOf(side) {
    if (this.image?.width === side) return this.image;
    const image = this.ctx.createImageData(side, side);
    this.picture.width = this.picture.height = side;
    this.image = image;
    this.pixels = new Uint32Array(image.data.buffer);
    return image;
  }

  destroy() {
    this.state = null;
    clearTimeout(this.timer);
    document.removeEventListener("visibilitychange", this.again);
  }
}
