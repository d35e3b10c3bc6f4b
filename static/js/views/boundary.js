// @ts-check
/** What the network answers: over the input plane, to a picture, or row by row of a table, as the data asks for. */

import {h, setText} from "../dom.js";
import {isPlane} from "../forward.js";
import {createPlane} from "./boundary_plane.js";
import {createSamples} from "./boundary_samples.js";
import {createTable} from "./boundary_table.js";

/** @typedef {import("../types").State} State */

const FORMS = {plane: createPlane, samples: createSamples, table: createTable};

/** @param {State} state @returns {keyof typeof FORMS | null} null while there is nothing to show */
export function formOf({data, layout, frame}) {
  if (!data || !layout || !frame || layout.sizes[0] !== data.inputs) return null;
  return data.image ? "samples" : isPlane(data) ? "plane" : "table";
}

/** @param {HTMLElement} root @param {import("../types").ViewContext} context @returns {import("../types").View} */
export function boundaryView(root, context) {
  const waiting = h("p", {class: "boundary-waiting"});
  root.classList.add("boundary");
  root.append(waiting);
  /** @type {keyof typeof FORMS | null} */
  let form = null;
  /** @type {{update: (state: State) => void, destroy: () => void} | null} */
  let view = null;

  return {
    update(state) {
      const wanted = formOf(state) ?? form;
      if (wanted !== form) {
        view?.destroy();
        form = wanted;
        view = form && FORMS[form](root, context);
      }
      waiting.hidden = form !== null;
      if (form === null) setText(waiting, context.t(state.connection === "lost" ? "network.waiting_lost" : "boundary.waiting"));
      if (formOf(state)) view?.update(state);
    },
    destroy() {
      view?.destroy();
      root.classList.remove("boundary");
      root.replaceChildren();
    },
  };
}
