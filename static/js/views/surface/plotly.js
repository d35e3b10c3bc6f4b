// @ts-check
/**
 * What the large picture shows: Plotly's 3-D surface with hover, zoom and PNG. A still, not the moving view.
 */

import {css, sequential} from "../../draw/color.js";
import {h} from "../../draw/dom.js";
import {lossAt} from "./field.js";

/**
 * @typedef {{surface: import("../../types").Surface, field: import("./field.js").Field, scale:
 * import("./field.js").Scale,
 *   theme: import("../../types").Theme, lang: import("../../types").Lang, step: number, palette:
 * import("../../draw/plot.js").Palette,
 *   t: import("../../types").ViewContext["t"]}} Still */

const SCRIPT = "plotly.min.js";
const STYLE = new URL("../../../css/plotly.css", import.meta.url).href;

/** @type {Promise<any>|null} */
let loading = null;

/**
 * Plotly, fetched once. A strict content security policy forbids the styles it would write into the page: our own sheet
 * takes their place, and an element of the right name tells Plotly not to try.
 * @param {(share: number) => void} progress 0…1 @returns {Promise<any>} */
function plotly(progress) {
  loading ??= load(progress).catch(error => {
    loading = null;
    throw error;
  });
  return loading;
}

/** @param {(share: number) => void} progress */
async function load(progress) {
  const text = await download(progress);
  // Parts of the bundle look for an element named by a hash before they add their styles; the name changes with the
  // version.
  const hashes = [...text.matchAll(/getElementById\(["']([0-9a-f]{40,64})["']\)/g)].map(match => match[1]);
  for (const id of ["plotly.js-style-global", ...new Set(hashes)]) {
    if (!document.getElementById(id)) document.head.append(h("template", {id, class: "no-inline-styles"}));
  }
  await Promise.all([arrived(h("link", {rel: "stylesheet", href: STYLE})), arrived(h("script", {src: SCRIPT}))]);
  const page = /** @type {any} */ (globalThis);
  for (const name of ["moduleName", "sprintf", "vsprintf", "PolyBool"]) delete page[name]; // left behind by the bundle
  return page.Plotly;
}

/** The script's text, so that progress can be shown; the script element then takes it from the cache.
 * @param {(share: number) => void} progress @returns {Promise<string>} */
async function download(progress) {
  const response = await fetch(SCRIPT);
  if (!response.ok || !response.body) throw new Error(`${SCRIPT}: ${response.status}`);
  const decoder = new TextDecoder();
  const reader = response.body.getReader();
  let text = "";
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    text += decoder.decode(part.value, {stream: true});
    progress(Math.min(1, text.length / 4.8e6));
  }
  return text;
}

/** @param {HTMLLinkElement | HTMLScriptElement} element @returns {Promise<void>} when it has been loaded */
function arrived(element) {
  return new Promise((resolve, reject) => {
    element.onload = () => resolve();
    element.onerror = () => {
      element.remove();
      reject(new Error(element.outerHTML));
    };
    document.head.append(element);
  });
}

/**
 * Draw a surface into an element by Plotly.
 *
 * @param {HTMLElement} plot
 * @param {Still} still
 * @param {(share: number) => void} progress 0…1, while the script comes
 * @returns {Promise<any>} Plotly itself, to resize and to purge what it drew
 */
export async function drawStill(plot, still, progress) {
  const Plotly = await plotly(progress);
  if (!plot.isConnected) return Plotly; // closed while the script came
  register(Plotly, still);
  await Plotly.newPlot(plot, tracesOf(still), layoutOf(still), configOf(still));
  return Plotly;
}

/** Heights above the cut are drawn at the cut; the readout says the loss itself. @param {Still} still */
function tracesOf({surface, field, scale, theme, palette, t}) {
  const {resolution: n, grid, alpha, beta} = field;
  const along = (/** @type {[number, number]} */ [low, high]) =>
    Array.from({length: n}, (_, i) => low + ((high - low) * i) / (n - 1));
  const shown = (/** @type {number} */ loss) => (Number.isNaN(loss) ? null : Math.min(loss, scale.high));
  const rows = Array.from({length: n}, (_, i) => [...grid.subarray(i * n, (i + 1) * n)]);
  const z = rows.map(row => row.map(shown));
  const colours = Array.from({length: 17}, (_, i) => [i / 16, css(sequential(0.1 + (0.78 * i) / 16, theme))]);
  const names = [surface.axes[0] ?? "α", surface.axes[1] ?? "β"];
  const hover = `${names[0]} %{x:.4g}<br>${names[1]} %{y:.4g}<br>${t("surface.loss")} %{customdata:.6g}<extra></extra>`;
  const relief = {
    type: "surface",
    x: along(alpha),
    y: along(beta),
    z,
    customdata: rows,
    hovertemplate: hover,
    surfacecolor: scale.log
      ? z.map(row => row.map(loss => (loss === null ? null : Math.log10(Math.max(loss + scale.shift, 1e-30)))))
      : z,
    colorscale: colours,
    showscale: false,
    lighting: {ambient: 0.72, diffuse: 0.5, specular: 0.06, roughness: 0.9},
    contours: {z: {show: true, usecolormap: false, color: palette.muted, width: 1, highlightcolor: palette.accent}},
  };
  return [relief, ...pathTraces(surface, field, scale, palette, t, hover)];
}

/** The path lies on the surface, a hair above it to be seen; its readout is the true loss.
 * @param {import("../../types").Surface} surface
 * @param {import("./field.js").Field} field
 * @param {import("./field.js").Scale} scale
 * @param {import("../../draw/plot.js").Palette} palette @param {Still["t"]} t @param {string} hover */
function pathTraces({path, points}, field, {log, shift, low, high}, palette, t, hover) {
  const stride = Math.max(1, Math.ceil(points / 3000));
  const steps = [];
  for (let k = 0; k < points; k += stride) steps.push(k);
  if (points && steps[steps.length - 1] !== points - 1) steps.push(points - 1);
  const column = (/** @type {number[]} */ rows, /** @type {number} */ i) => rows.map(k => path[3 * k + i]);
  const height = (/** @type {number} */ k, /** @type {number} */ lift) => {
    const loss = lossAt(field, path[3 * k], path[3 * k + 1]);
    if (!(loss <= high)) return null;
    return log ? (loss + shift) * ((high + shift) / (low + shift)) ** lift - shift : loss + lift * (high - low);
  };
  const part = (/** @type {number[]} */ rows, /** @type {number} */ lift, /** @type {object} */ style) => ({
    type: "scatter3d",
    x: column(rows, 0),
    y: column(rows, 1),
    z: rows.map(k => height(k, lift)),
    customdata: column(rows, 2),
    hovertemplate: hover,
    ...style,
  });
  return [
    part(steps, 0.005, {mode: "lines", name: t("surface.path"), line: {color: palette.backward, width: 6}}),
    part(steps.slice(-1), 0.02, {
      mode: "markers",
      name: t("surface.now"),
      marker: {color: palette.backward, size: 9, line: {color: palette.panel, width: 2}},
    }),
  ];
}

/** @param {Still} still */
function layoutOf({surface, scale, palette, t}) {
  const axis = (/** @type {string} */ title, /** @type {object} */ more = {}) => ({
    title: {text: title},
    color: palette.muted,
    gridcolor: palette.grid,
    linecolor: palette.line,
    zerolinecolor: palette.line,
    showspikes: false,
    ...more,
  });
  return {
    autosize: true,
    paper_bgcolor: palette.panel,
    margin: {l: 0, r: 0, t: 0, b: 0},
    showlegend: false,
    font: {family: palette.font, size: palette.small + 0.5, color: palette.text},
    hoverlabel: {bgcolor: palette.text, bordercolor: palette.text, font: {family: palette.font, color: palette.panel}},
    modebar: {bgcolor: "rgba(0,0,0,0)", color: palette.muted, activecolor: palette.accent},
    scene: {
      xaxis: axis(surface.axes[0] ?? "α"),
      yaxis: axis(surface.axes[1] ?? "β"),
      zaxis: axis(t("surface.loss"), scale.log && scale.shift === 0 ? {type: "log"} : {}),
      aspectmode: "manual",
      aspectratio: {x: 1.15, y: 1.15, z: 0.62},
      camera: {eye: {x: 1.12, y: -1.56, z: 0.95}, center: {x: 0, y: 0, z: -0.14}},
    },
  };
}

/** @param {Still} still */
function configOf({lang, step}) {
  return {
    responsive: false,
    displaylogo: false,
    displayModeBar: true,
    locale: lang === "zh" ? "zh-CN" : "en",
    modeBarButtons: [["toImage"], ["zoom3d", "pan3d", "orbitRotation", "tableRotation"], ["resetCameraDefault3d"]],
    toImageButtonOptions: {format: "png", filename: `backscope-loss-surface-${step}`, scale: 2},
  };
}

/** The few words of Plotly that can be seen, in our language. @param {any} Plotly @param {Still} still */
function register(Plotly, {lang, t}) {
  if (lang !== "zh") return;
  const words = {
    "Download plot as a png": "png",
    "Download plot": "png",
    Zoom: "zoom",
    Pan: "pan",
    "Orbital rotation": "orbit",
    "Turntable rotation": "turntable",
    "Reset camera to default": "home",
    "Taking snapshot - this may take a few seconds": "snapshot",
    "Snapshot succeeded": "snapshot_done",
  };
  const dictionary = Object.fromEntries(
    Object.entries(words).map(([english, key]) => [english, t(`surface.plotly_${key}`)]),
  );
  Plotly.register({moduleType: "locale", name: "zh-CN", dictionary, format: {}});
}
