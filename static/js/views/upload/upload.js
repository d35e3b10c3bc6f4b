// @ts-check
/**
 * Uploads: a text file or a workbook becomes a data set. How it is written, which column is learnt and which go in can
 * be chosen; every defect is told by row and column.
 */

import {openWindow} from "../../draw/dialog.js";
import {h, setText} from "../../draw/dom.js";
import {integer} from "../../draw/format.js";
import {Columns} from "./columns.js";
import {defectRows} from "./defects.js";
import {Source} from "./source.js";
import {summary} from "./words.js";
import {Written} from "./written.js";

/**
 * @typedef {{ok: boolean, code?: string, message?: string, params?: any, form?: import("./words.js").Form, sheets?:
 * string[], columns?: import("./columns.js").Column[], target?: number | null, defects?: import("./words.js").Defect[],
 * count?: number, option?: import("../../types").DatasetOption}} Answer
 */

/** Bytes of a file; the server says the same. */
const LARGEST = 10 * 2 ** 20;

/**
 * A window beside the left panel, in which a file becomes a data set.
 * @param {HTMLDialogElement} root
 * @param {import("../../types").PageContext} context
 * @returns {import("../../types").View & {toggle: () => void}}
 */
export function uploadView(root, context) {
  return new Upload(root, context);
}

class Upload {
  /** @param {HTMLDialogElement} root @param {import("../../types").PageContext} context */
  constructor(root, context) {
    const {t} = context;
    this.root = root;
    this.context = context;
    this.lang = "";
    /** The file, its name, and what is known of it. @type {Blob | null} */
    this.content = null;
    this.name = "";
    /** @type {Answer | null} */
    this.answer = null;
    /** How often the file was asked about: only the newest answer counts; and whether one is on its way. */
    this.asked = 0;
    this.reading = false;
    this.source = new Source(
      root,
      (content, name) => this.take(content, name),
      () => t("upload.pasted"),
    );
    this.written = new Written(t, columns => this.rewrite(columns));
    this.columns = new Columns(t, () => this.read());
    this.title = h("strong", {class: "upload-name", dataset: {role: "upload-name"}});
    const fields = h("div", {class: "upload-fields"}, ...this.written.fields.values(), ...this.columns.fields);
    const hint = h("span", {class: "upload-note", dataset: {i18n: "upload.guessed"}});
    this.choices = h("div", {class: "upload-choices", hidden: true}, this.title, hint, fields, this.columns.element);
    this.verdict = h("p", {class: "upload-verdict", role: "status", dataset: {role: "upload-verdict"}});
    this.defects = h("table", {class: "upload-defects", dataset: {role: "upload-defects"}, hidden: true});
    this.train = h("button", {
      type: "button",
      class: "primary",
      disabled: true,
      dataset: {role: "upload-train", i18n: "upload.train"},
      onclick: () => this.begin(),
    });
    /** What rests while there is no connection. */
    this.body = h("div", {class: "upload"});
    this.lay();
  }

  lay() {
    const {root, source, choices, verdict, defects, train} = this;
    const heading = h("h2", {id: "title-upload", dataset: {i18n: "upload.title"}});
    const close = h(
      "button",
      {
        type: "button",
        class: "quiet",
        dataset: {role: "upload-close", i18nTip: "setting.close"},
        onclick: () => root.close(),
      },
      "×",
    );
    const end = h("div", {class: "upload-end"}, verdict, train);
    this.body.append(source.element, choices, defects, end);
    root.append(h("div", {class: "dialog-head"}, heading, close), this.body);
  }

  /** A new file: nothing that was chosen for the last one holds. @param {Blob} content @param {string} name */
  take(content, name) {
    this.content = content;
    this.name = name;
    this.written.clear();
    this.columns.clear();
    this.read();
  }

  /** @param {boolean} columns whether what was chosen of columns may now mean others */
  rewrite(columns) {
    if (columns) this.columns.clear();
    this.read();
  }

  /** Read what is there, as it is chosen now. One file is on its way at a time: the server refuses a second one. */
  async read() {
    if (!this.content) return;
    this.asked++;
    this.train.disabled = true;
    setText(this.verdict, this.context.t("upload.reading"));
    this.verdict.dataset.kind = "";
    if (this.reading) return;
    this.reading = true;
    let answered = 0;
    while (answered !== this.asked) {
      answered = this.asked;
      this.answer = await this.ask(this.content);
    }
    this.reading = false;
    this.show();
  }

  /** @param {Blob} content @returns {Promise<Answer>} */
  async ask(content) {
    const {context} = this;
    if (content.size > LARGEST) return {ok: false, message: context.t("upload.too_large", {n: LARGEST / 2 ** 20})};
    return context.giveFile(content, {...this.written.chosen, ...this.columns.chosen});
  }

  show() {
    const {answer, choices, title, name, defects, context} = this;
    if (!answer) return;
    const {ok, form, sheets = [], columns = [], target = null, option, defects: found = [], count = 0} = answer;
    choices.hidden = !form;
    setText(title, name);
    title.hidden = !name;
    this.source.shrink(name !== "");
    if (form) this.written.show(form, sheets, !name);
    this.columns.show(columns, target, option?.kind ?? null);
    this.train.disabled = !ok;
    this.verdict.dataset.kind = ok ? "good" : "bad";
    setText(this.verdict, this.judge(answer));
    defects.hidden = !found.length;
    defects.replaceChildren(...(found.length ? defectRows(context.t, this.lang, found, count) : []));
  }

  /** One line on the whole file. @param {Answer} answer */
  judge(answer) {
    const {t, wordsOf} = this.context;
    const {ok, option, defects = [], count = 0} = answer;
    if (ok && option) return summary(t, option);
    return defects.length ? t(count === 1 ? "upload.defect" : "upload.defects", {n: integer(count)}) : wordsOf(answer);
  }

  async begin() {
    const option = this.answer?.option;
    if (!option) return;
    this.train.disabled = true;
    const reply = await this.context.act("configure", {data: {name: option.name}});
    this.train.disabled = false;
    if (reply.ok !== false) this.root.close();
  }

  toggle() {
    if (this.root.open) this.root.close();
    else {
      openWindow(this.root);
      this.source.file.focus();
    }
  }

  /** @param {import("../../types").State} state */
  update(state) {
    this.body.inert = state.connection !== "open";
    if (this.lang === state.lang) return;
    this.lang = state.lang;
    this.show();
  }

  destroy() {
    this.source.destroy();
    this.root.replaceChildren();
  }
}
