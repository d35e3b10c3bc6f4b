// @ts-check
/**
 * The network's output over the input plane with the samples on it; a neuron's own map while the pointer is on that
 * neuron.
 */

import {h, setText} from "../../draw/dom.js";
import {explain} from "../../draw/explain.js";
import {palette as readPalette, sheetsOf} from "../../draw/plot.js";
import {isPlane} from "../../maths/forward.js";
import {Seeker} from "../../model/seeker.js";
import {keyCursor} from "../shared/key_cursor.js";
import {LiveField} from "./live_field.js";
import {Painter} from "./painter.js";
import {PlaneLegend} from "./plane_legend.js";
import {drawAxes, drawField} from "./plane_painting.js";
import {beside, isOver, readingAt, scalesOf, squareOf, startOf, targetOf} from "./plane_scene.js";
import {drawSamples, sampleAt} from "./points.js";
import {Probe, probeAt} from "./probe.js";

/** @typedef {import("../../types").State} State */
/** @typedef {import("../../types").ViewContext} ViewContext */

export class Plane {
  /** @type {State | null} */
  state = null;
  /** @type {import("../../draw/plot.js").Palette | null} */
  palette = null;
  /** What the field was built for, and what the samples were drawn for. */
  built = "";
  drawn = "";
  /** Samples to bring out, as they came and as a set. @type {number[] | null} */
  asked = null;
  /** @type {Set<number> | null} */
  chosen = null;
  /** Where the pointer is on the stage. @type {[number, number] | null} */
  pointer = null;

  stage = h("div", {class: "boundary-stage"});
  readout = h("output", {class: "boundary-readout"});
  mark = h("button", {type: "button", class: "boundary-mark", onclick: () => this.toggleProbe()});
  test = this.toggle("show_test");
  discrete = this.toggle("discretize");

  /** @param {HTMLElement} root @param {ViewContext} context */
  constructor(root, context) {
    const {stage, test, discrete, mark, readout} = this;
    this.root = root;
    this.context = context;
    this.seeker = new Seeker(row => context.act("sample", {row}));
    this.legend = new PlaneLegend(context.t);
    const toggles = h("div", {class: "boundary-toggles"}, test.row, discrete.row);
    this.buttons = h("div", {class: "boundary-buttons"}, mark);
    const side = [this.legend.caption, this.legend.element, toggles, this.buttons, readout];
    this.side = h("div", {class: "boundary-side"}, ...side);
    this.plot = h("div", {class: "boundary-plane"}, stage, this.side);
    root.append(this.plot);
    const {sheets, destroy} = sheetsOf(stage, 2, () => this.resized());
    this.fieldSheet = sheets[0];
    this.pointSheet = sheets[1];
    this.removeSheets = destroy;
    this.live = new LiveField(context.draw, () => this.fieldCame());
    this.probe = new Probe(stage, context, {
      scales: () => this.scales(),
      sampleAt: (px, py) => this.sampleUnder([px, py]),
      said: () => {
        this.read();
        return this.readout.textContent ?? "";
      },
      start: () => startOf(this.live.scene?.data ?? null, this.state?.frame?.sample ?? 0),
      taken: () => this.painter.on,
    });
    this.painter = new Painter(stage, context, {
      scales: () => this.scales(),
      sampleAt: (px, py) => this.sampleUnder([px, py]),
      probe: () => probeAt(this.state),
      call: () => this.probe.call(),
      repaint: () => this.drawPoints(),
    });
    this.buttons.append(this.painter.button);
    this.buttons.after(this.painter.tools);
    this.listen();
  }

  /** @param {"show_test" | "discretize"} name */
  toggle(name) {
    const input = h("input", {type: "checkbox", onchange: () => this.context.choose({[name]: input.checked})});
    const words = h("span");
    return {input, words, row: h("label", {class: "check"}, input, words)};
  }

  listen() {
    const {stage} = this;
    stage.addEventListener("pointermove", event => {
      this.pointer = this.placeOf(event);
      stage.style.cursor = this.sampleUnder(this.pointer) >= 0 ? "pointer" : "crosshair";
      this.read();
    });
    stage.addEventListener("pointerleave", () => {
      this.pointer = null;
      this.read();
    });
    stage.addEventListener("click", event => this.click(event));
    keyCursor(stage, "output", this.context, {
      move: (dx, dy) => this.walk(dx || -dy),
      said: () => this.aimed,
      leave: () => {},
      keys: {Enter: () => this.probe.call()},
    });
  }

  // What has come

  /** @param {State} next @param {number[] | null} [rows] samples to bring out */
  update(next, rows = null) {
    const before = this.state;
    const {live, probe} = this;
    this.state = next;
    if (next.frame) this.seeker.seen(next.frame.seq);
    if (!next.layout || !next.data?.domain) return;
    this.rebuild(next);
    if (before?.lang !== next.lang) this.words(next);
    live.update(next);
    this.bringOut(next, rows);
    probe.update(next);
    this.painter.update(next);
    this.writeControls(next);
    if (this.pointer || this.readout.textContent || probeAt(next)) this.read();
    live.go();
  }

  /** Begin anew with another network, other data or another theme. @param {State} next */
  rebuild(next) {
    const {live} = this;
    const key = JSON.stringify([next.layout, next.theme]);
    if (key === this.built && live.scene?.data === next.data) return;
    this.built = key;
    this.drawn = "";
    this.palette = readPalette(this.root);
    this.legend.shown = "";
    live.rebuild(next);
  }

  /** Draw the samples, where others are shown, chosen or to be brought out. @param {State} next
   * @param {number[] | null} rows */
  bringOut(next, rows) {
    const key = JSON.stringify([next.view.show_test, next.frame?.sample, next.view.probe !== null, targetOf(next)]);
    if (key === this.drawn && rows === this.asked) return;
    this.drawn = key;
    this.asked = rows;
    this.chosen = rows && new Set(rows);
    this.drawPoints();
  }

  /** @param {State} state */
  writeControls(state) {
    const {view, data, frame} = state;
    const {test, discrete, mark, context} = this;
    const {t} = context;
    const probing = probeAt(state) !== null;
    test.input.checked = view.show_test;
    discrete.input.checked = view.discretize;
    test.input.disabled = data?.train === data?.n;
    mark.classList.toggle("probing", probing);
    setText(mark, probing ? t("boundary.back_to_sample", {n: (frame?.sample ?? 0) + 1}) : t("boundary.probe"));
    explain(mark, t("boundary.probe_title"));
  }

  /** @param {State} state */
  words(state) {
    const {t} = this.context;
    this.legend.write(this.live, state);
    setText(this.test.words, t("boundary.show_test"));
    setText(this.discrete.words, t("boundary.discretize"));
    this.stage.setAttribute("aria-label", t("boundary.plane"));
  }

  fieldCame() {
    this.drawField();
    if (this.state) this.legend.write(this.live, this.state);
  }

  // Painting

  resized() {
    this.drawn = "";
    this.drawField();
    this.drawPoints();
  }

  square() {
    return squareOf(this.fieldSheet, this.palette?.small ?? 11.5);
  }

  scales() {
    const data = this.live.scene?.data;
    return data ? scalesOf(this.square(), data) : null;
  }

  drawField() {
    const {fieldSheet, live, palette} = this;
    if (palette && fieldSheet.width && live.side) drawField(fieldSheet, live, this.square(), palette);
  }

  /** Axes and samples, over the field: they stay while it changes. */
  drawPoints() {
    const {pointSheet, live, state, palette, chosen} = this;
    if (!live.scene || !palette || !state?.data || !pointSheet.width) return;
    const square = this.square();
    const to = scalesOf(square, live.scene.data);
    pointSheet.ctx.clearRect(0, 0, pointSheet.width, pointSheet.height);
    drawAxes(pointSheet.ctx, square, to, live.scene.data, palette);
    drawSamples(pointSheet.ctx, state, to, square.side, palette, chosen, this.painter.ahead);
    this.probe.place();
  }

  /** The function at the pointer, or else at the probe, in numbers. */
  read() {
    const {readout, live, state, pointer, probe} = this;
    const {layout, data} = live.scene ?? {};
    const frame = state?.frame;
    if (!layout || !data || !frame || frame.layout !== layout.id || !isPlane(data)) {
      setText(readout, "");
      return;
    }
    const square = this.square();
    const point = probeAt(state);
    const over = pointer && !probe.held() && isOver(square, pointer) ? pointer : null;
    const place = over ? scalesOf(square, data).value(...over) : point;
    readout.classList.toggle("probing", !over && point !== null);
    setText(readout, place ? readingAt(layout, data, frame, live.neuron, place) : "");
  }

  // What a hand does

  /** @param {MouseEvent} event @returns {[number, number]} px of the stage */
  placeOf(event) {
    const box = this.stage.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  }

  /** The sample nearest to a place of the stage. @param {[number, number]} place @returns {number} −1 for none */
  sampleUnder([px, py]) {
    const to = this.scales();
    return to && this.state?.data ? sampleAt(this.state, to, px, py, this.chosen) : -1;
  }

  toggleProbe() {
    if (probeAt(this.state)) this.context.choose({probe: null});
    else this.probe.call();
  }

  /** @param {MouseEvent} event */
  click(event) {
    if (this.painter.on || this.probe.takes(event)) return;
    const row = this.sampleUnder(this.placeOf(event));
    if (row >= 0) this.show(row);
  }

  /** The keys go to the sample beside. @param {number} way @returns {boolean} */
  walk(way) {
    const count = this.count();
    if (!count) return false;
    this.show(beside(this.seeker.aim ?? this.state?.frame?.sample ?? 0, way, count));
    return true;
  }

  /** The sample that is shown, or is on its way, in words. */
  get aimed() {
    const row = this.seeker.aim ?? this.state?.frame?.sample ?? 0;
    const test = row >= (this.state?.data?.train ?? 0);
    return this.context.t(test ? "boundary.test_sample" : "boundary.train_sample", {n: row + 1});
  }

  /** How many samples are shown. */
  count() {
    const data = this.live.scene?.data;
    return (this.state?.view.show_test ? data?.n : data?.train) ?? 0;
  }

  /** @param {number} row */
  show(row) {
    this.context.choose({probe: null});
    this.seeker.to(row);
  }

  destroy() {
    this.state = null;
    this.live.destroy();
    this.removeSheets();
    this.plot.remove();
  }
}
