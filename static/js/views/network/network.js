// @ts-check
/**
 * The network diagram: neurons as live pictures, weights as curves, what flows as pulses, the architecture edited in
 * place.
 */

import {hide, setText} from "../../draw/dom.js";
import {compact} from "../../draw/format.js";
import {palette as readPalette} from "../../draw/plot.js";
import {magnified} from "../../model/magnified.js";
import {probed} from "../../model/probe.js";
import {Card} from "./card.js";
import {FeatureRow} from "./features.js";
import {Gaze} from "./gaze.js";
import {Header} from "./header.js";
import {healthOf} from "./health.js";
import {createHint} from "./hint.js";
import {listen} from "./input.js";
import {arrange} from "./layout.js";
import {LossNode} from "./loss.js";
import {arrangeMatrices} from "./matrices_layout.js";
import {frameTime, Painter} from "./painter.js";
import {assemble, createParts} from "./parts.js";
import {planOf, roomOf, shownLayer} from "./plan.js";
import {ColumnsScene, lookOf, MatricesScene} from "./scene.js";
import {frameOf} from "./window.js";
import {waitingWords, writeWords} from "./words.js";

/** @typedef {import("../../types").State} State */
/** @typedef {import("./scene.js").Ready} Ready */

/** Size of small type, in px, at which the diagram has its usual measures; width below which the panel is narrow. */
const USUAL_TYPE = 11.5;
const NARROW = 430;
/** The drawing is at least so high, and has about so much above it before that has been measured, in px. */
const LOWEST = 90;
const USUAL_HEAD = 60;

/** The panel with what it shows. */
export class Diagram {
  /** @param {HTMLElement} root @param {import("../../types").ViewContext} context */
  constructor(root, context) {
    this.root = root;
    this.context = context;
    this.still = matchMedia("(prefers-reduced-motion: reduce)");
    this.coarse = matchMedia("(pointer: coarse)");
    this.parts = createParts({toggleForm: () => this.toggleForm(), close: () => this.open(0)});
    this.header = new Header(context, layer => {
      if (this.scene?.part) this.open(layer);
    });
    this.features = new FeatureRow(context);
    this.hint = createHint(root, context);
    this.card = new Card(context);
    this.loss = new LossNode(context);
    assemble(root, this.parts, this.header, this.features.element, this.hint.element);
    this.painter = new Painter(this);
    this.gaze = new Gaze(this);
    this.parts.stage.append(this.loss.element, this.card.element);
    /** @type {State | null} */
    this.state = null;
    /** everything that follows from layout, data, room and theme @type {import("./scene.js").Scene | null} */
    this.scene = null;
    /** what the scene was built for */
    this.built = "";
    /** px of the panel */
    this.room = {width: 0, height: 0};
    /** the layer that is opened out of the matrices, 0 for none */
    this.opened = 0;
    /** @type {import("./plan.js").Form} */
    this.form = null;
  }

  /** @param {State} given */
  update(given) {
    const next = magnified(probed(given));
    const before = this.state;
    const now = frameTime();
    this.state = next;
    this.showWaiting(next);
    this.arrange();
    this.header.update(next);
    this.features.update(next);
    this.hint.update(next, Boolean(this.scene?.matrices));
    this.takeFrame(next, before, now);
    if (next.connection !== "open") this.gaze.forget();
    this.keepRhythm(next, now);
    if (before) this.takeMarks(next, before);
    this.takeFocus(next, before);
    if (this.painter.rhythm.runs(now) || next.view.focus) this.painter.pulsing = true;
    this.painter.tickOnce(now);
  }

  /** @param {State} next */
  showWaiting(next) {
    const {waiting} = this.parts;
    hide(waiting, Boolean(next.layout && next.data && frameOf(next)));
    setText(waiting, waiting.hidden ? "" : waitingWords(next, this.context.t));
    this.root.classList.toggle("empty", !next.layout || !next.data);
  }

  /** @param {State} next @param {State | null} before @param {number} now */
  takeFrame(next, before, now) {
    const {painter} = this;
    const frame = frameOf(next);
    const old = frameOf(before);
    if (!frame || frame === old) return;
    if (frame.P === painter.P && frame.P === old?.P) {
      painter.stale.nodes = true;
      this.mapsPainted();
      return;
    }
    painter.take(frame.P);
    if (old && !next.playing && !next.view.filming && frame.step === old.step + 1) painter.rhythm.once(now);
  }

  /** @param {State} next @param {number} now */
  keepRhythm(next, now) {
    const {rhythm} = this.painter;
    rhythm.keep(next.playing && next.connection === "open" && next.status.kind === "running", now);
    if (!frameOf(next)) rhythm.stop();
  }

  /** What is looked at and marked. @param {State} next @param {State} before */
  takeMarks(next, before) {
    const {stale} = this.painter;
    if (before.view.hover !== next.view.hover || before.view.selected !== next.view.selected) this.gaze.moved();
    if (
      before.view.highlight !== next.view.highlight ||
      before.view.picking !== next.view.picking ||
      healthOf(before) !== healthOf(next)
    )
      stale.nodes = true;
  }

  /** What the microscope shows. @param {State} next @param {State | null} before */
  takeFocus(next, before) {
    const {stale} = this.painter;
    if (before?.view.focus === next.view.focus) return;
    stale.nodes = stale.lines = true;
    if (before?.view.focus?.changes !== next.view.focus?.changes) stale.edges = true;
    this.scene?.pulses.forget();
  }

  /** Take note of the panel's size. */
  resize() {
    this.room.width = this.parts.scroll.clientWidth;
    this.room.height = this.root.clientHeight - this.features.element.offsetHeight;
    this.arrange();
    this.painter.tick();
  }

  /** Build the scene anew where layout, data, room, theme or language have changed. */
  arrange() {
    const {state, scene} = this;
    if (!isReady(state) || !this.room.width) return;
    const {layout, data} = state;
    if (scene && scene.whole.id !== layout.id) [this.opened, this.form] = [0, null];
    const near = shownLayer(layout, state.view.focus, this.opened);
    const key = this.keyOf(state, near);
    if (key === this.built && scene?.data === data) return;
    if (layout.sizes[0] !== data.inputs) return;
    this.built = key;
    this.build(state, near);
    this.card.moved();
    this.words();
    this.gaze.ask();
    this.painter.restart();
  }

  /** What the scene depends on. @param {Ready} state @param {number} near */
  keyOf({layout, data, theme, lang}, near) {
    const {width, height} = this.room;
    const numbers = [data.n, data.train, data.features];
    const screen = [theme, lang, width, height, this.painter.sheets.ratio, this.coarse.matches];
    return JSON.stringify([layout, numbers, screen, near, this.form]);
  }

  /** @param {Ready} state @param {number} near */
  build(state, near) {
    const {root, header, painter, parts} = this;
    const {width, height} = this.room;
    const palette = readPalette(root);
    const scale = palette.small / USUAL_TYPE;
    root.classList.toggle("narrow", width < NARROW);
    const tall = Math.max(LOWEST, parts.scroll.clientHeight - USUAL_HEAD);
    const panel = {width, height, tall, scale, coarse: this.coarse.matches};
    const {part, first, bare, mode, from} = planOf(state, panel, near, this.form);
    header.arrange(state, first, mode, from, bare);
    if (part && !state.view.focus) header.choose(near);
    const left = Math.max(LOWEST, parts.scroll.clientHeight - header.heads.offsetHeight);
    const room = {...roomOf(state, part, width, scale), height: left};
    const grid = bare ? arrangeMatrices(room) : null;
    const g = grid ?? arrange(room);
    parts.content.style.width = `${g.width}px`;
    if (!bare) header.arrange(state, g, mode, from);
    painter.sheets.resize(g.width, left);
    this.placeLoss(state, g);
    const look = lookOf(state, palette, painter.sheets.ratio);
    const {ownerDocument} = root;
    this.scene = grid
      ? new MatricesScene(ownerDocument, state, grid, look)
      : new ColumnsScene(ownerDocument, state, g, part, look);
    hide(parts.back, !part);
    hide(parts.form, state.layout.sizes.length < 4 || part !== null);
  }

  /** @param {Ready} state @param {import("./layout.js").Geometry} g */
  placeLoss(state, g) {
    const {element} = this.loss;
    this.loss.update(state);
    this.loss.read(state);
    element.style.left = `${g.loss.x}px`;
    element.style.width = `${g.loss.width}px`;
    element.classList.remove("low", "lower");
    const room = Math.min(g.height, this.parts.stage.clientHeight || g.height);
    for (const name of ["low", "lower"]) element.classList.toggle(name, element.offsetHeight > room);
    g.loss.height = element.offsetHeight;
    const half = g.loss.height / 2;
    element.style.top = `${Math.max(half, Math.min(room - half, g.loss.y))}px`;
  }

  words() {
    writeWords(this.parts, Boolean(this.scene?.matrices || this.scene?.part), this.context.t);
    this.hint.update(this.state, Boolean(this.scene?.matrices));
  }

  /** Open a layer out of the matrices, or close it. @param {number} layer */
  open(layer) {
    this.opened = layer;
    this.arrange();
    this.painter.tick();
  }

  toggleForm() {
    this.form = this.scene?.matrices || this.scene?.part ? "columns" : "matrices";
    this.open(0);
  }

  /** @param {number} unit that full colour stands for @param {boolean} changes whether of changes of the weights */
  edgesPainted(unit, changes) {
    setText(this.parts.unit, `${changes ? "Δw" : "w"}  ±${compact(unit)}`);
  }

  mapsPainted() {
    if (this.state) this.loss.update(this.state);
    this.gaze.showCard();
  }
}

/** @param {State | null} state @returns {state is Ready} */
const isReady = state => Boolean(state?.layout && state.data && state.config);

/**
 * @param {HTMLElement} root
 * @param {import("../../types").ViewContext} context
 * @returns {import("../../types").View}
 */
export function networkView(root, context) {
  const diagram = new Diagram(root, context);
  const document = root.ownerDocument;
  const stopListening = listen(diagram);
  const awake = () => diagram.painter.tick();
  const observer = new ResizeObserver(() => diagram.resize());
  observer.observe(diagram.parts.scroll);
  for (const query of [diagram.still, diagram.coarse]) query.addEventListener("change", awake);
  document.addEventListener("visibilitychange", awake);
  return {
    update: next => diagram.update(next),
    readNumbers: next => diagram.loss.read(magnified(next)),
    destroy() {
      diagram.state = null;
      stopListening();
      observer.disconnect();
      for (const query of [diagram.still, diagram.coarse]) query.removeEventListener("change", awake);
      document.removeEventListener("visibilitychange", awake);
      root.classList.remove("network");
      root.replaceChildren();
    },
  };
}
