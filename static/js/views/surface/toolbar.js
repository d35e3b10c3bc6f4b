// @ts-check
/** The surface's controls: plane, options, mode and scale above the picture; two buttons in its corner. */

import {h, setOptions} from "../../draw/dom.js";
import {explain, nameControl} from "../../draw/explain.js";
import {MODES, onPlane} from "./modes.js";
import {SurfaceOptions} from "./options.js";

/** @typedef {import("../../types").State} State */
/** @typedef {import("../../types").ViewContext["t"]} Translate */
/**
 * @typedef {import("./options.js").Wishes & {choosePlane: (plane: string) => void,
 * chooseMode: (mode: import("./modes.js").Mode) => void, chooseLog: (log: boolean) => void, explore: () => void,
 * reset: () => void}} Wishes
 */

const SVG = "http://www.w3.org/2000/svg";
const PICTURES = {
  explore: "M3 3h7v2H6.4l4 4L9 10.4l-4-4V10H3zm18 18h-7v-2h3.6l-4-4 1.4-1.4 4 4V14h2z",
  home: "M12 5V1.5L6.5 6.5l5.5 5V8a5.5 5.5 0 1 1-5.5 5.5H3.5A8.5 8.5 0 1 0 12 5z",
};

export class Toolbar {
  /** What was shown last. */
  chosen = "";

  /** @param {Element | null} title of the panel @param {Wishes} wishes @param {Translate} t */
  constructor(title, wishes, t) {
    this.t = t;
    this.options = new SurfaceOptions(wishes, t);
    this.plane = h("select", {class: "plot-select", onchange: () => wishes.choosePlane(this.plane.value)});
    this.modes = MODES.map(mode =>
      h("button", {type: "button", dataset: {mode}, onclick: () => wishes.chooseMode(mode)}),
    );
    this.segment = h("div", {class: "plot-segment", role: "group"}, ...this.modes);
    this.log = h("button", {
      type: "button",
      class: "plot-button",
      onclick: () => wishes.chooseLog(this.log.getAttribute("aria-pressed") !== "true"),
    });
    this.explore = pictureButton("explore", wishes.explore);
    this.home = pictureButton("home", wishes.reset);
    this.home.hidden = true;
    this.element = h(
      "div",
      {class: "plot-head surface-head"},
      title,
      h("div", {class: "surface-tools"}, this.plane, this.options.button, this.segment, this.log),
    );
    this.corner = h("div", {class: "surface-buttons"}, this.explore, this.home);
  }

  /** @param {State} state */
  words(state) {
    const {t, plane, log, segment} = this;
    nameControl(plane, t("surface.plane_title"));
    for (const button of this.modes) {
      const {mode} = button.dataset;
      button.textContent = t(`surface.mode_${mode}`);
      explain(button, t(`surface.mode_${mode}_title`));
    }
    segment.setAttribute("aria-label", t("surface.mode_title"));
    log.textContent = t("surface.log");
    explain(log, t("surface.log_title"));
    entitle(this.explore, t("surface.explore"));
    entitle(this.home, t("surface.home"));
    this.chosen = "";
    const planes = state.options?.planes ?? [state.view.plane];
    setOptions(
      plane,
      planes.map(value => ({value, label: t(`surface.plane_${value}`)})),
    );
  }

  /**
   * @param {State} state
   * @param {boolean} touched whether the camera has left its place
   * @param {string} asked a plane on its way, or ""
   */
  update(state, touched, asked) {
    const {view, surface, plane_choice, layout} = state;
    const {plane, options} = this;
    const fixed = Boolean(layout?.landscape);
    if (plane.hidden !== fixed) plane.hidden = options.button.hidden = fixed;
    options.update(state);
    const now = asked || (plane_choice?.plane ?? surface?.plane ?? view.plane);
    const key = [now, view.surface, view.log_loss, touched, !surface].join();
    if (key === this.chosen) return;
    this.chosen = key;
    plane.value = now;
    this.show(view, surface !== null, touched);
  }

  /** @param {State["view"]} view @param {boolean} known whether there is a surface @param {boolean} touched */
  show(view, known, touched) {
    const {plane, options, log, explore, home} = this;
    const flat = onPlane(view.surface);
    for (const button of this.modes) button.setAttribute("aria-pressed", String(button.dataset.mode === view.surface));
    log.setAttribute("aria-pressed", String(view.log_loss));
    explore.hidden = !known || !flat;
    log.disabled = view.surface === "sharpness";
    plane.disabled = options.button.disabled = !flat;
    home.hidden = !touched || !known || !flat;
  }

  destroy() {
    this.options.destroy();
  }
}

/** @param {keyof typeof PICTURES} name @param {() => void} onclick */
function pictureButton(name, onclick) {
  const svg = document.createElementNS(SVG, "svg");
  const path = document.createElementNS(SVG, "path");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  path.setAttribute("d", PICTURES[name]);
  svg.append(path);
  return h("button", {type: "button", class: `plot-button plot-icon surface-${name}`, onclick}, svg);
}

/** A name for eyes and ears. @param {HTMLElement} element @param {string} words */
function entitle(element, words) {
  explain(element, words);
  element.setAttribute("aria-label", words);
}
