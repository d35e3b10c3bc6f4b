// @ts-check
/** The whole run as a strip: scrub to any step, see what was changed where, play backwards, go on from anywhere. */

import {calmly} from "../../draw/plot.js";
import {Seeker} from "../../model/seeker.js";
import {listen} from "./input.js";
import {ghostBars, placeMarks, stopsOf, stepAt} from "./marks.js";
import {Rewind} from "./rewind.js";
import {Strip} from "./strip.js";
import {countWords, marksOf, tipWords, valueWords} from "./words.js";

/** @typedef {import("../../types").State} State */

/** ms between two places of the marks of a run that grows. */
const REST = 250;
/** A pointer is on a mark within so many px. */
const NEAR = 6;
/** What the strip shows of the state. */
const SHOWN = /** @type {const} */ (["frame", "log", "status", "series", "furthest", "lang", "theme", "connection"]);

/**
 * @param {HTMLElement} root
 * @param {import("../../types").ViewContext} context
 * @returns {import("../../types").View}
 */
export function timelineView(root, context) {
  return new Timeline(root, context);
}

class Timeline {
  /** @param {HTMLElement} root @param {import("../../types").ViewContext} context */
  constructor(root, {t, act, draw}) {
    this.root = root;
    this.t = t;
    /** @type {State | null} */
    this.state = null;
    /** @type {import("./marks.js").Placed[]} */
    this.placed = [];
    /** The run's end when its marks were placed, and what they and the names were made of. */
    this.grown = 0;
    this.marked = "";
    this.named = "";
    this.seeker = new Seeker(step => act("seek", {step}));
    this.rewind = new Rewind({
      here: () => this.here,
      end: () => this.end,
      speed: () => this.state?.speed ?? 0,
      go: step => this.go(step),
      changed: () => this.draw(),
    });
    this.strip = new Strip(root, () => this.pressBack());
    this.mover = calmly(() => this.placeMarks(), REST, draw);
    this.pointer = this.listen();
    this.observer = new ResizeObserver(() => {
      this.strip.measure();
      this.draw();
    });
    this.observer.observe(this.strip.track);
  }

  listen() {
    const {strip} = this;
    return listen(strip.track, {
      ready: () => this.ready,
      where: () => ({step: this.here, end: this.end, stops: stopsOf(this.placed)}),
      under: event => this.under(event),
      grasped: () => this.rewind.stop(),
      go: step => this.go(step),
      look: event => this.look(this.under(event), strip.left(event)),
      leave: () => {
        strip.tip.hidden = true;
      },
    });
  }

  get end() {
    return this.state?.furthest ?? 0;
  }

  /** Where the handle stands: at the newest wish, else where the run is or is bound for. */
  get here() {
    return this.seeker.aim ?? this.state?.frame?.target ?? this.state?.frame?.step ?? 0;
  }

  get ready() {
    return this.state?.connection === "open" && this.known;
  }

  /** Whether there is a way that can be read, also where nobody can be asked to go back on it. */
  get known() {
    return this.state !== null && this.state.frame !== null && this.end > 0;
  }

  /** The step under the pointer. @param {PointerEvent} event */
  under(event) {
    return stepAt(this.strip.left(event) - this.strip.inset, this.end, this.strip.width);
  }

  /** @param {number} step */
  go(step) {
    this.seeker.to(step).then(() => this.draw());
    this.draw();
  }

  pressBack() {
    if (this.rewind.running) this.rewind.stop();
    else if (this.ready) this.rewind.start();
  }

  /** Step, loss and changes at a place. @param {number} step @param {number} x */
  look(step, x) {
    const {state, strip} = this;
    strip.tip.hidden = !this.known;
    if (strip.tip.hidden || !state) return;
    const mark = this.placed.find(each => Math.abs(each.x + strip.inset - x) < NEAR);
    strip.showTip(tipWords(state, step, mark, this.t), x);
  }

  placeMarks() {
    const marks = this.state ? marksOf(this.state, this.t) : [];
    this.grown = this.end;
    if (!marks.length && !this.placed.length) return;
    this.placed = placeMarks(marks, this.end, this.strip.width, this.strip.ruler());
    this.strip.paintMarks(this.placed);
  }

  draw() {
    if (!this.state) return;
    const {frame, series, log, status, lang, theme} = this.state;
    const {strip, end, here} = this;
    strip.paintHandle(here, frame?.step ?? null, end);
    strip.paintGhosts(ghostBars(series, end, strip.width, strip.ghosts.length));
    const made = [log.length, log.at(-1)?.step, log.at(-1)?.change, status.kind, strip.width, lang, theme];
    const wanted = JSON.stringify(made);
    if (wanted !== this.marked) {
      this.marked = wanted;
      this.placeMarks();
    } else if (this.placed.length && this.grown !== end) this.mover.request();
    this.say(here, end);
  }

  /** @param {number} step @param {number} last */
  say(step, last) {
    const {t, ready, strip, state} = this;
    if (!state) return;
    const rewinding = this.rewind.running;
    strip.say({
      count: countWords(step, state.frame?.step ?? null, last, t),
      value: valueWords(step, last, this.placed, t),
      step,
      last,
      ready,
      back: ready && (step > 0 || rewinding),
      rewinding,
    });
    const named = state.lang + rewinding;
    if (named === this.named) return;
    this.named = named;
    strip.name(t("timeline.label"), t(rewinding ? "timeline.stop" : "timeline.backwards"));
  }

  /** A wish ends with the frame that obeys it; not while a hand or the way back goes on wishing.
   * @param {State} next */
  dropWish(next) {
    if (next.connection !== "open") this.seeker.drop();
    else if (next.frame && !this.pointer.held && !this.rewind.running) this.seeker.seen(next.frame.seq);
  }

  /** @param {State} next */
  update(next) {
    const before = this.state;
    this.state = next;
    this.dropWish(next);
    if (next.playing || next.connection !== "open" || before?.layout !== next.layout) this.rewind.stop();
    if (!before || SHOWN.some(name => before[name] !== next[name])) this.draw();
  }

  destroy() {
    this.rewind.stop();
    this.mover.cancel();
    this.observer.disconnect();
    this.root.replaceChildren();
  }
}
