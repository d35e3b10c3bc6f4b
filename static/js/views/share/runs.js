// @ts-check
/** My runs: those that the server keeps for this browser, to be opened, named, saved as a file and deleted. */

import {h, setAttribute, setText} from "../../draw/dom.js";
import {runName} from "../../model/run_names.js";
import {saveFile} from "../shared/file.js";
import {SureButton} from "../shared/sure.js";

/** @typedef {import("../../types").OwnRun} OwnRun */

/** What a run is called that has no name: its data and hidden layers. @param {OwnRun} run
 * @param {import("../../types").ViewContext["t"]} t @param {string} lang @returns {string} */
export function nameOf({name, data, hidden}, t, lang) {
  if (name) return name;
  return data ? runName({data, hidden}, t, lang) : t("runs.unreadable_run");
}

class Runs {
  /** @param {import("../../types").PageContext} context */
  constructor(context) {
    this.context = context;
    this.lang = "";
    /** @type {OwnRun[]} */
    this.known = [];
    this.title = h("h3");
    this.words = h("p", {class: "share-words"});
    this.list = h("ul", {class: "share-files share-runs", dataset: {role: "runs"}});
    this.withData = h("input", {type: "checkbox", dataset: {role: "runs-data"}});
    this.withDataWords = h("span");
    this.fileWords = h("span");
    this.file = h("input", {type: "file", accept: ".json,application/json", dataset: {role: "runs-file"}});
    this.file.onchange = () => {
      const [chosen] = this.file.files ?? [];
      if (chosen) context.runs.openFile(chosen);
      this.file.value = "";
    };
    const data = h("label", {class: "share-check"}, this.withData, this.withDataWords);
    const file = h("label", {class: "share-choose"}, this.fileWords, this.file);
    this.element = h("section", {}, this.title, this.words, this.list, data, file);
  }

  async refresh() {
    this.known = (await this.context.runs.list()) ?? this.known;
    this.paint();
  }

  /** @param {string} lang */
  write(lang) {
    const {t} = this.context;
    this.lang = lang;
    setText(this.title, t("runs.title"));
    setText(this.withDataWords, t("runs.with_data"));
    setText(this.fileWords, t("runs.open_file"));
    this.paint();
  }

  paint() {
    const {t} = this.context;
    setText(this.words, t(this.known.length ? "runs.words" : "runs.none"));
    this.list.replaceChildren(...this.known.map(run => this.row(run)));
  }

  /** A run's row. It stays when the name is taken: who types one and presses a button has the pointer on it by then.
   * @param {OwnRun} run */
  row(run) {
    const {t} = this.context;
    const seen = new Date(run.seen * 1000).toLocaleString(this.lang, {dateStyle: "medium", timeStyle: "short"});
    const name = h("input", {type: "text", maxlength: 80, value: run.name});
    const words = h("span", {class: "share-words"}, t(run.here ? "runs.here" : "runs.told", {n: run.step, seen}));
    const buttons = this.buttons(run);
    const write = () => {
      const called = nameOf(run, t, this.lang);
      setAttribute(name, "placeholder", called);
      setAttribute(name, "aria-label", called);
      for (const button of buttons) button.write(called);
    };
    name.onchange = () => this.rename(run, name.value.trim(), write);
    write();
    const elements = buttons.map(button => button.element);
    return h(
      "li",
      {dataset: {session: run.session}},
      h("div", {}, name, words),
      h("div", {class: "share-buttons"}, ...elements),
    );
  }

  /** @param {OwnRun} run */
  buttons(run) {
    const {t, runs} = this.context;
    const save = this.button("save", () => this.save(run));
    if (run.here) return [save];
    const open = this.button("open", () => runs.open(run.session));
    const remove = new SureButton("run-delete", () => this.remove(run));
    /** @param {string} called */
    const write = called => remove.write(t("runs.delete"), t("runs.sure"), called);
    return [open, save, {element: remove.element, write}];
  }

  /** @param {string} role @param {() => void} onclick */
  button(role, onclick) {
    const words = this.context.t(`runs.${role}`);
    const element = h("button", {type: "button", dataset: {role: `run-${role}`}, onclick}, words);
    /** @param {string} called */
    const write = called => setAttribute(element, "aria-label", `${words}: ${called}`);
    return {element, write};
  }

  /** @param {OwnRun} run @param {string} name @param {() => void} write */
  async rename(run, name, write) {
    const before = run.name;
    run.name = name;
    write();
    if (await this.context.runs.rename(run.session, name)) return;
    run.name = before;
    write();
  }

  /** @param {OwnRun} run */
  async save(run) {
    const called = nameOf(run, this.context.t, this.lang);
    const file = await this.context.runs.file(run.session, called, this.withData.checked);
    if (file) saveFile(file);
  }

  /** @param {OwnRun} run */
  async remove(run) {
    await this.context.runs.remove(run.session);
    await this.refresh();
  }
}

/** @param {import("../../types").PageContext} context */
export const runsOf = context => new Runs(context);
