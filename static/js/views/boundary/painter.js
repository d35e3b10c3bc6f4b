// @ts-check
/**
 * Tools to paint samples with: a class puts them into the plane, others move and erase them; with a pointer or a finger
 * on the plane, or with keys at the probe. A stroke is one change of the run.
 */

import {h, setText} from "../../draw/dom.js";
import {explain} from "../../draw/explain.js";
import {describeKeys} from "../shared/key_cursor.js";
import {isApart, isSame, labelOf, moved, sampleOf, without, withSamples} from "./brush.js";
import {classColour} from "./points.js";
import {inside} from "./probe.js";

/** @typedef {import("../../types").State} State */
/** @typedef {import("./brush.js").Painting} Painting */
/** @typedef {import("./brush.js").Sample} Sample */

/** px between two samples of a stroke. */
const APART = 16;

/** What the painter must know of the plane.
 * @typedef {object} Canvas
 * @property {() => import("./points.js").Scales | null} scales where the plane stands now
 * @property {(px: number, py: number) => number} sampleAt which sample lies somewhere, −1 for none
 * @property {() => [number, number] | null} probe where the keys are
 * @property {() => void} call bring the probe, for the keys
 * @property {() => void} repaint what is under way has changed
 */

/** What a press has done so far: samples that it puts, rows that it erases, a row on its way.
 * @typedef {{pointer: number, last: [number, number], added: Sample[], gone: Set<number>, row: number}} Stroke */

export class Painter {
  /** @type {State | null} */
  state = null;
  /** Whether a hand paints; with which tool: a class, or what it does. */
  on = false;
  /** @type {number | "move" | "erase"} */
  tool = 0;
  /** @type {Stroke | null} */
  stroke = null;
  /** A row that the keys have taken up. */
  taken = -1;
  /** What was told and is not a part of the run yet; and the config when it was answered. @type {Painting | null} */
  sent = null;
  /** @type {State["config"]} */
  answered = null;
  built = "";

  button = h("button", {
    type: "button",
    class: "boundary-paint",
    "aria-pressed": "false",
    dataset: {role: "paint"},
    onclick: () => this.turn(!this.on),
  });
  tools = h("div", {class: "boundary-tools", role: "group", hidden: true, dataset: {role: "paint-tools"}});

  /** @param {HTMLElement} stage @param {import("../../types").ViewContext} context @param {Canvas} canvas */
  constructor(stage, context, canvas) {
    this.stage = stage;
    this.context = context;
    this.canvas = canvas;
    stage.addEventListener("pointerdown", event => this.begin(event));
    stage.addEventListener("pointermove", event => this.go(event));
    stage.addEventListener("pointerup", event => this.end(event));
    stage.addEventListener("pointercancel", () => this.drop());
    stage.addEventListener("keydown", event => this.key(event));
  }

  /** @param {State} next */
  update(next) {
    const before = this.state;
    this.state = next;
    const {data, lang, theme} = next;
    this.button.hidden = !data?.paintable || !data.places;
    if (this.button.hidden && this.on) this.turn(false);
    if (before?.data !== data) this.taken = -1;
    if (this.answered && next.config !== this.answered) this.sent = this.answered = null;
    const key = JSON.stringify([data?.class_names, lang, theme]);
    if (key !== this.built && data) this.write(next);
    this.built = key;
  }

  /** @param {State} state */
  write({data, theme}) {
    const {t} = this.context;
    setText(this.button, t("paint.button"));
    explain(this.button, t("paint.title"));
    this.tools.setAttribute("aria-label", t("paint.tools"));
    describeKeys(this.tools, "paint", t);
    const names = data?.class_names ?? [];
    if (typeof this.tool === "number" && this.tool >= names.length) this.tool = 0;
    const colours = names.map((_, k) => classColour(k, names.length, theme));
    const classes = names.map((name, k) => this.choice(k, t("paint.class", {name}), name, colours[k]));
    const others = /** @type {const} */ (["move", "erase"]).map(tool =>
      this.choice(tool, t(`paint.${tool}_title`), t(`paint.${tool}`)),
    );
    this.tools.replaceChildren(...classes, ...others);
    this.press();
  }

  /** @param {number | "move" | "erase"} tool @param {string} title @param {string} label @param {string} [colour] */
  choice(tool, title, label, colour) {
    const swatch = h("i", {class: "boundary-swatch"});
    if (colour) swatch.style.background = colour;
    const button = h("button", {type: "button", dataset: {tool: String(tool)}, onclick: () => this.choose(tool)});
    button.append(...(colour ? [swatch] : []), label);
    explain(button, title);
    return button;
  }

  /** @param {number | "move" | "erase"} tool */
  choose(tool) {
    this.tool = tool;
    this.press();
  }

  press() {
    for (const button of this.tools.querySelectorAll("button"))
      button.setAttribute("aria-pressed", String(button.dataset.tool === String(this.tool)));
  }

  /** @param {boolean} on */
  turn(on) {
    this.on = on;
    this.drop();
    this.tools.hidden = !on;
    this.button.setAttribute("aria-pressed", String(on));
    this.stage.classList.toggle("painting", on);
    if (on) this.context.choose({probe: null});
  }

  /** What the run says of samples that hands have changed. @returns {Painting} */
  get painting() {
    const {painted = [], erased = []} = this.sent ?? this.state?.config?.data ?? {};
    return {painted, erased};
  }

  /** Tell the run. @param {Painting} next @param {string} said what has been done */
  tell(next, said) {
    if (isSame(next, this.painting)) return;
    this.sent = next;
    this.answered = null;
    this.context.announce("paint", said);
    this.context.act("set", {...next}).then(reply => this.heard(next, reply));
  }

  /** What was told holds until the run has it. @param {Painting} next @param {Record<string, unknown>} reply */
  heard(next, reply) {
    if (this.sent !== next) return;
    const {painted = [], erased = []} = this.state?.config?.data ?? {};
    if (reply.ok === false || isSame(next, {painted, erased})) this.sent = null;
    else this.answered = this.state?.config ?? null;
  }

  // A pointer

  /** @param {PointerEvent} event @returns {[number, number]} px of the stage */
  placeOf(event) {
    const box = this.stage.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  }

  /** A place of the stage in the plane; null beside it. @param {[number, number]} place */
  pointAt(place) {
    const domain = this.state?.data?.domain;
    const at = this.canvas.scales()?.value(...place);
    return at && domain && inside(at, domain).every((x, k) => Math.abs(x - at[k]) < 1e-9) ? at : null;
  }

  /** @param {PointerEvent} event */
  begin(event) {
    const last = this.placeOf(event);
    if (!this.on || event.button !== 0 || this.stroke || !this.pointAt(last)) return;
    event.preventDefault();
    this.stage.setPointerCapture(event.pointerId);
    const row = this.tool === "move" ? this.canvas.sampleAt(...last) : -1;
    this.stroke = {pointer: event.pointerId, last, added: [], gone: new Set(), row};
    this.touch(last);
  }

  /** @param {PointerEvent} event */
  go(event) {
    const {stroke} = this;
    if (!stroke || event.pointerId !== stroke.pointer) return;
    const place = this.placeOf(event);
    const far = typeof this.tool !== "number" || isApart(stroke.last, place, APART);
    if (far) this.touch(place);
  }

  /** Go on with a stroke at a place. @param {[number, number]} place */
  touch(place) {
    const {stroke, tool, canvas} = this;
    const at = this.pointAt(place);
    if (!stroke || !at) return;
    stroke.last = place;
    if (typeof tool === "number") stroke.added.push(sampleOf(at, tool));
    else if (tool === "erase") {
      const row = canvas.sampleAt(...place);
      if (row >= 0) stroke.gone.add(row);
    }
    canvas.repaint();
  }

  /** @param {PointerEvent} event */
  end(event) {
    const {stroke, state} = this;
    if (!stroke || event.pointerId !== stroke.pointer) return;
    this.stroke = null;
    const {t} = this.context;
    const data = state?.data;
    const at = this.pointAt(stroke.last);
    if (!data) return;
    if (stroke.added.length)
      this.tell(withSamples(this.painting, stroke.added), t("paint.put", {n: stroke.added.length}));
    else if (stroke.gone.size) this.erase(stroke.gone);
    else if (stroke.row >= 0 && at) this.tell(moved(this.painting, data, stroke.row, at), t("paint.moved"));
    this.canvas.repaint();
  }

  /** Let go of what is under way. */
  drop() {
    this.stroke = null;
    this.taken = -1;
    this.canvas.repaint();
  }

  /** @param {Set<number>} rows */
  erase(rows) {
    const data = this.state?.data;
    if (data) this.tell(without(this.painting, data, rows), this.context.t("paint.erased", {n: rows.size}));
  }

  /** What to draw of the stroke under way: samples that come, and rows that go. */
  get ahead() {
    const {stroke, state, tool} = this;
    /** @type {{added: Sample[], gone: Set<number>}} */
    const found = {added: [...(stroke?.added ?? [])], gone: new Set(stroke?.gone ?? [])};
    const at = stroke && this.pointAt(stroke.last);
    if (stroke && stroke.row >= 0 && at && state?.data && tool === "move") {
      found.added.push(sampleOf(at, labelOf(state.data, stroke.row)));
      found.gone.add(stroke.row);
    }
    return found;
  }

  // Keys

  /** 1, 2, … put a sample of that class where the probe is, Delete erases the one there, M takes it up and puts it
   * down. @param {KeyboardEvent} event */
  key(event) {
    if (!this.on || event.ctrlKey || event.metaKey || event.altKey || !this.act(event.key)) return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** @param {string} key @returns {boolean} whether it means something */
  act(key) {
    const {state, canvas, context} = this;
    const at = canvas.probe();
    const data = state?.data;
    const label = Number(key) - 1;
    const isClass = Number.isInteger(label) && label >= 0 && label < (data?.class_names.length ?? 0);
    if (!isClass && key !== "Delete" && key.toLowerCase() !== "m") return false;
    if (!at || !data) canvas.call();
    else if (isClass) this.tell(withSamples(this.painting, [sampleOf(at, label)]), context.t("paint.put", {n: 1}));
    else if (key === "Delete") this.eraseAt(at);
    else this.carry(at);
    return true;
  }

  /** The sample within reach of a point of the plane. @param {[number, number]} at */
  rowAt([x1, x2]) {
    const to = this.canvas.scales();
    return to ? this.canvas.sampleAt(to.x(x1), to.y(x2)) : -1;
  }

  /** @param {[number, number]} at */
  eraseAt(at) {
    const row = this.rowAt(at);
    if (row >= 0) this.erase(new Set([row]));
    else this.context.announce("paint", this.context.t("paint.none"));
  }

  /** @param {[number, number]} at */
  carry(at) {
    const {t, announce} = this.context;
    const data = this.state?.data;
    if (this.taken < 0 || !data) {
      this.taken = this.rowAt(at);
      announce("paint", t(this.taken < 0 ? "paint.none" : "paint.taken"));
      return;
    }
    const row = this.taken;
    this.taken = -1;
    this.tell(moved(this.painting, data, row, at), t("paint.moved"));
  }
}
