// @ts-check
/** Pictures of what is on show, one of each panel. */

import {h, setOptions, setText} from "../../draw/dom.js";
import {copies, shownPanels, takePicture} from "../shared/pictures.js";

/** @typedef {import("../../types").State} State */

const FORMS = /** @type {const} */ (["png", "svg", "copy"]);

/** @param {import("../../types").PageContext} context
 * @param {(panel: import("../shared/pictures.js").Name) => void} openFilm */
export function picturesOf(context, openFilm) {
  const {t} = context;
  /** @type {State | null} */
  let state = null;
  const title = h("h3");
  const words = h("p", {class: "share-words"});
  const panel = h("select", {dataset: {role: "share-panel"}});
  const told = h("p", {class: "share-words", role: "status"});
  const take = async (/** @type {typeof FORMS[number]} */ form) => {
    if (!state) return;
    const name = /** @type {import("../shared/pictures.js").Name} */ (panel.value);
    setText(told, "");
    try {
      await takePicture(name, form, state, context);
      if (form === "copy") setText(told, t("picture.copied"));
    } catch (error) {
      setText(told, t("picture.failed"));
      reportError(error);
    }
  };
  const buttons = FORMS.map(form => ({
    form,
    element: h("button", {type: "button", dataset: {role: `share-${form}`}, onclick: () => take(form)}),
  }));
  const film = h("button", {type: "button", dataset: {role: "share-film"}});
  film.onclick = () => openFilm(/** @type {import("../shared/pictures.js").Name} */ (panel.value));
  const line = h("div", {class: "share-line"}, panel, ...buttons.map(({element}) => element), film);
  const list = () =>
    setOptions(
      panel,
      shownPanels().map(name => ({value: name, label: t(`picture.panel_${name}`)})),
    );
  panel.addEventListener("pointerdown", list);
  panel.addEventListener("focus", list);
  return {
    element: h("section", {class: "share-part"}, title, words, line, told),
    list,
    /** @param {State} next */
    update(next) {
      state = next;
    },
    write() {
      setText(title, t("picture.title"));
      setText(words, t("picture.words"));
      panel.setAttribute("aria-label", t("picture.title"));
      for (const {form, element} of buttons) {
        setText(element, t(`picture.${form}`));
        element.hidden = form === "copy" && !copies();
      }
      setText(film, t("picture.film"));
      list();
    },
  };
}
