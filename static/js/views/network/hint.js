// @ts-check
/**
 * The line below the diagram: what the control in hand would do, what the diagram is about if not a sample, else how to
 * use it.
 */

import {h, setText} from "../../draw/dom.js";

/**
 * @param {HTMLElement} root of the diagram; a control with `data-restarts` in it begins the run anew
 * @param {import("../../types").ViewContext} context
 */
export function createHint(root, {t}) {
  const element = h("span", {class: "network-hint"});
  let warned = false;
  let usual = "";

  function write() {
    root.classList.toggle("warned", warned);
    setText(element, warned ? `↻ ${t("restart.hint")}` : usual);
  }

  /** @param {Event} event */
  function warn(event) {
    const on =
      /over|in$/.test(event.type) &&
      event.target instanceof Element &&
      event.target.closest("[data-restarts]:enabled") !== null;
    if (on === warned) return;
    warned = on;
    write();
  }
  for (const kind of ["pointerover", "pointerout", "focusin", "focusout"]) root.addEventListener(kind, warn);

  return {
    element,
    /**
     * @param {import("../../types").State | null} state
     * @param {boolean} matrices whether layers are drawn as matrices
     */
    update(state, matrices) {
      const probe = state?.frame && state.frame.sample < 0 ? state.view.probe : null;
      root.classList.toggle("probing", probe !== null);
      const picking = state?.view.picking ?? null;
      root.classList.toggle("picking", picking !== null);
      usual = picking
        ? t(`network.pick_${picking.length ? "second" : "first"}`)
        : probe
          ? t(`network.probe_${probe.kind}`)
          : t(matrices ? "network.hint_matrices" : "network.hint");
      write();
    },
  };
}
