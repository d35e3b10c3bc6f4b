// @ts-check
/** Pictures of panels, as they look now: as SVG, as PNG of a size for slides, in a file or in the clipboard. */

import {rasterized, withWords} from "../../draw/png.js";
import {snapshot} from "../../draw/snapshot.js";
import {saveBlob} from "./file.js";

/** @typedef {import("../../types").State} State */
/** @typedef {import("../../types").PageContext} Context */
/** @typedef {"png" | "svg" | "copy"} Form */

/** Panels that a picture can be taken of, as they are called in the page and in the words. */
export const PANELS = /** @type {const} */ ([
  "network",
  "race",
  "output",
  "surface",
  "curves",
  "gradients",
  "lab",
  "microscope",
]);
/** @typedef {typeof PANELS[number]} Name */

/** Pixels across a slide, and at most and at least how many a CSS pixel becomes. */
const SLIDE = 1920;
const FINEST = 5;
const COARSEST = 2;

/** @param {Name} name @returns {HTMLElement | null} */
export const panelOf = name => document.querySelector(`.panel-${name}`);

/** Panels that are on show. */
export const shownPanels = () => PANELS.filter(name => panelOf(name)?.getClientRects().length);

/** Whether this page may put pictures into the clipboard: browsers let only those that nobody could have changed. */
export const copies = () => isSecureContext && "ClipboardItem" in globalThis && "write" in (navigator.clipboard ?? {});

/** What a picture is called. @param {Name} name @param {State} state @param {Context["t"]} t */
export function titleOf(name, {config, layout, frame}, t) {
  const what = t(name === "surface" && layout?.landscape ? "surface.landscape_title" : `picture.panel_${name}`);
  const data = config?.data.name ?? "";
  const about = layout?.landscape
    ? t("landscape.title")
    : data.startsWith("upload-")
      ? t("runs.own_data")
      : t(`dataset.${data}`);
  return [what, about, t("picture.step", {n: frame?.step ?? 0}), "Backscope"].join(" · ");
}

/**
 * Take a picture of a panel.
 * @param {Name} name
 * @param {Form} form
 * @param {State} state
 * @param {Context} context
 */
export async function takePicture(name, form, state, {t, runAddress}) {
  const panel = panelOf(name);
  if (!panel) return;
  const title = titleOf(name, state, t);
  const file = `backscope-${name}-step-${state.frame?.step ?? 0}`;
  const address = await runAddress();
  const {svg, width, height} = snapshot(panel, {title, address, language: state.lang});
  if (form === "svg") {
    saveBlob(new Blob([svg], {type: "image/svg+xml"}), `${file}.svg`);
    return;
  }
  const scale = Math.min(FINEST, Math.max(COARSEST, SLIDE / width));
  const png = pngOf(svg, [width * scale, height * scale], {Title: title, Software: "Backscope", Source: address});
  if (form === "copy") await navigator.clipboard.write([new ClipboardItem({"image/png": png})]);
  else saveBlob(await png, `${file}.png`);
}

/** @param {string} svg @param {number[]} size @param {Record<string, string>} words */
async function pngOf(svg, [width, height], words) {
  const canvas = await rasterized(svg, Math.round(width), Math.round(height));
  /** @type {Blob | null} */
  const blob = await new Promise(resolve => canvas.toBlob(resolve, "image/png"));
  if (!blob) throw new Error(`the browser made no PNG of ${canvas.width} × ${canvas.height} pixels`);
  return new Blob([withWords(new Uint8Array(await blob.arrayBuffer()), words)], {type: "image/png"});
}
