// @ts-check
/**
 * What stands around the picture: plane, mode and scale above it, the honest figures below, words where there is none.
 */

import {h, setOptions, setText} from "../../draw/dom.js";
import {percent, plain} from "../../draw/format.js";
import {surfaceOptions} from "./options.js";

/** @typedef {import("../../types").State} State */
/** @typedef {import("../../types").ViewContext["t"]} Translate */

const SVG = "http://www.w3.org/2000/svg";
const PICTURES = {
  explore: "M3 3h7v2H6.4l4 4L9 10.4l-4-4V10H3zm18 18h-7v-2h3.6l-4-4 1.4-1.4 4 4V14h2z",
  home: "M12 5V1.5L6.5 6.5l5.5 5V8a5.5 5.5 0 1 1-5.5 5.5H3.5A8.5 8.5 0 1 0 12 5z",
};

/** @param {keyof typeof PICTURES} name */
function picture(name) {
  const svg = document.createElementNS(SVG, "svg");
  const path = document.createElementNS(SVG, "path");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  path.setAttribute("d", PICTURES[name]);
  svg.append(path);
  return svg;
}

/** @typedef {State["view"]["surface"]} Mode */
/**
 * @typedef {{choosePlane: (plane: string) => void, chooseMode: (mode: Mode) => void, chooseLog: (log: boolean) => void,
 * explore: () => void, reset: () => void, stop: () => void,
 * through: (through: string) => void, finest: (resolution: number) => void, arrows: (on: boolean) => void, penalties:
 * (on: boolean) => void, pick: () => void}} Wishes
 */

/** Ways to look at the loss: on a plane, from the side and from above, and along a line. */
const MODES = /** @type {const} */ (["3d", "contour", "cut", "sharpness"]);
/** @param {string} mode */
export const onPlane = mode => mode === "3d" || mode === "contour";

/** @param {HTMLElement} root @param {Wishes} wishes @param {Translate} t */
export function surfaceFrame(root, wishes, t) {
  const plane = h("select", {class: "plot-select", onchange: () => wishes.choosePlane(plane.value)});
  const options = surfaceOptions(wishes, t);
  const modes = MODES.map(mode =>
    h("button", {type: "button", dataset: {mode}, onclick: () => wishes.chooseMode(mode)}),
  );
  const segment = h("div", {class: "plot-segment", role: "group"}, ...modes);
  const log = h("button", {
    type: "button",
    class: "plot-button",
    onclick: () => wishes.chooseLog(log.getAttribute("aria-pressed") !== "true"),
  });
  const explore = h(
    "button",
    {type: "button", class: "plot-button plot-icon surface-explore", onclick: wishes.explore},
    picture("explore"),
  );
  const home = h(
    "button",
    {type: "button", class: "plot-button plot-icon surface-home", hidden: true, onclick: wishes.reset},
    picture("home"),
  );
  const stage = h("div", {class: "surface-stage plot-stage"});
  const empty = h("div", {class: "plot-empty"}, h("strong"), h("span"));
  const note = h("div", {class: "surface-note", role: "status", hidden: true});
  const tip = h("div", {class: "plot-tip", hidden: true});
  const progress = h("div", {class: "surface-progress", role: "progressbar", hidden: true}, h("i"));
  const stopWords = h("span");
  const stop = h(
    "button",
    {type: "button", class: "surface-stop", hidden: true, dataset: {role: "surface-stop"}, onclick: wishes.stop},
    stopWords,
    " ×",
  );
  const figures = Object.fromEntries(
    ["share", "distance", "plane", "true"].map(name => {
      const label = h("dt");
      const value = h("dd");
      return [name, {cell: h("div", {dataset: {figure: name}}, label, value), label, value}];
    }),
  );
  const mark = h("b");
  const meter = h("span", {class: "surface-meter", "aria-hidden": "true"}, h("i"), mark);
  const others = Array.from({length: 4}, () => ({label: h("dt"), value: h("dd")}));
  const second = h(
    "dl",
    {class: "surface-figures", hidden: true},
    ...others.map(({label, value}) => h("div", {}, label, value)),
  );
  const verdict = h("p", {class: "surface-words", hidden: true, "aria-live": "polite"});
  figures.share.cell.append(meter);
  const list = h("dl", {class: "surface-figures"}, ...Object.values(figures).map(({cell}) => cell));
  const title = root.querySelector("h2");
  const head = h(
    "div",
    {class: "plot-head surface-head"},
    title,
    h("div", {class: "surface-tools"}, plane, options.button, segment, log),
  );
  const over = h(
    "div",
    {class: "surface-over"},
    h("div", {class: "surface-said"}, stop, note),
    h("div", {class: "surface-buttons"}, explore, home),
  );
  root.append(head, stage, list, second, verdict);

  let chosen = "";

  /** @param {string} name @param {string} text */
  const figure = (name, text) => setText(figures[name].value, text);

  return {
    stage,
    tip,
    /** Furniture over the sheets; call once they are in place. */
    dress: () => stage.append(empty, progress, over, tip, options.element),
    destroy() {
      options.destroy();
      if (title) root.append(title);
      for (const element of [head, stage, list, second, verdict]) element.remove();
    },

    /** @param {Translate} t @param {State} state */
    words(t, state) {
      plane.title = t("surface.plane_title");
      plane.setAttribute("aria-label", plane.title);
      for (const button of modes) {
        const mode = button.dataset.mode;
        button.textContent = t(`surface.mode_${mode}`);
        button.title = t(`surface.mode_${mode}_title`);
      }
      segment.setAttribute("aria-label", t("surface.mode_title"));
      log.textContent = t("surface.log");
      log.title = t("surface.log_title");
      for (const [button, key] of /** @type {[HTMLElement, string][]} */ ([
        [explore, "surface.explore"],
        [home, "surface.home"],
      ])) {
        button.title = t(key);
        button.setAttribute("aria-label", button.title);
      }
      for (const [name, {cell, label}] of Object.entries(figures)) {
        setText(label, t(`surface.figure_${name}`));
        if (name !== "share") cell.title = t(`surface.figure_${name}_title`);
      }
      progress.setAttribute("aria-label", t("surface.progress"));
      chosen = "";
      setOptions(
        plane,
        (state.options?.planes ?? [state.view.plane]).map(value => ({value, label: t(`surface.plane_${value}`)})),
      );
    },

    /**
     * @param {State} state
     * @param {boolean} touched whether the camera has left its place
     * @param {string} asked a plane on its way, or ""
     */
    choices(state, touched, asked) {
      const {view, surface, plane_choice, layout} = state;
      const fixed = Boolean(layout?.landscape);
      const flat = onPlane(view.surface);
      if (plane.hidden !== fixed) plane.hidden = options.button.hidden = fixed;
      options.update(state);
      const now = asked || (plane_choice?.plane ?? surface?.plane ?? view.plane);
      const key = [now, view.surface, view.log_loss, touched, !surface].join();
      if (key === chosen) return;
      chosen = key;
      plane.value = now;
      for (const button of modes) button.setAttribute("aria-pressed", String(button.dataset.mode === view.surface));
      log.setAttribute("aria-pressed", String(view.log_loss));
      explore.hidden = !surface || !flat;
      log.disabled = !flat && view.surface === "sharpness";
      plane.disabled = options.button.disabled = !flat;
      home.hidden = !touched || !surface || !flat;
    },

    /**
     * Figures and words of a line in place of those of the plane.
     * @param {{name: string, value: string, title: string}[]} figures
     * @param {string} words
     */
    line(figures, words) {
      list.hidden = true;
      second.hidden = false;
      others.forEach(({label, value}, k) => {
        const cell = /** @type {HTMLElement} */ (label.parentElement);
        const figure = figures[k];
        cell.hidden = !figure;
        setText(label, figure?.name ?? "");
        setText(value, figure?.value ?? "");
        if (cell.title !== (figure?.title ?? "")) cell.title = figure?.title ?? "";
      });
      verdict.hidden = !words;
      setText(verdict, words);
    },

    /** @param {Translate} t @param {import("../../types").Surface|null} surface */
    figures(t, surface) {
      second.hidden = verdict.hidden = true;
      list.hidden = !surface;
      if (!surface) return;
      const {share, distance, plane_loss, loss, parameters, walk} = surface.figures;
      const exact = parameters === 2;
      const number = (/** @type {number} */ x, /** @type {number} */ digits) =>
        Number.isNaN(x) ? "–" : plain(x, digits);
      figure("share", exact ? t("surface.exact") : Number.isNaN(share) ? "–" : percent(share));
      const about = t(surface.basis === "pca" ? "surface.figure_share_title" : "surface.figure_share_other_title", {
        walk: percent(Number.isNaN(walk) ? 0.76 : walk),
      });
      if (figures.share.cell.title !== about) figures.share.cell.title = about;
      mark.style.left = `${100 * (Number.isNaN(walk) ? 0.76 : walk)}%`;
      figure("distance", exact ? "0" : number(distance, 2));
      figure("plane", number(plane_loss, 3));
      figure("true", number(loss, 3));
      meter.hidden = exact || Number.isNaN(share);
      /** @type {HTMLElement} */ (meter.firstElementChild).style.width = `${100 * Math.min(1, Math.max(0, share))}%`;
    },

    /**
     * @param {Translate} t
     * @param {number} share 0…1, 1 hides it
     * @param {number} resolution of the picture on its way, where it takes long enough to be given up; else 0
     */
    progress(t, share, resolution) {
      const done = !(share < 1);
      if (stop.hidden !== !resolution) stop.hidden = !resolution;
      if (resolution) {
        setText(stopWords, `${resolution} × ${resolution} · ${percent(share)}`);
        stop.title = t("surface.stop");
      }
      if (progress.hidden !== done) progress.hidden = done;
      if (done) return;
      progress.setAttribute("aria-valuenow", String(Math.round(100 * share)));
      /** @type {HTMLElement} */ (progress.firstElementChild).style.width = `${100 * Math.max(0.04, share)}%`;
    },

    /** @param {string|null} title @param {string} [text] null: there is something to see */
    empty(title, text = "") {
      empty.hidden = title === null;
      setText(/** @type {HTMLElement} */ (empty.firstElementChild), title ?? "");
      setText(/** @type {HTMLElement} */ (empty.lastElementChild), text);
    },

    /** @param {string} text "" for none */
    note(text) {
      if (note.hidden === !text && note.textContent === text) return;
      note.hidden = !text;
      setText(note, text);
    },

    /** A readout beside the pointer, kept inside the stage. @param {{x: number, y: number, text: string}|null} what */
    point(what) {
      tip.hidden = !what;
      if (!what) return;
      setText(tip, what.text);
      const room = stage.clientWidth - tip.offsetWidth - 4;
      const x = what.x + 14 > room ? what.x - tip.offsetWidth - 12 : what.x + 14;
      tip.style.transform = `translate(${Math.round(Math.max(4, x))}px, ${Math.round(Math.max(4, what.y - tip.offsetHeight - 8))}px)`;
    },
  };
}
