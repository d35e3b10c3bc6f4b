// @ts-check
/**
 * What the network answers: over the input plane, to a picture or row by row of a table, as the data asks for; to a
 * drawing; counted by class.
 */

import {h, setText} from "../../draw/dom.js";
import {isPlane} from "../../maths/forward.js";
import {createMatrix} from "./matrix.js";
import {createPad} from "./pad.js";
import {createPlane} from "./plane.js";
import {createSamples} from "./samples.js";
import {createTable} from "./table.js";

/** @typedef {import("../../types").State} State */
/** @typedef {import("./matrix.js").Picked} Picked */
/** @typedef {"plane" | "samples" | "table" | "pad" | "matrix"} Form */

/** Fewer samples than this need no matrix to be counted. */
const FEW = 9;

/**
 * The form that shows the data itself.
 * @param {State} state
 * @returns {"plane" | "samples" | "table" | null} null while there is nothing to show
 */
export function formOf({data, layout, frame}) {
  if (!data || !layout || !frame || layout.sizes[0] !== data.inputs) return null;
  return data.image ? "samples" : isPlane(data) ? "plane" : "table";
}

/** All forms that the data has, its own one first. @param {State} state @returns {Form[]} */
export function formsOf(state) {
  const own = formOf(state);
  const data = state.data;
  if (!own || !data) return [];
  return [
    own,
    ...(own === "samples" ? [/** @type {const} */ ("pad")] : []),
    ...(data.kind !== "regression" && data.n >= FEW ? [/** @type {const} */ ("matrix")] : []),
  ];
}

/**
 * @param {HTMLElement} root
 * @param {import("../../types").ViewContext} context
 * @returns {import("../../types").View}
 */
export function boundaryView(root, context) {
  const {t, act, choose} = context;
  const document = root.ownerDocument;
  const waiting = h("p", {class: "boundary-waiting"});
  const segment = h("div", {class: "plot-segment", role: "group"});
  const running = h("span", {class: "boundary-running", hidden: true});
  const head = h("div", {class: "plot-head boundary-head"}, segment, running);
  const words = h("span");
  const leave = h(
    "button",
    {
      type: "button",
      onclick: () => {
        picked = null;
        show();
      },
    },
    "✕",
  );
  const banner = h("div", {class: "boundary-picked", hidden: true}, words, leave);
  root.classList.add("boundary");
  root.append(head, banner, waiting);
  const sketch = /** @type {import("./pad.js").Sketch} */ ({strokes: []});
  /** @type {State | null} */
  let state = null;
  /** @type {Form | null} */
  let form = null;
  /** the form that was asked for, where the data has it @type {Form | null} */
  let wish = null;
  /** samples of a cell of the matrix @type {Picked | null} */
  let picked = null;
  let offered = "";
  /** @type {{update: (state: State, rows?: number[] | null) => void, destroy: () => void} | null} */
  let view = null;

  /** @param {Form} next */
  function create(next) {
    if (next === "matrix") return createMatrix(root, context, pick);
    if (next === "pad") return createPad(root, context, sketch);
    return {plane: createPlane, samples: createSamples, table: createTable}[next](root, context);
  }

  /** Show the samples of a cell. @param {Picked} cell */
  function pick(cell) {
    picked = cell;
    wish = null;
    choose({probe: null});
    act("sample", {row: cell.rows[0]});
    show();
  }

  /** @param {Form} next */
  function turn(next) {
    wish = next;
    if (next === "matrix" || next === "pad") picked = null;
    choose({probe: null});
    show();
  }

  function show() {
    if (!state) return;
    const forms = formsOf(state);
    const wanted = wish && forms.includes(wish) ? wish : (forms[0] ?? form);
    if (wanted !== form) {
      view?.destroy();
      form = wanted;
      view = form && create(form);
    }
    offer(forms);
    banner.hidden = !picked || form === "matrix" || form === "pad";
    root.classList.toggle("picking", !banner.hidden);
    if (picked && state.data)
      setText(
        words,
        t(picked.test ? "boundary.picked_test" : "boundary.picked_train", {
          n: picked.rows.length,
          truth: state.data.class_names[picked.truth],
          taken: state.data.class_names[picked.taken],
        }),
      );
    waiting.hidden = form !== null;
    if (form === null) setText(waiting, t(state.connection === "lost" ? "network.waiting_lost" : "boundary.waiting"));
    if (forms.length) view?.update(state, picked?.rows ?? null);
  }

  /** Buttons for the forms. @param {Form[]} forms */
  function offer(forms) {
    // All pictures and numbers of this panel show the network as it predicts: batch normalization takes running
    // statistics.
    const batch = state?.layout?.normalization.includes("batch") ?? false;
    const key = JSON.stringify([forms, form, state?.lang, batch]);
    if (!forms.length || key === offered) return;
    offered = key;
    head.hidden = forms.length < 2 && !batch;
    segment.hidden = forms.length < 2;
    running.hidden = !batch;
    setText(running, t("boundary.running"));
    running.title = t("boundary.running_title");
    const buttons = /** @type {NodeListOf<HTMLButtonElement>} */ (segment.querySelectorAll("button"));
    if ([...buttons].map(button => button.dataset.form).join() !== forms.join()) {
      segment.replaceChildren(
        ...forms.map(each => h("button", {type: "button", dataset: {form: each}, onclick: () => turn(each)})),
      );
    }
    for (const button of /** @type {NodeListOf<HTMLButtonElement>} */ (segment.querySelectorAll("button"))) {
      setText(button, t(`boundary.form_${button.dataset.form}`));
      button.setAttribute("aria-pressed", String(button.dataset.form === form));
    }
    segment.setAttribute("aria-label", t("boundary.forms"));
    leave.setAttribute("aria-label", t("boundary.all_samples"));
    leave.title = t("boundary.all_samples");
  }

  /** Escape leads back to the samples. @param {KeyboardEvent} event */
  function escape(event) {
    if (
      event.key !== "Escape" ||
      event.defaultPrevented ||
      document.querySelector("dialog[open]") ||
      !(state?.view.probe || picked || form === "pad")
    )
      return;
    event.preventDefault();
    if (state?.view.probe || form === "pad") {
      choose({probe: null});
      if (form === "pad") wish = null;
    } else picked = null;
    show();
  }
  document.addEventListener("keydown", escape);

  return {
    update(next) {
      if (state && state.data !== next.data) picked = null;
      state = next;
      show();
    },
    destroy() {
      document.removeEventListener("keydown", escape);
      view?.destroy();
      root.classList.remove("boundary");
      root.replaceChildren();
    },
  };
}
