// @ts-check
/** Lessons beside the instrument: the list of them, and the one that is open. */

import {focusLate, h, setAttribute, setText} from "../../draw/dom.js";
import {nameControl} from "../../draw/explain.js";
import {faultsOf} from "./expressions.js";
import {faultWords} from "./faults.js";
import {fetched} from "./fetched.js";
import {headOf} from "./frame.js";
import {LessonView} from "./lesson.js";
import {listOf} from "./list.js";
import {Look} from "./look.js";
import {createOwn} from "./own.js";
import {browserStorage, createProgress} from "./progress.js";
import {Setup} from "./setup.js";

/** @typedef {import("../../types").State} State */

/** Ms between two looks at the run: a condition need not be met at once, and the run shall not wait for it. */
const LOOKING = 100;
/** Ms after which it is said that something is on its way. */
const LATE = 400;
/** Begins the names of lessons that have come and were not read yet, and of those that are known by their content. */
const COMING = "given-";
const OWN = "own-";
/** What is shown where a lesson is written. */
const WRITING = "writing";

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
    /** @type {import("./writing/editor.js").Editor | null} */
    this.editor = null;
    /** What is tried of the lesson that is being written: from which step on. */
    this.trial = {name: "", at: 0};
    /** The language in which the editor was made. */
    this.written = "";
    this.own = createOwn(browserStorage());
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
    all.onclick = () => choose({lesson: "", ...(this.shown.name === WRITING ? {writing: false} : {})});
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
    const {lesson: asked, writing} = state.view;
    this.state = state;
    const name = asked === "" && writing ? WRITING : asked;
    const changed = name !== this.shown.name || (name !== null && state.lang !== this.shown.lang);
    if (changed && this.canOpen(name, state)) this.open(name, state.lang);
    if (!this.lesson && this.shown.name !== WRITING) return;
    this.hands.setup.update(state);
    this.look();
  }

  /** What this browser brings needs the session: the server takes it from nobody else.
   * @param {string | null} name @param {State} state */
  canOpen(name, {connection}) {
    return connection === "open" || !(name?.startsWith(COMING) || name?.startsWith(OWN));
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
    if (!this.state) return;
    if (this.shown.name === WRITING) this.editor?.update(this.state);
    this.lesson?.update(this.state);
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
    this.page?.classList.toggle("writing-lesson", name === WRITING);
    if (name === null) return;
    this.words(name);
    if (began) this.turn(false);
    if (name === WRITING) await this.write(lang);
    else {
      const late = setTimeout(
        () => this.content.replaceChildren(h("p", {role: "status"}, this.t("lesson.coming"))),
        LATE,
      );
      const answer = await this.ask(name, lang).finally(() => clearTimeout(late));
      if (this.shown.name !== name || this.shown.lang !== lang) return;
      if (answer) this.fill(name, answer);
    }
    if (began) focusLate(this.root, held);
  }

  /** @param {string} name */
  words(name) {
    const {t} = this;
    setText(this.head.title, t(name === WRITING ? "writing.title" : "lesson.title"));
    setText(this.head.all, t(this.isTrial(name) ? "writing.back" : "lesson.all"));
    setText(this.head.data, t("panel.data"));
    nameControl(this.head.close, t("lesson.close"));
    this.head.all.hidden = this.head.data.hidden = name === "";
    this.turn(this.root.classList.contains("folded"));
  }

  /** @param {string} name */
  isTrial(name) {
    return Boolean(this.state?.view.writing) && name === this.trial.name;
  }

  // What the server has, and what this browser brings

  /** The list, or a lesson; nothing where another name has been chosen for it.
   * @param {string} name @param {string} lang @returns {Promise<any>} */
  async ask(name, lang) {
    if (name.startsWith(COMING)) return this.receive(lang);
    const answer = await fetched(name, lang);
    if (answer.unreached) return {error: this.t("lesson.unreached")};
    if (!answer.gone) return answer;
    const files = this.own.files(name);
    return files ? this.give(JSON.stringify(files), lang) : {error: this.t("lesson.gone")};
  }

  /** A lesson has come by file or link: read, kept in this browser, and opened by its name. @param {string} lang */
  async receive(lang) {
    const content = await this.context.lessons?.take();
    if (!content) return {error: this.t("lesson.unreadable")};
    const answer = await this.give(content, lang);
    if (answer.error) return answer;
    this.context.choose({lesson: answer.name});
    return null;
  }

  /** @param {BodyInit} content @param {string} lang @returns {Promise<any>} */
  async give(content, lang) {
    const reply = await this.context.lessons?.give(content, {lang, keep: "1"});
    if (!reply?.ok) return {error: reply?.message ?? "", fault: reply?.fault};
    this.own.keep(reply.lesson, reply.files, lang);
    return reply.lesson;
  }

  /** @param {string} name @param {any} answer of the server */
  fill(name, answer) {
    const {t, hands} = this;
    if (answer.error) {
      const words = answer.fault ? faultWords(answer.fault, t, this.context.wordsOf) : answer.error;
      this.content.replaceChildren(h("p", {class: "lesson-broken", role: "alert"}, words));
    } else if (name === "") {
      this.list(answer.lessons);
    } else {
      const faults = faultsOf(answer).map(({file, line, key, params}) =>
        h("p", {class: "lesson-broken"}, t("lesson.fault", {file, line, words: t(key, params)})),
      );
      setText(this.head.title, answer.title);
      this.lesson = this.isTrial(name) ? this.tried(answer) : new LessonView(answer, hands);
      this.content.replaceChildren(...faults, this.lesson.element);
      if (this.state) this.lesson.update(this.state);
    }
  }

  /** @param {import("./list.js").Listed[]} entries */
  list(entries) {
    const {t, context, hands} = this;
    const {lessons, classroom, choose} = context;
    const mine = this.own.entries(this.shown.lang);
    const words = (/** @type {any} */ fault) => faultWords(fault, t, context.wordsOf);
    const open = (/** @type {string} */ lesson) => choose({lesson});
    /** @param {string} name */
    const remove = name => {
      this.own.remove(name);
      this.list(entries);
    };
    const gives = lessons && !classroom?.led;
    const ways = gives
      ? {write: () => choose({writing: true}), openFiles: lessons.openFiles, edit: this.edit.bind(this), remove}
      : null;
    this.content.replaceChildren(listOf(entries, mine, {t, progress: hands.progress, open, words, ways}));
  }

  // Writing

  /** @param {string} lang */
  async write(lang) {
    const {Editor} = await import("./writing/editor.js");
    const {lessons} = this.context;
    if (this.shown.name !== WRITING || !lessons) return;
    if (!this.editor || this.written !== lang) {
      this.editor?.destroy();
      this.editor = new Editor({
        ...this.hands,
        context: {...this.context, lessons},
        play: (name, at) => this.play(name, at),
      });
      this.written = lang;
    }
    this.content.replaceChildren(this.editor.element);
  }

  /** Go on writing a lesson that this browser has. @param {string} name */
  async edit(name) {
    const files = this.own.files(name);
    this.context.choose({writing: true});
    this.shown = {name: WRITING, lang: this.shown.lang};
    this.words(WRITING);
    this.page?.classList.add("writing-lesson");
    await this.write(this.shown.lang);
    if (files) await this.editor?.exchange.take(JSON.stringify(files));
  }

  /** @param {string} name @param {number} at */
  play(name, at) {
    this.trial = {name, at};
    this.context.choose({lesson: name});
  }

  /** As it is for a student, from a step on; what is done is not remembered. @param {any} answer */
  tried(answer) {
    const progress = createProgress(null);
    progress.set(answer.name, {step: this.trial.at});
    const lesson = new LessonView(answer, {...this.hands, progress});
    lesson.setUp();
    return lesson;
  }

  destroy() {
    this.editor?.destroy();
    this.lesson?.destroy();
    this.root.replaceChildren();
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
