// @ts-check
/** One lesson: its step in words, what is to be done there, and the way forward and back. */

import {setAttribute, setText} from "../../draw/dom.js";
import {liveText, valueOf} from "./expressions.js";
import {frameOf, stepOf} from "./frame.js";
import {NOTHING, quantitiesOf} from "./quantities.js";
import {nothing} from "./progress.js";
import {reliedOn, wandered} from "./setup.js";
import {readNumber} from "./verdict.js";

/** @typedef {import("../../types").State} State */
/** @typedef {import("./nodes.js").Node} Node */
/** @typedef {import("./nodes.js").Expression} Expression */
/**
 * What views of lessons are made with; outside a page that can follow there is no classroom.
 * @typedef {import("../../types").ViewContext &
 * Partial<Pick<import("../../types").PageContext, "classroom" | "lessons" | "wordsOf">>} LessonContext
 */
/** @typedef {{head: Node[], rest: Node[]}} Item */
/** @typedef {{nodes: Node[], answers: Item[], right: number}} Question */
/** @typedef {{nodes: Node[], value: Expression, tolerance: number, slips: (Item & {value: Expression})[]}} Check */
/**
 * @typedef {object} Step
 * @property {string} title
 * @property {Node[]} text
 * @property {string[]} look
 * @property {{look: number, words: number}} lines
 * @property {number} hint_after seconds
 * @property {Node[]} [do]
 * @property {Node[]} [hint]
 * @property {import("./setup.js").Wanted} [state]
 * @property {Expression} [until]
 * @property {Question} [question]
 * @property {Check} [check]
 */
/**
 * @typedef {{name: string, language: string, minutes: number, title: string, summary: Node[], steps: Step[]}}
 * Lesson
 */
/**
 * @typedef {object} Hands
 * @property {LessonContext} context
 * @property {ReturnType<typeof import("./progress.js").createProgress>} progress
 * @property {import("./setup.js").Setup} setup
 * @property {import("./look.js").Look} look
 * @property {() => State | null} state the newest
 */

/** Whether a step waits for something; one that does not is done when it was read. @param {Step} step */
export const waits = ({until, question, check}) => Boolean(until || question || check);

/** The state that holds in a step: its own, or that of the last one before it that has one.
 * @param {Lesson} lesson @param {number} step */
export function stateIn({steps}, step) {
  for (let at = step; at >= 0; at -= 1) {
    const {state} = steps[at];
    if (state) return state;
  }
  return null;
}

export class LessonView {
  /** @param {Lesson} lesson @param {Hands} hands */
  constructor(lesson, hands) {
    this.lesson = lesson;
    this.hands = hands;
    this.t = hands.context.t;
    this.frame = frameOf(this.t, lesson.steps.length);
    this.element = this.frame.element;
    this.timer = 0;
    /** Whether this page follows somebody else's run, and whether the step's hint has been told. */
    this.led = hands.context.classroom?.led ?? false;
    this.hinted = false;
    this.own = NOTHING;
    /** What was looked at last. @type {{state: State | null, own: import("./quantities.js").Own}} */
    this.seen = {state: null, own: NOTHING};
    const begun = hands.progress.get(lesson.name);
    this.at = Math.min(begun?.step ?? 0, lesson.steps.length - 1);
    this.shown = this.write();
    this.listen();
    this.enter(begun === null);
  }

  get kept() {
    return this.hands.progress.get(this.lesson.name) ?? nothing();
  }

  get step() {
    return this.lesson.steps[this.at];
  }

  /** Links to a graph stand in the words. @param {EventTarget | null} target */
  openGraph(target) {
    const link = target instanceof Element ? target.closest("[data-graph]") : null;
    if (link instanceof HTMLElement) this.hands.context.choose({graph: link.dataset.graph ?? ""});
  }

  listen() {
    const {back, next, again, notes} = this.frame;
    this.element.addEventListener("click", event => this.openGraph(event.target));
    back.onclick = () => this.go(this.at - 1);
    next.onclick = () => this.go(this.at + 1);
    again.onclick = () => this.setUp();
    notes.value = this.kept.notes;
    notes.oninput = () => this.keep({notes: notes.value});
  }

  /** @param {Partial<import("./progress.js").Progress>} patch */
  keep(patch) {
    this.hands.progress.set(this.lesson.name, patch);
  }

  /** To another step; what only had to be read is done. @param {number} at */
  go(at) {
    if (at > this.at && !waits(this.step)) this.complete();
    if (at >= this.lesson.steps.length) {
      this.hands.context.choose({lesson: ""});
      return;
    }
    this.at = Math.max(0, at);
    this.shown = this.write();
    this.enter(true);
    this.shown.title.focus({preventScroll: true});
  }

  /** The step's words, with what was answered before. */
  write() {
    const {lesson, t, at, kept, step} = this;
    const typed = kept.numbers[at] ?? "";
    this.own = {answer: kept.answers[at] ?? 0, number: readNumber(typed), checked: false};
    const shown = stepOf(step, {
      t,
      serial: `${lesson.name}-${at}`,
      chosen: answer => this.answer(answer),
      checked: (text, right) => this.check(text, right),
      quantity: () => quantitiesOf(/** @type {State} */ (this.hands.state()), this.own),
    });
    shown.question?.show(this.own.answer);
    shown.check?.show(typed);
    return shown;
  }

  /** Show the step. @param {boolean} begins whether its state is to be set */
  enter(begins) {
    const {t, at, step, frame, shown, lesson} = this;
    frame.body.replaceChildren(...shown.parts, frame.remarks);
    frame.body.scrollTop = 0;
    frame.body.setAttribute("aria-label", step.title);
    frame.bar.value = at + 1;
    frame.back.disabled = at === 0;
    setText(frame.place, t("lesson.place", {n: at + 1, of: lesson.steps.length}));
    setText(frame.next, t(at === lesson.steps.length - 1 ? "lesson.finish" : "lesson.next"));
    this.hinted = false;
    this.hands.look.at(step.look);
    if (!this.led) {
      this.keep({step: at});
      this.hands.context.choose({lesson_at: at});
    }
    this.seen = {state: null, own: NOTHING};
    this.waitForHint();
    if (begins && step.state && !this.led) this.setUp();
    this.showDone();
  }

  /** @param {number} answer */
  answer(answer) {
    this.keep({answers: {...this.kept.answers, [this.at]: answer}});
    this.own = {...this.own, answer};
    this.shown.question?.show(answer);
    this.refresh();
  }

  /** @param {string} text @param {boolean} right */
  check(text, right) {
    this.keep({numbers: {...this.kept.numbers, [this.at]: text}});
    this.own = {...this.own, number: readNumber(text), checked: this.own.checked || right};
    this.refresh();
  }

  /** Bring the page to the state of this step, or of the last one that set one. */
  setUp() {
    const wanted = stateIn(this.lesson, this.at);
    if (wanted) this.hands.setup.begin(wanted);
  }

  /** After a while in which the step is not done, its hint is told. */
  waitForHint() {
    clearTimeout(this.timer);
    const tell = () => {
      if (this.isDone()) return;
      this.hinted = true;
      this.shown.tellHint();
      this.tell();
    };
    if (this.step.hint) this.timer = window.setTimeout(tell, 1000 * this.step.hint_after);
  }

  isDone() {
    return this.kept.done.includes(this.at);
  }

  complete() {
    const {kept, at} = this;
    if (!kept.done.includes(at)) this.keep({done: [...kept.done, at].sort((a, b) => a - b)});
  }

  /** Whether everything that a step waits for is there. @param {(name: string, given: any[]) => any} quantity */
  met(quantity) {
    const {until, question, check} = this.step;
    if (until) return Boolean(valueOf(until, quantity));
    return (!question || this.own.answer > 0) && (!check || this.own.checked);
  }

  refresh() {
    const state = this.hands.state();
    if (state) this.update(state);
  }

  /** Who follows somebody else's run goes where they go. @param {State} state */
  follow({room, strays, view}) {
    this.led = this.hands.context.classroom?.led ?? false;
    const bound = this.led && !strays && room !== null;
    const {back, next, again} = this.frame;
    for (const button of [back, next, again]) button.hidden = bound;
    const at = view.lesson_at;
    if (!bound || at === null || at === this.at || at >= this.lesson.steps.length) return;
    this.at = at;
    this.shown = this.write();
    this.enter(false);
  }

  /** In a copy from a room, its teacher hears where one is. */
  tell() {
    const {lesson, at, hinted, hands} = this;
    const done = this.isDone() || !waits(this.step);
    const place = {lesson: lesson.name, step: at + 1, of: lesson.steps.length, done, stuck: hinted && !done};
    hands.context.classroom?.learns(place);
  }

  /** @param {State} state */
  update(state) {
    this.follow(state);
    const {seen, own, shown, hands} = this;
    if (seen.state === state && seen.own === own) return;
    this.seen = {state, own};
    const quantity = quantitiesOf(state, own);
    for (const {element, expression} of shown.lives) setText(element, liveText(expression, quantity));
    this.frame.again.classList.toggle("primary", this.strays(state));
    hands.look.refresh();
    const ready = state.frame !== null && !hands.setup.busy;
    if (ready && waits(this.step) && !this.isDone() && this.met(quantity)) {
      this.complete();
      hands.context.announce("lesson", this.t("lesson.step_done"));
    }
    this.showDone();
  }

  /** Whether the run is another than this step speaks of. @param {State} state */
  strays(state) {
    if (this.hands.setup.busy) return false;
    return wandered(state, stateIn(this.lesson, this.at), reliedOn(this.lesson.steps, this.at));
  }

  showDone() {
    const waiting = waits(this.step);
    const done = waiting && this.isDone();
    setText(this.shown.done, done ? `✓ ${this.t("lesson.step_done")}` : "");
    setAttribute(this.element, "data-done", String(done));
    this.frame.next.classList.toggle("primary", done || !waiting);
    this.tell();
  }

  destroy() {
    clearTimeout(this.timer);
    this.hands.look.at([]);
    this.element.remove();
  }
}
