// @ts-check
/** Cures for vanishing and exploding gradients as buttons, and the run before them beside the run with them, at the same step. */

import {h, setText} from "../dom.js";
import {exponent, percent, plain} from "../format.js";
import {calmly} from "../plot.js";
import {createRecord, rowAt, rowOf} from "./cures_record.js";
import {CURES, GROUPS} from "./cures_table.js";

/** @typedef {import("../types").State} State */
/** @typedef {import("./cures_table.js").Cure} Cure */
/** @typedef {import("./cures_record.js").Row} Row */

/** ms between two writings of the table. */
const REST = 200;
const FIGURES = /** @type {const} */ (["factor", "first", "last", "loss", "accuracy"]);

/**
 * A window that leaves the gradients in sight; training goes on.
 * @param {HTMLDialogElement} root @param {import("../types").ViewContext & {openDepthMap: () => void}} context
 * @returns {import("../types").View & {toggle: () => void}}
 */
export function curesView(root, {t, act, openDepthMap}) {
  const buttons = CURES.map(cure => ({cure, element: h("button", {type: "button", class: "cure", dataset: {role: `cure-${cure.name}`}, onclick: () => apply(cure)})}));
  const heads = GROUPS.map(name => ({name, element: h("h3")})), title = h("h2", {id: "title-cures"}), lead = h("p", {class: "cures-lead"});
  const close = h("button", {type: "button", class: "quiet", dataset: {role: "cures-close"}, onclick: () => root.close()}, "×");
  const taken = h("p", {class: "cures-taken", "aria-live": "polite"}), again = h("button", {type: "button", class: "cures-again", dataset: {role: "cures-again"}, onclick: anew});
  const captions = {before: h("th", {scope: "col"}), now: h("th", {scope: "col"})};
  const rows = FIGURES.map(name => ({name, head: h("th", {scope: "row"}), before: h("td", {dataset: {role: `before-${name}`}}), now: h("td", {dataset: {role: `now-${name}`}})}));
  const table = h("table", {class: "cures-table"}, h("thead", {}, h("tr", {}, h("td"), captions.before, captions.now)), h("tbody", {}, ...rows.map(({head, before, now}) => h("tr", {}, head, before, now))));
  const map = h("button", {type: "button", class: "cures-map", dataset: {role: "depthmap"}, onclick: openDepthMap});
  root.append(
    h("header", {class: "dialog-head"}, title, close),
    h("div", {class: "cures"}, h("div", {class: "cures-top"}, lead, map),
      h("div", {class: "cures-body"}, h("div", {class: "cures-groups"}, ...heads.map(({name, element}) => h("section", {}, element, h("div", {class: "cures-row"}, ...buttons.filter(({cure}) => cure.group === name).map(({element}) => element))))),
      h("div", {class: "cures-result"}, h("div", {class: "cures-result-head"}, taken, again), table))));

  root.addEventListener("keydown", event => {
    if (event.key === "Escape") root.close();
  });

  /** @type {State | null} */
  let state = null;
  const record = createRecord();
  /** The run before the first cure, and the cures taken since. @type {{rows: Row[], names: string[], data: string} | null} */
  let before = null;
  let worded = "", seen = -1, waiting = false;

  /** @param {Cure} cure */
  async function apply(cure) {
    if (!state?.config || waiting) return;
    const on = cure.has(state.config), fields = on ? cure.off : cure.fields(state.config), data = JSON.stringify(state.config.data);
    if (!fields) return;
    if (before?.data !== data) before = null;
    const kept = before ?? {rows: [...record.rows], names: [], data};
    waiting = true;
    if (cure.live && state.status.kind === "diverged") await act("reset");
    const reply = await act(cure.live ? "set" : "configure", fields);
    waiting = false;
    if (reply.ok === false) return;
    before = {...kept, names: on ? kept.names.filter(name => name !== cure.name) : [...kept.names.filter(name => name !== cure.name), cure.name]};
    write();
  }

  /** From here on the present run is the one to compare with. */
  function anew() {
    before = null;
    write();
  }

  const painter = calmly(write, REST);

  function write() {
    if (!state || !root.open) return;
    words(state);
    const {config, connection} = state, now = record.rows.at(-1) ?? null, then = before && now ? rowAt(before.rows, now.step) : null;
    for (const {cure, element} of buttons) {
      const has = config !== null && cure.has(config), possible = config !== null && (has ? Boolean(cure.off) : cure.fields(config) !== null);
      element.setAttribute("aria-pressed", String(has));
      element.disabled = connection !== "open" || !possible;
    }
    setText(taken, before ? t("cures.taken", {names: before.names.map(name => t(`cures.${name}`)).join(", ") || t("cures.none")}) : t("cures.nothing"));
    again.hidden = before === null;
    table.hidden = before === null;
    setText(captions.before, then ? t("cures.before", {step: then.step}) : t("cures.before_none"));
    setText(captions.now, now ? t("cures.now", {step: now.step}) : t("cures.now_none"));
    for (const {name, before: left, now: right} of rows) {
      setText(left, figure(name, then));
      setText(right, figure(name, now));
      right.dataset.better = left.textContent === right.textContent ? "" : better(name, then, now);
    }
  }

  /** @param {typeof FIGURES[number]} name @param {Row | null} row */
  function figure(name, row) {
    if (!row || Number.isNaN(row[name])) return "–";
    if (name === "accuracy") return state?.data?.kind === "regression" ? plain(row.accuracy, 3) : percent(row.accuracy);
    return name === "first" || name === "last" ? exponent(row[name], 2) : plain(row[name], name === "factor" ? 2 : 3);
  }

  /** @param {State} of */
  function words(of) {
    if (worded === of.lang) return;
    worded = of.lang;
    setText(title, t("cures.title"));
    setText(lead, t("cures.lead"));
    setText(again, t("cures.again"));
    setText(map, t("cures.map"));
    map.title = t("cures.map_title");
    close.title = t("setting.close");
    close.setAttribute("aria-label", close.title);
    for (const {name, element} of heads) setText(element, t(`cures.group_${name}`));
    for (const {name, head} of rows) setText(head, t(`cures.figure_${name}`));
    for (const {cure, element} of buttons) {
      element.replaceChildren(t(`cures.${cure.name}`), h("small", {}, t(cure.live ? "cures.live" : "cures.restarts")));
      element.title = t(`cures.${cure.name}_title`);
    }
  }

  return {
    toggle() {
      if (root.open) root.close();
      else root.show();
      worded = "";
      write();
    },
    update(next) {
      const {frame, layout, config, data} = next, old = state;
      state = next;
      if (old?.config && config && JSON.stringify(old.config.data) !== JSON.stringify(config.data)) [before, seen] = [null, -1];
      if (frame && layout && frame.layout === layout.id && frame.seq !== seen) {
        seen = frame.seq;
        const last = record.rows.at(-1);
        if (last && frame.step < last.step || frame.step === 0) record.clear();
        if (frame.step > 0) record.add(rowOf(frame, data?.train === data?.n, next.series.norms.delta));
      }
      if (root.open) painter.request();
    },
    destroy() {
      painter.cancel();
      root.replaceChildren();
    },
  };
}

/** Whether a figure has become better: "yes", "no", or "" where it cannot be said. A factor is best at 1.
 * @param {typeof FIGURES[number]} name @param {Row | null} then @param {Row | null} now */
export function better(name, then, now) {
  if (!then || !now || name === "first" || name === "last") return "";
  const distance = (/** @type {Row} */ row) => name === "factor" ? Math.abs(Math.log(row.factor)) : name === "loss" ? row.loss : -row.accuracy;
  const [a, b] = [distance(then), distance(now)];
  return Number.isFinite(a) && Number.isFinite(b) && a !== b ? b < a ? "yes" : "no" : "";
}
