// @ts-check
/** A window with the numbers of a picture as tables; while it is open it follows the run at a pace that can be read. */

import {openWindow} from "../../draw/dialog.js";
import {h, setText} from "../../draw/dom.js";
import {nameControl} from "../../draw/explain.js";
import {integer} from "../../draw/format.js";
import {calmly} from "../../draw/plot.js";
import {tableOf} from "../shared/numbers.js";
import {tablesOf} from "./numbers.js";

/** @typedef {import("../../types").State} State */

/** ms between two writings. */
const REST = 1000;

export class Tables {
  /** @param {HTMLDialogElement} root @param {import("../../types").ViewContext} context */
  constructor(root, {t, draw}) {
    this.root = root;
    this.t = t;
    this.name = "";
    /** @type {State | null} */
    this.state = null;
    this.title = h("h2", {id: "title-table"});
    this.close = h("button", {class: "quiet", type: "button", dataset: {role: "table-close"}}, "×");
    this.close.onclick = () => root.close();
    this.step = h("p", {class: "numbers-step"});
    this.body = h("div", {class: "numbers", tabindex: "0", role: "region"});
    this.writer = calmly(() => this.write(), REST, draw);
    root.append(h("div", {class: "dialog-head"}, this.title, this.close), this.step, this.body);
  }

  /** @param {string} name of the panel @param {State} state */
  open(name, state) {
    this.name = name;
    this.state = state;
    openWindow(this.root);
    this.write();
    this.close.focus();
  }

  /** @param {State} state */
  update(state) {
    const before = this.state;
    this.state = state;
    const told = /** @type {const} */ (["frame", "lang", "laboratory", "microscope"]);
    if (this.root.open && told.some(name => before?.[name] !== state[name])) this.writer.request();
  }

  write() {
    const {state, t, name, body} = this;
    if (!state || !this.root.open) return;
    const what = t(`picture.panel_${name}`);
    setText(this.title, t("table.title", {what}));
    nameControl(this.close, t("setting.close"));
    body.setAttribute("aria-label", t("table.title", {what}));
    setText(this.step, t("picture.step", {n: integer(state.frame?.step ?? 0)}));
    const tables = tablesOf(name, state, t);
    body.replaceChildren(...(tables.length ? tables.map(tableOf) : [h("p", {}, t("table.nothing"))]));
  }

  destroy() {
    this.writer.cancel();
    this.root.replaceChildren();
  }
}
