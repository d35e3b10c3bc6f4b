// @ts-check
/** A film of a panel over steps of the run: which, how long, how large; then the run goes through them once. */

import {openWindow} from "../../draw/dialog.js";
import {h, setOptions, setText} from "../../draw/dom.js";
import {nameControl} from "../../draw/explain.js";
import {integer} from "../../draw/format.js";
import {saveBlob} from "../shared/file.js";
import {filmControls, savedWords} from "../shared/film_controls.js";
import {Filming, shotsOf} from "../shared/filming.js";
import {panelOf, shownPanels, titleOf} from "../shared/pictures.js";
import {atRest, paintPicture, sizeOf} from "./painting.js";
import {Ended, Steps} from "./steps.js";

/** @typedef {import("../../types").State} State */
/** @typedef {import("../shared/pictures.js").Name} Name */
/** @typedef {import("./painting.js").Size} Size */

const SIZES = /** @type {const} */ (["slide", "looks"]);

class Film {
  /** @type {State | null} */
  state = null;
  lang = "";
  /** What is said while nothing goes on: of a film that was made, or that was not. @type {() => string} */
  note = () => "";

  /** @param {HTMLDialogElement} root @param {import("../../types").PageContext} context */
  constructor(root, context) {
    this.root = root;
    this.context = context;
    this.steps = new Steps(context.act);
    this.filming = new Filming(() => this.tell());
    this.title = h("h2", {id: "title-film"});
    this.close = h("button", {class: "quiet", type: "button", dataset: {role: "film-close"}}, "×");
    this.close.onclick = () => root.close();
    this.lead = h("p", {class: "share-words"});
    this.controls = filmControls(context.t, {press: () => this.press(), choose: () => this.choose()}, "film");
    this.fields = this.createFields();
    const labels = Object.values(this.fields).map(({field, words}) => h("label", {}, words, field));
    const {labels: others, begin, progress, told, missing} = this.controls;
    root.append(
      h("div", {class: "dialog-head"}, this.title, this.close),
      h(
        "div",
        {class: "film"},
        this.lead,
        h("div", {class: "maps-controls"}, ...labels, ...others, begin, progress),
        told,
        missing,
      ),
    );
    root.addEventListener("close", () => this.filming.cancel());
  }

  createFields() {
    const onchange = () => this.choose();
    const step = () => h("input", {type: "number", min: 0, step: 1, onchange});
    const fields = {
      panel: h("select", {onchange}),
      first: step(),
      last: step(),
      size: h("select", {onchange}),
    };
    for (const [name, field] of Object.entries(fields)) field.dataset.role = `film-${name}`;
    const worded = (/** @type {keyof typeof fields} */ name) => ({field: fields[name], words: h("span")});
    return {panel: worded("panel"), first: worded("first"), last: worded("last"), size: worded("size")};
  }

  /** @param {Name} name */
  open(name) {
    if (this.root.open || !this.state) return;
    openWindow(this.root);
    const {panel, first, last} = this.fields;
    this.note = () => "";
    this.lang = "";
    this.write(this.state);
    panel.field.value = name;
    /** @type {HTMLInputElement} */ (first.field).value = "0";
    /** @type {HTMLInputElement} */ (last.field).value = String(this.state.furthest);
    this.controls.find();
    this.tell();
  }

  choose() {
    this.note = () => "";
    this.tell();
  }

  /** What is asked for. */
  chosen() {
    const {panel, first, last, size} = this.fields;
    return {
      ...this.controls.chosen(),
      panel: /** @type {Name} */ (panel.field.value),
      size: /** @type {Size} */ (size.field.value),
      first: Math.round(Number(first.field.value)),
      last: Math.round(Number(last.field.value)),
    };
  }

  /** Why no film can be made, in words; "" where one can. */
  problem() {
    const {state, context} = this;
    const {t} = context;
    if (!state?.frame || state.furthest === 0) return t("film.no_steps");
    const {panel, first, last} = this.chosen();
    if (panel === "microscope") return t("film.no_microscope");
    if (state.room && !state.room.you.drives) return t("film.follower");
    if (state.connection !== "open") return t("film.offline");
    if (!(first >= 0 && first < last && last <= state.furthest))
      return t("film.bad_steps", {last: integer(state.furthest)});
    const key = this.controls.problem();
    return key && t(key);
  }

  press() {
    if (this.filming.busy) this.filming.cancel();
    else this.make().catch(reportError);
  }

  async make() {
    const {steps, filming, state, context} = this;
    const chosen = this.chosen();
    const panel = panelOf(chosen.panel);
    if (!state || !panel || this.problem()) return;
    const {t} = context;
    const {panel: name, size, first, last, form, rate} = chosen;
    const film = {...sizeOf(size, panel.getBoundingClientRect()), rate, title: titleOf(name, state, t)};
    const shots = shotsOf(chosen.pictures, share => Math.round(first + share * (last - first)));
    const file = `backscope-${name}-steps-${first}-${last}.${form}`;
    context.choose({filming: true});
    this.note = () => t("film.cancelled");
    try {
      const blob = await filming.make(form, film, shots, async (step, ctx, goes) => {
        if (!steps.before) await steps.begin();
        if (goes()) await steps.to(step, name);
        const words = titleOf(name, /** @type {State} */ (steps.state), t);
        if (goes())
          await paintPicture(ctx, await atRest(panel, {title: words, address: "", language: ""}, goes), size, words);
      });
      if (blob) {
        saveBlob(blob, file);
        this.note = () => savedWords(blob, file, chosen, t);
      }
    } catch (error) {
      const key = error instanceof Ended ? error.message : "film.failed";
      this.note = () => t(key);
      if (key === "film.failed") reportError(error);
    } finally {
      await steps.end();
      context.choose({filming: false});
      this.tell();
    }
  }

  tell() {
    const {filming, controls, fields} = this;
    if (!this.root.open) return;
    const problem = filming.busy ? "" : this.problem();
    controls.begin.disabled = problem !== "";
    for (const {field} of Object.values(fields)) field.disabled = filming.busy;
    controls.tell(filming, problem || this.note());
  }

  /** @param {State} state */
  write({lang, furthest}) {
    const {t} = this.context;
    const {panel, first, last, size} = this.fields;
    for (const {field} of [first, last]) field.setAttribute("max", String(furthest));
    if (this.lang === lang) return;
    this.lang = lang;
    setText(this.title, t("film.title"));
    setText(this.lead, t("film.lead"));
    nameControl(this.close, t("setting.close"));
    for (const [name, {words}] of Object.entries(this.fields)) setText(words, t(`film.${name}`));
    setOptions(
      /** @type {HTMLSelectElement} */ (panel.field),
      shownPanels().map(value => ({value, label: t(`picture.panel_${value}`)})),
    );
    setOptions(
      /** @type {HTMLSelectElement} */ (size.field),
      SIZES.map(value => ({value, label: t(`film.size_${value}`)})),
    );
    this.controls.write();
  }

  /** @param {State} state */
  update(state) {
    this.state = state;
    this.steps.update(state);
    if (!this.root.open || !state.config) return;
    this.write(state);
    if (!this.filming.busy) this.tell();
  }
}

/**
 * @param {HTMLDialogElement} root
 * @param {import("../../types").PageContext} context
 * @returns {import("../../types").View & {open(name: Name): void}}
 */
export function filmView(root, context) {
  const film = new Film(root, context);
  return {
    update: state => film.update(state),
    open: name => film.open(name),
    destroy() {
      film.filming.cancel();
      root.replaceChildren();
    },
  };
}
