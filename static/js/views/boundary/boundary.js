// @ts-check
/**
 * What the network answers: over the input plane, to a picture or row by row of a table, as the data asks for; to a
 * drawing; counted by class.
 */

import {h, setText} from "../../draw/dom.js";
import {explain} from "../../draw/explain.js";
import {formsOf, showsSamples} from "./forms.js";
import {Matrix} from "./matrix.js";
import {Pad} from "./pad.js";
import {Plane} from "./plane.js";
import {Samples} from "./samples.js";
import {Table} from "./table.js";

/** @typedef {import("../../types").State} State */
/** @typedef {import("./forms.js").Form} Form */
/** @typedef {import("./matrix.js").Picked} Picked */
/** @typedef {{update: (state: State, rows?: number[] | null) => void, destroy: () => void}} FormView */

/**
 * @param {HTMLElement} root
 * @param {import("../../types").ViewContext} context
 * @returns {import("../../types").View}
 */
export function boundaryView(root, context) {
  return new BoundaryView(root, context);
}

class BoundaryView {
  /** @type {State | null} */
  state = null;
  /** @type {Form | null} */
  form = null;
  /** @type {FormView | null} */
  view = null;
  /** The form that was asked for, where the data has it. @type {Form | null} */
  wish = null;
  /** Samples of a cell of the matrix. @type {Picked | null} */
  picked = null;
  /** What has been drawn on the pad. @type {import("./pad_ink.js").Sketch} */
  sketch = {strokes: []};
  /** What the buttons were written for. */
  offered = "";

  waiting = h("p", {class: "boundary-waiting"});
  segment = h("div", {class: "plot-segment", role: "group"});
  running = h("span", {class: "boundary-running", hidden: true});
  head = h("div", {class: "plot-head boundary-head"}, this.segment, this.running);
  words = h("span");
  leave = h("button", {type: "button", onclick: () => this.leavePicked()}, "✕");
  banner = h("div", {class: "boundary-picked", hidden: true}, this.words, this.leave);

  /** @param {HTMLElement} root @param {import("../../types").ViewContext} context */
  constructor(root, context) {
    this.root = root;
    this.context = context;
    root.classList.add("boundary");
    root.append(this.head, this.banner, this.waiting);
    root.ownerDocument.addEventListener("keydown", this.escape);
  }

  /** @param {State} next */
  update(next) {
    if (this.state && this.state.data !== next.data) this.picked = null;
    this.state = next;
    this.show();
  }

  /** @param {Form} form @returns {FormView} */
  create(form) {
    const {root, context} = this;
    if (form === "matrix") return new Matrix(root, context, picked => this.pick(picked));
    if (form === "pad") return new Pad(root, context, this.sketch);
    return new {plane: Plane, samples: Samples, table: Table}[form](root, context);
  }

  /** Show the samples of a cell. @param {Picked} cell */
  pick(cell) {
    this.picked = cell;
    this.wish = null;
    this.context.choose({probe: null});
    this.context.act("sample", {row: cell.rows[0]});
    this.show();
  }

  /** Show all samples again. */
  leavePicked() {
    this.picked = null;
    this.show();
  }

  /** @param {Form} next */
  turn(next) {
    this.wish = next;
    if (!showsSamples(next)) this.picked = null;
    this.context.choose({probe: null});
    this.show();
  }

  show() {
    const {state} = this;
    if (!state) return;
    const forms = formsOf(state);
    const wanted = this.wish && forms.includes(this.wish) ? this.wish : (forms[0] ?? this.form);
    if (wanted !== this.form) {
      this.view?.destroy();
      this.form = wanted;
      this.view = wanted && this.create(wanted);
    }
    if (forms.length) this.offer(forms, state);
    this.tellPicked(state);
    this.tellWaiting(state);
    if (forms.length) this.view?.update(state, this.picked?.rows ?? null);
  }

  /** @param {State} state */
  tellPicked({data}) {
    const {picked, banner, form, root, words, context} = this;
    banner.hidden = !picked || !showsSamples(form);
    root.classList.toggle("picking", !banner.hidden);
    if (!picked || !data) return;
    const key = picked.test ? "boundary.picked_test" : "boundary.picked_train";
    const [truth, taken] = [data.class_names[picked.truth], data.class_names[picked.taken]];
    setText(words, context.t(key, {n: picked.rows.length, truth, taken}));
  }

  /** @param {State} state */
  tellWaiting({connection}) {
    const {waiting, form, context} = this;
    waiting.hidden = form !== null;
    if (form === null) setText(waiting, context.t(connection === "lost" ? "network.waiting_lost" : "boundary.waiting"));
  }

  /** Buttons for the forms. @param {Form[]} forms @param {State} state */
  offer(forms, {layout, lang}) {
    // All pictures and numbers of this panel show the network as it predicts: batch normalization takes running
    // statistics.
    const batch = layout?.normalization.includes("batch") ?? false;
    const key = JSON.stringify([forms, this.form, lang, batch]);
    if (key === this.offered) return;
    const {head, segment, running, leave, context} = this;
    const {t} = context;
    this.offered = key;
    head.hidden = forms.length < 2 && !batch;
    segment.hidden = forms.length < 2;
    running.hidden = !batch;
    setText(running, t("boundary.running"));
    explain(running, t("boundary.running_title"));
    this.writeButtons(forms);
    segment.setAttribute("aria-label", t("boundary.forms"));
    leave.setAttribute("aria-label", t("boundary.all_samples"));
    explain(leave, t("boundary.all_samples"));
  }

  /** @param {Form[]} forms */
  writeButtons(forms) {
    const {segment, form, context} = this;
    const buttons = () => /** @type {NodeListOf<HTMLButtonElement>} */ (segment.querySelectorAll("button"));
    if ([...buttons()].map(button => button.dataset.form).join() !== forms.join()) {
      segment.replaceChildren(
        ...forms.map(each => h("button", {type: "button", dataset: {form: each}, onclick: () => this.turn(each)})),
      );
    }
    for (const button of buttons()) {
      setText(button, context.t(`boundary.form_${button.dataset.form}`));
      button.setAttribute("aria-pressed", String(button.dataset.form === form));
    }
  }

  /** Escape leads back to the samples. @param {KeyboardEvent} event */
  escape = event => {
    const probing = this.state?.view.probe;
    const drawing = this.form === "pad";
    if (event.key !== "Escape" || event.defaultPrevented || !(probing || this.picked || drawing)) return;
    if (this.root.ownerDocument.querySelector("dialog[open]")) return;
    event.preventDefault();
    if (probing || drawing) this.context.choose({probe: null});
    else this.picked = null;
    if (drawing) this.wish = null;
    this.show();
  };

  destroy() {
    this.root.ownerDocument.removeEventListener("keydown", this.escape);
    this.view?.destroy();
    this.root.classList.remove("boundary");
    this.root.replaceChildren();
  }
}
