// @ts-check
/** Lessons beside the instrument: the list of them, and the one that is open. */

import {focusLate, h, setAttribute, setText} from "../../draw/dom.js";
import {nameControl} from "../../draw/explain.js";
import {faultsOf} from "./expressions.js";
import {headOf} from "./frame.js";
import {LessonView} from "./lesson.js";
import {listOf} from "./list.js";
import {Look} from "./look.js";
import {browserStorage, createProgress} from "./progress.js";
import {Setup} from "./setup.js";

/** @typedef {import("../../types").State} State */

/** Ms between two looks at the run: a condition need not be met at once, and the run shall not wait for it. */
const LOOKING = 100;

class Lessons {
  /** @param {HTMLElement} root @param {import("./lesson.js").LessonContext} context */
  constructor(root, context) {
    this.root = root;
    this.context = context;
    this.t = context.t;
    this.page = root.parentElement;
    /** What is shown: the lesson's name, "" for the list, null for nothing; and in which language. */
    this.shown = /** @type {{name: string | null, lang: string}} */ ({name: null, lang: ""});
    /** @type {LessonView | null} */
    this.lesson = null;
    /** @type {State | null} */
    this.state = null;
    this.looked = -Infinity;
    this.later = 0;
    this.head = headOf();
    this.content = h("div", {class: "lessons-content"});
    root.append(this.head.element, this.content);
    this.listen();
    this.hands = {
      context,
      progress: createProgress(browserStorage()),
      setup: new Setup(context),
      look: new Look(document, on => this.showData(on)),
      state: () => this.state,
    };
  }

  listen() {
    const {choose} = this.context;
    const {all, data, fold, close} = this.head;
    all.onclick = () => choose({lesson: ""});
    data.onclick = () => this.showData(!this.page?.classList.contains("lesson-data"));
    fold.onclick = () => this.turn(!this.root.classList.contains("folded"));
    close.onclick = () => choose({lesson: null});
  }

  /** @param {boolean} folded whether only a strip is left, where there is little room */
  turn(folded) {
    this.root.classList.toggle("folded", folded);
    setAttribute(this.head.fold, "aria-expanded", String(!folded));
    nameControl(this.head.fold, this.t(folded ? "lesson.unfold" : "lesson.fold"));
    setText(this.head.fold, folded ? "▴" : "▾");
  }

  /** @param {boolean} on whether the data stand below the lesson */
  showData(on) {
    this.page?.classList.toggle("lesson-data", on);
    setAttribute(this.head.data, "aria-pressed", String(on));
  }

  /** @param {State} state */
  update(state) {
    const {lesson: name} = state.view;
    this.state = state;
    if (name !== this.shown.name || (name !== null && state.lang !== this.shown.lang)) this.open(name, state.lang);
    if (!this.lesson) return;
    this.hands.setup.update(state);
    this.look();
  }

  /** Look at the run, not too often, and once more when it rests. */
  look() {
    const wait = this.looked + LOOKING - performance.now();
    if (wait > 0) {
      this.later ||= window.setTimeout(() => this.look(), wait);
      return;
    }
    clearTimeout(this.later);
    this.later = 0;
    this.looked = performance.now();
    if (this.state) this.lesson?.update(this.state);
  }

  /** @param {string | null} name @param {string} lang */
  async open(name, lang) {
    const began = this.shown.name === null;
    const held = document.activeElement;
    this.shown = {name, lang};
    this.lesson?.destroy();
    this.lesson = null;
    this.root.hidden = name === null;
    this.page?.classList.toggle("learning", name !== null);
    if (!name) this.context.classroom?.learns({lesson: "", step: 1, of: 1, done: false, stuck: false});
    if (name === null) return;
    this.words(name);
    if (began) this.turn(false);
    const answer = await ask(name, lang);
    if (this.shown.name !== name || this.shown.lang !== lang) return;
    this.fill(name, answer);
    if (began) focusLate(this.root, held);
  }

  /** @param {string} name */
  words(name) {
    const {t} = this;
    setText(this.head.title, t("lesson.title"));
    setText(this.head.all, t("lesson.all"));
    setText(this.head.data, t("panel.data"));
    nameControl(this.head.close, t("lesson.close"));
    this.head.all.hidden = this.head.data.hidden = name === "";
    this.turn(this.root.classList.contains("folded"));
  }

  /** @param {string} name @param {any} answer of the server */
  fill(name, answer) {
    const {t, hands} = this;
    if (answer.error) {
      this.content.replaceChildren(h("p", {class: "lesson-broken", role: "alert"}, answer.error));
    } else if (name === "") {
      const open = (/** @type {string} */ chosen) => this.context.choose({lesson: chosen});
      this.content.replaceChildren(listOf(answer.lessons, {t, progress: hands.progress, open}));
    } else {
      const faults = faultsOf(answer).map(({file, line, key, params}) =>
        h("p", {class: "lesson-broken"}, t("lesson.fault", {file, line, words: t(key, params)})),
      );
      setText(this.head.title, answer.title);
      this.lesson = new LessonView(answer, hands);
      this.content.replaceChildren(...faults, this.lesson.element);
      if (this.state) this.lesson.update(this.state);
    }
  }

  destroy() {
    this.lesson?.destroy();
    this.root.replaceChildren();
  }
}

/** Ask the server for the list, or for a lesson. @param {string} name @param {string} lang @returns {Promise<any>} */
async function ask(name, lang) {
  try {
    const answer = await fetch(`lessons${name && `/${encodeURIComponent(name)}`}?lang=${lang}`);
    return await answer.json();
  } catch (error) {
    return {error: String(error)};
  }
}

/**
 * @param {HTMLElement} root @param {import("./lesson.js").LessonContext} context @returns
 * {import("../../types").View}
 */
export function lessonsView(root, context) {
  const lessons = new Lessons(root, context);
  return {update: state => lessons.update(state), destroy: () => lessons.destroy()};
}
