// @ts-check
/** The window of the cures: its buttons and its table of two columns. Decides nothing. */

import {h, setText} from "../../draw/dom.js";
import {explain, nameControl} from "../../draw/explain.js";
import {letterOf} from "../../model/lanes.js";
import {FIGURES} from "./figures.js";
import {CURES, GROUPS} from "./table.js";

/** @typedef {import("./table.js").Cure} Cure */
/** @typedef {import("../../types").ViewContext["t"]} Translate */
/** @typedef {{before: string, now: string, better: string}} Cells of one figure */

/** @typedef {object} Hands what its buttons do
 * @property {(cure: Cure) => void} take
 * @property {() => void} keep
 * @property {() => void} openDepthMap
 * @property {() => void} openMaps
 * @property {() => void} openSweep */

export class CuresWindow {
  /** @param {HTMLDialogElement} root @param {Hands} hands */
  constructor(root, {take, keep, openDepthMap, openMaps, openSweep}) {
    this.root = root;
    this.buttons = CURES.map(cure => buttonOf(cure, () => take(cure)));
    this.heads = GROUPS.map(name => ({name, element: h("h3")}));
    this.title = h("h2", {id: "title-cures"});
    this.lead = h("p", {class: "cures-lead"});
    this.close = button("quiet", "cures-close", () => root.close(), "×");
    this.said = h("p", {class: "cures-taken", "aria-live": "polite"});
    this.keep = button("cures-keep", "cures-keep", keep);
    this.before = captionOf();
    this.now = captionOf();
    this.hint = h("p", {class: "cures-hint", dataset: {role: "cures-hint"}});
    this.map = button("cures-map", "depthmap", openDepthMap);
    this.trainability = button("cures-map", "maps", openMaps);
    this.sweep = button("cures-map", "sweep", openSweep);
    this.rows = FIGURES.map(name => ({
      name,
      head: h("th", {scope: "row"}),
      before: h("td", {dataset: {role: `before-${name}`}}),
      now: h("td", {dataset: {role: `now-${name}`}}),
    }));
    this.table = h(
      "table",
      {class: "cures-table"},
      h("thead", {}, h("tr", {}, h("td"), this.before.element, this.now.element)),
      h("tbody", {}, ...this.rows.map(({head, before, now}) => h("tr", {}, head, before, now))),
    );
    root.append(h("div", {class: "dialog-head"}, this.title, this.close), this.body());
  }

  body() {
    const head = h("div", {class: "cures-result-head"}, this.said, this.keep);
    return h(
      "div",
      {class: "cures"},
      h("div", {class: "cures-top"}, this.lead, this.map, this.trainability, this.sweep),
      h(
        "div",
        {class: "cures-body"},
        h("div", {class: "cures-groups"}, ...this.heads.map(group => this.group(group))),
        h("div", {class: "cures-result"}, head, this.table, this.hint),
      ),
    );
  }

  /** @param {{name: string, element: HTMLElement}} group */
  group({name, element}) {
    const within = this.buttons.filter(({cure}) => cure.group === name);
    return h("section", {}, element, h("div", {class: "cures-row"}, ...within.map(each => each.element)));
  }

  /** Words that only the language changes. @param {Translate} t */
  name(t) {
    setText(this.title, t("cures.title"));
    setText(this.lead, t("cures.lead"));
    setText(this.map, t("cures.map"));
    explain(this.map, t("cures.map_title"));
    setText(this.trainability, t("cures.trainability"));
    explain(this.trainability, t("cures.trainability_title"));
    setText(this.sweep, t("cures.sweep"));
    explain(this.sweep, t("cures.sweep_title"));
    nameControl(this.close, t("setting.close"));
    for (const {name, element} of this.heads) setText(element, t(`cures.group_${name}`));
    for (const {name, head} of this.rows) setText(head, t(`cures.figure_${name}`));
    for (const {cure, small, element} of this.buttons) {
      element.replaceChildren(t(`cures.${cure.name}`), small);
      explain(element, t(`cures.${cure.name}_title`));
      setText(small, t(cure.live ? "cures.live" : "cures.restarts"));
    }
  }

  /** @param {(cure: Cure) => {pressed: boolean, disabled: boolean}} looks */
  paintButtons(looks) {
    for (const {cure, element} of this.buttons) {
      const {pressed, disabled} = looks(cure);
      element.setAttribute("aria-pressed", String(pressed));
      element.disabled = disabled;
    }
    for (const {name, element} of this.heads) {
      const within = this.buttons.filter(({cure}) => cure.group === name);
      const section = /** @type {HTMLElement} */ (element.parentElement);
      section.hidden = within.every(each => each.element.disabled && each.element.ariaPressed !== "true");
    }
  }

  /** The table of two runs, or that there are none to compare. @param {boolean} compared */
  showTable(compared) {
    this.table.hidden = this.keep.hidden = this.hint.hidden = !compared;
  }

  /** @param {(name: import("./figures.js").Figure) => Cells} cells */
  paintFigures(cells) {
    for (const {name, before, now} of this.rows) {
      const words = cells(name);
      setText(before, words.before);
      setText(now, words.now);
      now.dataset.better = words.better;
    }
  }
}

/** @param {string} name @param {string} role @param {() => void} onclick @param {string} [text] */
function button(name, role, onclick, text) {
  return h("button", {type: "button", class: name, dataset: {role}, onclick}, text);
}

/** @param {Cure} cure @param {() => void} onclick */
function buttonOf(cure, onclick) {
  return {cure, small: h("small"), element: button("cure", `cure-${cure.name}`, onclick)};
}

/** The head of a column: badge, what the lane is, and where it stands. */
function captionOf() {
  const badge = h("i", {class: "lane-badge", "aria-hidden": "true"});
  const label = h("span");
  const step = h("small");
  return {element: h("th", {scope: "col"}, h("span", {class: "cures-lane"}, badge, label), step), badge, label, step};
}

/** @param {ReturnType<typeof captionOf>} head @param {number} lane @param {string} label @param {string} step */
export function paintCaption(head, lane, label, step) {
  head.element.dataset.lane = String(lane);
  setText(head.badge, letterOf(lane));
  setText(head.label, label);
  setText(head.step, step);
}
