// @ts-check
/** The window of the graph: its text, its controls, the stage, and what stands below. Decides nothing. */

import {h, setText} from "../../draw/dom.js";
import {nameControl} from "../../draw/explain.js";
import {EXAMPLES} from "./examples.js";

/** @typedef {import("../../types").ViewContext["t"]} Translate */

const RUN = "run";
const OWN = "own";
/** The columns of the table. */
const COLUMNS = ["node", "formula", "value", "derivative", "arrives"];

/** @param {string} role @param {() => void} onclick */
const button = (role, onclick) => h("button", {type: "button", dataset: {role}, onclick});

export class GraphWindow {
  /**
   * @param {HTMLDialogElement} root
   * @param {{typed(): void, example(name: string): void, go(by: number | "first" | "last"): void, play(): void,
   * check(): void}} hands
   */
  constructor(root, hands) {
    this.title = h("h2", {id: "title-graph"});
    this.close = h("button", {class: "quiet", type: "button", dataset: {role: "graph-close"}}, "×");
    this.close.onclick = () => root.close();
    this.lead = h("p", {class: "graph-lead"});
    this.label = h("label", {for: "graph-text"});
    this.text = h("textarea", {id: "graph-text", rows: 3, spellcheck: "false", autocapitalize: "off"});
    this.text.dataset.role = "graph-text";
    this.text.oninput = () => hands.typed();
    this.fault = h("p", {id: "graph-fault", class: "graph-fault", role: "status", dataset: {role: "graph-fault"}});
    this.text.setAttribute("aria-describedby", "graph-fault");
    this.choice = h("select", {dataset: {role: "graph-example"}});
    this.options = [OWN, RUN, ...Object.keys(EXAMPLES)].map(name => h("option", {value: name}));
    this.choice.append(...this.options);
    this.choice.onchange = () => hands.example(this.choice.value);
    this.back = button("graph-back", () => hands.go(-1));
    this.step = button("graph-step", () => hands.go(1));
    this.play = button("graph-play", () => hands.play());
    this.first = button("graph-first", () => hands.go("first"));
    this.last = button("graph-last", () => hands.go("last"));
    this.place = h("output", {class: "graph-place", dataset: {role: "graph-place"}});
    this.stage = h("div", {class: "graph-stage", tabindex: "0", role: "region", dataset: {role: "graph-stage"}});
    this.lines = h("div", {class: "graph-lines", tabindex: "0", role: "region", dataset: {role: "graph-lines"}});
    this.check = button("graph-check", () => hands.check());
    this.verdict = h("p", {class: "graph-verdict", role: "status", dataset: {role: "graph-verdict"}});
    this.heads = COLUMNS.map(() => h("th", {scope: "col"}));
    this.rows = h("tbody");
    this.fold = h("summary", {});
    this.table = h(
      "details",
      {class: "graph-table", dataset: {role: "graph-table"}},
      this.fold,
      h(
        "div",
        {class: "graph-scroll", tabindex: "0", role: "region"},
        h("table", {}, h("thead", {}, h("tr", {}, ...this.heads)), this.rows),
      ),
    );
    root.append(h("div", {class: "dialog-head"}, this.title, this.close));
  }

  /** What stands below the head. @param {HTMLElement} variables */
  body(variables) {
    return h(
      "div",
      {class: "graph"},
      this.lead,
      h(
        "div",
        {class: "graph-text"},
        h("div", {class: "graph-text-head"}, this.label, this.choice),
        this.text,
        this.fault,
      ),
      variables,
      h("div", {class: "graph-controls"}, this.first, this.back, this.play, this.step, this.last, this.place),
      this.stage,
      h("div", {class: "graph-card"}, this.lines, h("div", {class: "graph-measure"}, this.check, this.verdict)),
      this.table,
    );
  }

  /** @param {Translate} t */
  words(t) {
    setText(this.title, t("graph.title"));
    nameControl(this.close, t("setting.close"));
    setText(this.lead, t("graph.lead"));
    setText(this.label, t("graph.formula"));
    this.choice.setAttribute("aria-label", t("graph.examples"));
    this.options.forEach(option => setText(option, t(`graph.example_${option.value}`)));
    for (const name of /** @type {const} */ (["back", "step", "first", "last", "check"]))
      setText(this[name], t(`graph.${name}`));
    this.stage.setAttribute("aria-label", t("graph.stage"));
    this.lines.setAttribute("aria-label", t("graph.lines"));
    setText(this.fold, t("graph.table"));
    this.table.querySelector(".graph-scroll")?.setAttribute("aria-label", t("graph.table"));
    this.heads.forEach((head, k) => setText(head, t(`graph.column_${COLUMNS[k]}`)));
  }

  /** @param {string[][]} rows */
  write(rows) {
    this.rows.replaceChildren(
      ...rows.map(([name, ...cells]) =>
        h("tr", {}, h("th", {scope: "row"}, name), ...cells.map(cell => h("td", {}, cell))),
      ),
    );
  }
}
