// @ts-check
/**
 * The window of the large picture to explore. It opens with the press; Plotly and what it draws are fetched after that.
 */

import {h} from "../../draw/dom.js";
import {integer} from "../../draw/format.js";

/** @param {import("./plotly.js").Still} still */
export async function openExplorer(still) {
  const {t, surface, step} = still;
  const bar = h("progress", {max: "1", value: "0"});
  const words = h("p", {}, t("surface.explore_loading"));
  const wait = h("div", {class: "explore-wait"}, words, bar);
  const plot = h("div", {class: "explore-plot"});
  const close = h(
    "button",
    {
      type: "button",
      class: "explore-close",
      "aria-label": t("surface.explore_close"),
      tip: t("surface.explore_close"),
      onclick: () => dialog.close(),
    },
    "×",
  );
  const title = `${t(`surface.plane_${surface.plane}`)} · ${t("surface.explore_step", {n: integer(step)})}`;
  const dialog = h(
    "dialog",
    {class: "explore", "aria-label": t("surface.explore")},
    h("div", {class: "explore-head"}, h("h2", {}, t("surface.explore")), h("span", {}, title), close),
    wait,
    plot,
  );
  document.body.append(dialog);
  /** @type {any} */ let Plotly = null;
  const resize = new ResizeObserver(() => Plotly?.Plots.resize(plot));
  dialog.addEventListener("close", () => {
    resize.disconnect();
    Plotly?.purge(plot);
    dialog.remove();
  });
  dialog.showModal();
  try {
    const {drawStill} = await import("./plotly.js");
    Plotly = await drawStill(plot, still, share => {
      bar.value = share;
    });
    if (dialog.open) resize.observe(plot);
    else Plotly.purge(plot);
    wait.remove();
  } catch (error) {
    console.error(error);
    bar.remove();
    words.textContent = t("surface.explore_failed");
  }
}
