// @ts-check
/** Writing a lesson beside the run that it is about: its steps, their words, and what a student will see of them. */

import {h, setText} from "../../../draw/dom.js";
import {CODES, loadLanguage, translate} from "../../../draw/i18n.js";
import {stateIn} from "../lesson.js";
import {browserStorage} from "../progress.js";
import {
  placeOfFault,
  withLanguage,
  withMoved,
  withNewStep,
  withoutPart,
  withoutStep,
  withPart,
  withStep,
  withText,
} from "./draft.js";
import {Exchange} from "./exchange.js";
import {button, textsOf} from "./form.js";
import {createKept} from "./kept.js";
import {aboutOf, languagesOf, stepItem, toolsOf} from "./layout.js";
import {pointAt} from "./point.js";
import {Preview} from "./preview.js";
import {recordOf} from "./record.js";
import {Suggestions} from "./suggestions.js";

/** @typedef {import("../../../types").State} State */
/** @typedef {import("./draft.js").Draft} Draft */
/**
 * @typedef {object} Hands
 * @property {import("../lesson.js").LessonContext & Pick<import("../../../types").PageContext, "lessons">} context
 * @property {import("../setup.js").Setup} setup
 * @property {() => State | null} state the newest
 * @property {(name: string, at: number) => void} play a lesson that the server keeps, from a step on
 */

const STYLE = new URL("../../../../css/writing.css", import.meta.url).href;

/** Words to begin with, in the language that is written. @param {string} lang @param {string} name */
const template = (lang, name) => translate(lang, `writing.template_${name}`);

/** @param {string} lang */
const newStep = lang => `## ${template(lang, "step")}\n\n`;

export class Editor {
  /** @param {Hands} hands */
  constructor(hands) {
    this.hands = hands;
    this.t = hands.context.t;
    this.kept = createKept(browserStorage());
    /** @type {Draft | null} */
    this.draft = null;
    this.at = 0;
    /** What could be undone, the newest last. @type {Draft[]} */
    this.past = [];
    this.exchange = new Exchange(this, hands.context.lessons);
    this.told = h("p", {class: "writing-told", role: "status", dataset: {role: "writing-told"}});
    this.address = h("input", {type: "text", readonly: true, hidden: true, dataset: {role: "writing-address"}});
    this.suggestions = new Suggestions(this.t, text => this.set({until: text}));
    this.preview = new Preview({
      context: hands.context,
      state: hands.state,
      where: fault => this.where(fault),
    });
    this.element = h("div", {class: "writing"});
    this.begin();
  }

  /** With what was being written, or with a step that begins where the page is now. */
  async begin() {
    if (!document.querySelector(`link[href="${STYLE}"]`))
      document.head.append(h("link", {rel: "stylesheet", href: STYLE}));
    await Promise.all(CODES.map(loadLanguage));
    this.open();
  }

  /** As soon as there is a run to begin with. */
  open() {
    this.draft ??= this.kept.draft() ?? this.fresh();
    if (!this.draft) return;
    this.lay();
    this.exchange.ask();
  }

  /** One step that begins where the page is now; null where there is no run yet. @returns {Draft | null} */
  fresh() {
    const state = this.hands.state();
    const found = state?.frame ? recordOf(state) : null;
    if (!state || !found) return null;
    this.suggestions.begins(0, state);
    const words = {head: `${template(state.lang, "head")}\n\n`, steps: [newStep(state.lang)]};
    return {name: "my-lesson", lesson: {minutes: 5, steps: [{state: found.state}]}, words: {[state.lang]: words}};
  }

  // Changes

  /** Keep what was changed; where more than words has changed, lay the form anew.
   * @param {Draft} draft @param {boolean} [anew] */
  commit(draft, anew = true) {
    if (anew && this.draft) this.past.push(this.draft);
    this.draft = draft;
    this.say(this.kept.keep(draft) ? "writing.kept" : "writing.not_kept");
    if (anew) this.lay();
    this.exchange.ask();
  }

  /** @param {Partial<import("./draft.js").Step>} patch */
  set(patch) {
    if (!this.draft) return;
    const typed = document.activeElement?.matches("input, textarea") && this.element.contains(document.activeElement);
    this.commit(withStep(this.draft, this.at, patch), !typed);
  }

  /** @param {number} at */
  choose(at) {
    this.at = at;
    this.lay();
    this.exchange.ask();
  }

  undo() {
    const before = this.past.pop();
    if (!before) return;
    this.draft = before;
    this.at = Math.min(this.at, before.lesson.steps.length - 1);
    this.kept.keep(before);
    this.lay();
    this.exchange.ask();
  }

  record() {
    const state = this.hands.state();
    const found = state && recordOf(state);
    if (!state || !found || !this.draft) return;
    this.suggestions.begins(this.at, state);
    this.commit(withStep(this.draft, this.at, {state: found.state}));
    if (found.edits) this.say("writing.recorded_edits", {n: found.edits});
  }

  /** Bring the page to where the step begins. */
  visit() {
    const {read} = this.exchange;
    const wanted = read && stateIn(read, this.at);
    if (!wanted) return;
    this.hands.setup.begin(wanted);
    this.suggestions.awaits(this.at);
  }

  add() {
    const state = this.hands.state();
    if (!this.draft) return;
    const at = this.draft.lesson.steps.length;
    if (state) this.suggestions.begins(at, state);
    this.at = at;
    this.commit(withNewStep(this.draft, at, {}, newStep));
  }

  /** @param {number} at */
  remove(at) {
    if (!this.draft || this.draft.lesson.steps.length < 2) return;
    this.suggestions.forgets();
    this.at = Math.max(0, Math.min(this.at > at ? this.at - 1 : this.at, this.draft.lesson.steps.length - 2));
    this.commit(withoutStep(this.draft, at));
  }

  /** @param {number} from @param {number} to */
  move(from, to) {
    if (!this.draft || to < 0 || to >= this.draft.lesson.steps.length) return;
    this.suggestions.forgets();
    this.at = to;
    this.commit(withMoved(this.draft, from, to));
  }

  async point() {
    this.say("writing.pointing");
    const name = await pointAt(document);
    setText(this.told, "");
    const look = this.draft?.lesson.steps[this.at].look ?? [];
    if (name && !look.includes(name)) this.set({look: [...look, name]});
  }

  /** A language more begins with the words of another: they are to be translated. @param {string} lang
   * @param {boolean} on */
  speak(lang, on) {
    const {draft} = this;
    if (!draft || (!on && Object.keys(draft.words).length < 2)) return;
    this.commit(withLanguage(draft, lang, on ? draft.words[this.lang] : null));
  }

  /** The language that is shown of what is written. */
  get lang() {
    const spoken = Object.keys(this.draft?.words ?? {});
    const lang = this.hands.state()?.lang ?? "";
    return spoken.includes(lang) ? lang : (spoken[0] ?? "en");
  }

  /** @param {string} key @param {Record<string, string | number>} [params] */
  say(key, params) {
    setText(this.told, this.t(key, params));
  }

  /** The step that something is wrong in, and how to get there. @param {{file: string, line: number}} fault */
  where(fault) {
    const place = this.draft && placeOfFault(this.draft, fault);
    if (!place) return null;
    const {step, line} = place;
    const label = step < 0 ? this.t("writing.in_head", {line}) : this.t("writing.in_step", {n: step + 1, line});
    return {label, go: () => this.choose(Math.max(0, step))};
  }

  /** Go through it as a student will, from this step on. */
  async play() {
    const reply = await this.exchange.wish({keep: "1"});
    if (reply) this.hands.play(reply.name, this.at);
  }

  /** Write another lesson: this one can be had back. @param {Draft | null} draft */
  replace(draft) {
    if (!draft) return;
    this.kept.begin(draft);
    this.past = [];
    this.at = 0;
    this.draft = draft;
    this.exchange.read = null;
    this.lay();
    this.exchange.ask();
  }

  /** The same, of one that does not begin where the page is. @param {Draft} draft */
  another(draft) {
    this.suggestions.forgets();
    this.replace(draft);
  }

  // The form

  lay() {
    const {draft, t, element} = this;
    if (!draft) return;
    const focus = document.activeElement instanceof HTMLElement ? document.activeElement : null;
    const alike = `[data-role="${focus?.dataset.role}"]`;
    const place = focus ? [...element.querySelectorAll(alike)].indexOf(focus) : -1;
    element.replaceChildren(
      toolsOf(this),
      this.address,
      h("div", {class: "writing-row"}, languagesOf(draft, this), this.told),
      aboutOf(draft, this),
      textsOf(draft, -1, this.form()),
      h("ol", {class: "writing-steps"}, ...draft.lesson.steps.map((_, at) => stepItem(draft, at, this))),
      button("writing-add", t("writing.add"), () => this.add()),
    );
    this.suggestions.show(this.at, this.hands.state());
    if (place >= 0) /** @type {HTMLElement | undefined} */ ([...element.querySelectorAll(alike)][place])?.focus();
  }

  /** What the form can do. @returns {import("./form.js").Hands} */
  form() {
    return {
      t: this.t,
      write: (lang, at, text) => this.draft && this.commit(withText(this.draft, lang, at, text), false),
      set: patch => this.set(patch),
      part: (part, on) => {
        if (!this.draft) return;
        const changed = on
          ? withPart(this.draft, this.at, part, lang => template(lang, part))
          : withoutPart(this.draft, this.at, part);
        this.commit(changed);
      },
      record: () => this.record(),
      visit: () => this.visit(),
      follow: () => this.draft && this.commit(withStep(this.draft, this.at, {state: undefined})),
      point: () => this.point(),
    };
  }

  /** @param {State} state looked at ten times a second at most */
  update(state) {
    if (!this.draft) this.open();
    this.preview.update();
    this.suggestions.update(this.at, state, this.hands.setup.busy);
  }

  destroy() {
    this.exchange.end();
    this.element.remove();
  }
}
