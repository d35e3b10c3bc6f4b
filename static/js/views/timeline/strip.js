// @ts-check
/** The timeline on the page: its elements, and where they are put. Decides nothing. */

import {h, hide, icon, setAttribute, setIcon, setText} from "../../draw/dom.js";
import {explain} from "../../draw/explain.js";
import {placeOf} from "./marks.js";

/** @typedef {import("./marks.js").Placed} Placed */

/** Runs left behind that are shown at most. */
const GHOSTS = 3;

export class Strip {
  /** @param {HTMLElement} root @param {() => void} pressed the button of the way back */
  constructor(root, pressed) {
    this.root = root;
    this.picture = icon("reverse");
    this.back = h(
      "button",
      {type: "button", class: "icon-button timeline-back", dataset: {role: "play-back"}, onclick: pressed},
      this.picture,
    );
    this.bar = h("i", {class: "timeline-bar"});
    this.done = h("i", {class: "timeline-done"});
    this.ghosts = Array.from({length: GHOSTS}, () => h("i", {class: "timeline-ghost", hidden: true}));
    this.flags = h("div", {class: "timeline-marks"});
    /** @type {HTMLElement[]} */
    this.marks = [];
    /** @type {HTMLElement[]} */
    this.labels = [];
    this.near = h("i", {class: "timeline-near", hidden: true});
    this.handle = h("i", {class: "timeline-handle"});
    this.tip = h("div", {class: "plot-tip timeline-tip", hidden: true});
    this.track = h(
      "div",
      {class: "timeline-track", role: "slider", tabindex: 0, "aria-valuemin": 0, dataset: {role: "timeline"}},
      this.bar,
      this.done,
      ...this.ghosts,
      this.flags,
      this.near,
      this.handle,
      this.tip,
    );
    this.count = h("output", {class: "timeline-count", dataset: {role: "timeline-count"}});
    root.append(this.back, this.track, this.count);
    this.pen = /** @type {CanvasRenderingContext2D} */ (document.createElement("canvas").getContext("2d"));
    /** px of the bar, and between the track's left edge and it */
    this.width = 0;
    this.inset = 0;
  }

  /** Read the strip's size. */
  measure() {
    this.inset = parseFloat(getComputedStyle(this.bar).left) || 0;
    this.width = Math.max(0, this.track.clientWidth - 2 * this.inset);
  }

  /** px from the left edge of the track. @param {PointerEvent} event */
  left(event) {
    return event.clientX - this.track.getBoundingClientRect().left;
  }

  /** How wide words are in a mark's label. @returns {(text: string) => number} */
  ruler() {
    const style = getComputedStyle(this.root);
    this.pen.font = `${parseFloat(style.getPropertyValue("--tiny"))}px ${style.fontFamily}`;
    return text => this.pen.measureText(text).width + 2;
  }

  /**
   * Marks that are there already are moved: in a run that goes on, new ones cost the page a layout of each.
   * @param {Placed[]} placed
   */
  paintMarks(placed) {
    const {flags, marks, labels} = this;
    const said = placed.filter(({label}) => label);
    asMany(marks, placed.length, () => flags.appendChild(h("i", {class: "timeline-mark"})));
    asMany(labels, said.length, () => flags.appendChild(h("span", {class: "timeline-label"})));
    placed.forEach((one, k) => stand(marks[k], one, one.x));
    said.forEach((one, k) => {
      stand(labels[k], one, one.labelX);
      setText(labels[k], one.label ?? "");
    });
  }

  /** @param {number} step of the handle @param {number | null} shown step of the frame @param {number} last */
  paintHandle(step, shown, last) {
    this.handle.style.left = this.done.style.width = `${placeOf(step, last, this.width)}px`;
    hide(this.near, shown === null || shown === step);
    if (shown !== null) this.near.style.left = `${placeOf(shown, last, this.width)}px`;
  }

  /** @param {ReturnType<typeof import("./marks.js").ghostBars>} bars */
  paintGhosts(bars) {
    this.ghosts.forEach((line, k) => {
      const bar = bars[k];
      hide(line, !bar);
      if (!bar) return;
      line.style.left = `${bar.left}px`;
      line.style.width = `${bar.width}px`;
      line.classList.toggle("longer", bar.longer);
    });
  }

  /** Words over a place, `x` px from the left edge of the track. @param {string} words @param {number} x */
  showTip(words, x) {
    const {tip} = this;
    setText(tip, words);
    const room = this.width + 2 * this.inset - tip.offsetWidth;
    tip.style.transform = `translateX(${Math.round(Math.max(0, Math.min(room, x - tip.offsetWidth / 2)))}px)`;
  }

  /**
   * @param {{count: string, value: string, step: number, last: number, ready: boolean, back: boolean, rewinding:
   * boolean}} now `back`: whether the way back can be pressed
   */
  say({count, value, step, last, ready, back, rewinding}) {
    setText(this.count, count);
    setAttribute(this.track, "aria-valuemax", String(last));
    setAttribute(this.track, "aria-valuenow", String(step));
    setAttribute(this.track, "aria-valuetext", value);
    setAttribute(this.track, "aria-disabled", String(!ready));
    this.back.disabled = !back;
    setIcon(this.picture, rewinding ? "pause" : "reverse");
    setAttribute(this.back, "aria-pressed", String(rewinding));
  }

  /** Names of the strip and of its button. @param {string} track @param {string} back */
  name(track, back) {
    setAttribute(this.track, "aria-label", track);
    explain(this.back, back);
    setAttribute(this.back, "aria-label", back);
  }
}

/** Bring elements to a number. @param {HTMLElement[]} elements @param {number} count @param {() => HTMLElement} make */
function asMany(elements, count, make) {
  while (elements.length < count) elements.push(make());
  for (const element of elements.splice(count)) element.remove();
}

/**
 * Put what belongs to a mark at a place.
 * @param {HTMLElement} element @param {Placed} mark @param {number} x px from the left
 */
function stand({dataset, style}, {step, kind}, x) {
  if (dataset.step !== String(step)) dataset.step = String(step);
  if (dataset.kind !== kind) dataset.kind = kind;
  style.left = `${x}px`;
}
