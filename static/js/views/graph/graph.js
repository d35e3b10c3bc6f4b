// @ts-check
/**
 * The chain rule on a graph: a formula as it is typed, or the run’s own sample, one node at a time, forward and back.
 * The numbers are the server’s: see server/panels/chain_graph.py.
 */

import {openWindow} from "../../draw/dialog.js";
import {setText} from "../../draw/dom.js";
import {backwardLines, forwardLines, rowsOf} from "./card.js";
import {EXAMPLES} from "./examples.js";
import {nameText} from "./names.js";
import {number, Picture} from "./picture.js";
import {Variables} from "./variables.js";
import {knownAfter, stepsOf} from "./walk.js";
import {GraphWindow} from "./window.js";

/** @typedef {import("../../types").State} State */
/** @typedef {import("../../types").ChainGraph} ChainGraph */

/** ms between two steps of the walk, and after the last letter until the text is read. */
const PACE = 1100;
const TYPING = 250;
/** Below this width in px columns lie below each other. */
const NARROW = 520;

class GraphView {
  /** @param {HTMLDialogElement} root @param {import("../../types").PageContext} context */
  constructor(root, context) {
    this.root = root;
    this.context = context;
    this.t = context.t;
    /** The wish that is shown, and the language it is written in. @type {string | null} */
    this.shown = null;
    this.lang = "";
    /** @type {ChainGraph | null} */
    this.graph = null;
    /** Values that somebody has set. @type {Record<string, number>} */
    this.values = {};
    /** Steps taken, and the node whose card is shown. */
    this.taken = 0;
    this.node = 0;
    this.timer = 0;
    this.typing = 0;
    /** Whether an answer is awaited, and another is wanted after it. */
    this.busy = false;
    /** @type {{ofRun: boolean} | null} */
    this.next = null;
    this.variables = new Variables(
      (name, value) => this.set(name, value),
      name => this.t("graph.slider", {name}),
    );
    this.picture = new Picture(node => this.choose(node));
    this.window = new GraphWindow(root, {
      typed: () => this.typed(),
      example: name => this.example(name),
      go: by => this.go(by),
      play: () => this.play(),
      check: () => this.check(),
    });
    root.append(this.window.body(this.variables.element));
    this.window.stage.append(this.picture.element);
    this.window.table.ontoggle = () => this.paint();
    root.addEventListener("close", () => {
      this.pause();
      context.choose({graph: null});
    });
    this.observer = new ResizeObserver(() => this.paint());
    this.observer.observe(this.window.stage);
  }

  /** @param {State} state */
  update({view, lang}) {
    const {graph: wish} = view;
    if (wish === null) {
      this.shown = null;
      if (this.root.open) this.root.close();
      return;
    }
    if (lang !== this.lang) {
      this.lang = lang;
      this.window.words(this.t);
      this.variables.forget();
      this.paint();
    }
    if (wish === this.shown) return;
    this.shown = wish;
    openWindow(this.root);
    this.window.choice.value = Object.keys(EXAMPLES).find(name => EXAMPLES[name] === wish) ?? (wish ? "own" : "run");
    this.begin(wish || undefined);
  }

  /** @param {string} name */
  example(name) {
    if (name === "own") this.window.text.focus();
    else this.begin(EXAMPLES[name]);
  }

  /** Another graph, whole. @param {string} [text] none for the run's own sample */
  begin(text) {
    this.pause();
    this.values = {};
    this.graph = null;
    this.node = 0;
    this.variables.forget();
    this.window.text.value = text ?? "";
    this.ask(text === undefined);
  }

  typed() {
    clearTimeout(this.typing);
    this.window.choice.value = "own";
    this.values = {};
    this.variables.forget();
    this.typing = window.setTimeout(() => this.ask(), TYPING);
  }

  /** @param {string} name @param {number} value */
  set(name, value) {
    this.values = {...this.values, [name]: value};
    this.ask();
  }

  /** Ask for the numbers; while an answer is on its way, only the newest wish counts. @param {boolean} [ofRun] */
  async ask(ofRun = false) {
    if (this.busy) {
      this.next = {ofRun};
      return;
    }
    this.busy = true;
    const text = this.window.text.value;
    const reply = /** @type {any} */ (
      await this.context.act("graph", ofRun ? {} : {text, values: this.values}).catch(() => ({ok: false}))
    );
    this.busy = false;
    const {next} = this;
    this.next = null;
    if (next) {
      this.ask(next.ofRun);
      return;
    }
    if (reply.ok === false) this.sayFault(this.context.wordsOf(reply));
    else this.take(reply, ofRun);
  }

  /** @param {any} reply @param {boolean} ofRun */
  take(reply, ofRun) {
    if (ofRun) this.window.text.value = reply.text;
    const {fault} = reply;
    this.sayFault(
      fault
        ? this.t("graph.fault", {column: fault.column, words: this.t(`graph.fault_${fault.code}`, fault.params)})
        : "",
    );
    if (fault) return;
    const other = this.graph?.nodes.length !== reply.nodes.length;
    this.graph = {nodes: reply.nodes, edges: reply.edges};
    if (other) {
      this.taken = stepsOf(this.graph).length;
      this.node = reply.nodes.length - 1;
    }
    this.variables.show(this.graph);
    setText(this.window.verdict, "");
    this.paint();
  }

  /** @param {string} words */
  sayFault(words) {
    setText(this.window.fault, words);
    this.window.text.setAttribute("aria-invalid", String(Boolean(words)));
  }

  /** @param {number | "first" | "last"} by */
  go(by) {
    if (!this.graph) return;
    const steps = stepsOf(this.graph);
    const to = by === "first" ? 0 : by === "last" ? steps.length : this.taken + by;
    this.taken = Math.min(steps.length, Math.max(0, to));
    if (this.taken === steps.length) this.pause();
    const step = steps[this.taken - 1];
    if (step) this.node = step.node;
    setText(this.window.verdict, "");
    this.paint();
    this.picture.reveal(this.node, this.window.stage);
    if (step) this.context.announce("graph", this.named(step.node));
  }

  play() {
    if (this.timer) this.pause();
    else if (this.graph) {
      if (this.taken === stepsOf(this.graph).length) this.taken = 0;
      this.timer = window.setInterval(() => this.go(1), PACE);
      this.go(1);
    }
    this.paint();
  }

  pause() {
    clearInterval(this.timer);
    this.timer = 0;
  }

  /** @param {number} node */
  choose(node) {
    if (node === this.node) return;
    this.node = node;
    setText(this.window.verdict, "");
    this.paint();
  }

  /** The derivative by the node in question from differences of the result. */
  async check() {
    const {graph, node, t} = this;
    if (!graph) return;
    const fields = {text: this.window.text.value, values: this.values, check: node};
    const {check} = /** @type {any} */ (await this.context.act("graph", fields));
    if (!check || node !== this.node) return;
    const key = check.agrees ? "graph.agrees" : "graph.differs";
    const numbers = {derivative: number(graph.nodes[node].derivative), difference: number(check.value)};
    setText(this.window.verdict, t(key, numbers));
    this.window.verdict.dataset.agrees = String(check.agrees);
  }

  /** What is said of a node. @param {number} node */
  named(node) {
    const {graph, t} = this;
    if (!graph) return "";
    const known = knownAfter(graph, this.taken);
    const {name, value, derivative} = graph.nodes[node];
    const result = nameText(graph.nodes[graph.nodes.length - 1].name);
    const words = {name: nameText(name), result, value: number(value), derivative: number(derivative)};
    if (known.derivatives.has(node)) return t("graph.node_both", words);
    return known.values.has(node) ? t("graph.node_value", words) : t("graph.node_none", words);
  }

  paint() {
    const {graph, picture, taken, node, t} = this;
    const {stage, lines, place, play, back, step, check, table} = this.window;
    setText(play, t(this.timer ? "graph.pause" : "graph.play"));
    if (!graph || !this.root.open) return;
    const scale = Number(getComputedStyle(this.root).getPropertyValue("--scale")) || 1;
    const built = picture.build(graph, stage.clientWidth < NARROW, scale);
    const steps = stepsOf(graph);
    const known = knownAfter(graph, taken);
    const here = steps[taken - 1];
    picture.paint(graph, known, node, here?.node === node && taken < steps.length ? here.way : "", i => this.named(i));
    setText(place, t("graph.place", {n: taken, of: steps.length}));
    back.disabled = taken === 0;
    step.disabled = taken === steps.length;
    check.disabled = !known.derivatives.has(node);
    lines.replaceChildren(
      ...(known.values.has(node) ? forwardLines(graph, node) : []),
      ...(known.derivatives.has(node) ? backwardLines(graph, node) : []),
    );
    if (table.open) this.window.write(rowsOf(graph).map(([name, ...rest]) => [nameText(name), ...rest]));
    if (built) picture.reveal(node, stage);
  }

  destroy() {
    this.pause();
    clearTimeout(this.typing);
    this.observer.disconnect();
    this.root.replaceChildren();
  }
}

/**
 * @param {HTMLDialogElement} root @param {import("../../types").PageContext} context
 * @returns {import("../../types").View}
 */
export function graphView(root, context) {
  const view = new GraphView(root, context);
  return {update: state => view.update(state), destroy: () => view.destroy()};
}
