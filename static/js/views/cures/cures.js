// @ts-check
/**
 * Cures for vanishing and exploding gradients as buttons, and the run before them beside the run with them, at the same
 * step.
 */

import {h, setText} from "../../draw/dom.js";
import {exponent, integer, percent, plain} from "../../draw/format.js";
import {letterOf} from "../../model/lanes.js";
import {calmly} from "../../draw/plot.js";
import {asPatch, pairIn, taken} from "./pair.js";
import {createRecords, rowAt} from "./record.js";
import {CURES, GROUPS} from "./table.js";

/** @typedef {import("../../types").State} State */
/** @typedef {import("../../types").Lane} Lane */
/** @typedef {import("./table.js").Cure} Cure */
/** @typedef {import("./record.js").Row} Row */
/** @typedef {import("./pair.js").Pair} Pair */

/** ms between two writings of the table. */
const REST = 200;
const FIGURES = /** @type {const} */ (["factor", "first", "last", "loss", "accuracy"]);

/**
 * A window that leaves the gradients in sight; training goes on. The first cure opens a lane beside the run: what can
 * act at once begins
 * from here, what cannot takes both back to step 0. Later cures change that lane.
 * @param {HTMLDialogElement} root @param {import("../../types").ViewContext & {openDepthMap: () => void}} context
 * @returns {import("../../types").View & {toggle: () => void}}
 */
export function curesView(root, {t, act, draw, openDepthMap}) {
  const buttons = CURES.map(cure => ({
    cure,
    small: h("small"),
    element: h("button", {
      type: "button",
      class: "cure",
      dataset: {role: `cure-${cure.name}`},
      onclick: () => apply(cure),
    }),
  }));
  const heads = GROUPS.map(name => ({name, element: h("h3")}));
  const title = h("h2", {id: "title-cures"});
  const lead = h("p", {class: "cures-lead"});
  const close = h(
    "button",
    {type: "button", class: "quiet", dataset: {role: "cures-close"}, onclick: () => root.close()},
    "×",
  );
  const said = h("p", {class: "cures-taken", "aria-live": "polite"});
  const keep = h("button", {type: "button", class: "cures-keep", dataset: {role: "cures-keep"}, onclick: keepCured});
  const captions = {before: captionOf(), now: captionOf()};
  const hint = h("p", {class: "cures-hint", dataset: {role: "cures-hint"}});
  const rows = FIGURES.map(name => ({
    name,
    head: h("th", {scope: "row"}),
    before: h("td", {dataset: {role: `before-${name}`}}),
    now: h("td", {dataset: {role: `now-${name}`}}),
  }));
  const table = h(
    "table",
    {class: "cures-table"},
    h("thead", {}, h("tr", {}, h("td"), captions.before.element, captions.now.element)),
    h("tbody", {}, ...rows.map(({head, before, now}) => h("tr", {}, head, before, now))),
  );
  const map = h("button", {type: "button", class: "cures-map", dataset: {role: "depthmap"}, onclick: openDepthMap});
  root.append(
    h("header", {class: "dialog-head"}, title, close),
    h(
      "div",
      {class: "cures"},
      h("div", {class: "cures-top"}, lead, map),
      h(
        "div",
        {class: "cures-body"},
        h(
          "div",
          {class: "cures-groups"},
          ...heads.map(({name, element}) =>
            h(
              "section",
              {},
              element,
              h(
                "div",
                {class: "cures-row"},
                ...buttons.filter(({cure}) => cure.group === name).map(({element}) => element),
              ),
            ),
          ),
        ),
        h("div", {class: "cures-result"}, h("div", {class: "cures-result-head"}, said, keep), table, hint),
      ),
    ),
  );

  root.addEventListener("keydown", event => {
    if (event.key === "Escape") root.close();
  });

  /** @type {State | null} */
  let state = null;
  const records = createRecords();
  /** @type {import("./pair.js").Made | null} */
  let made = null;
  let worded = "";
  let seen = -1;
  let waiting = false;

  /** @param {State} of */
  const pairOf = ({lanes, lane}) => pairIn(lanes, lane, made);

  /** @param {Cure} cure */
  async function apply(cure) {
    const {lanes = [], lane = 0} = state ?? {};
    const pair = state && pairOf(state);
    const target = pair?.now ?? lanes.find(({id}) => id === lane);
    if (!target || waiting) return;
    const fields = cure.has(target.config) ? cure.off : cure.fields(target.config);
    if (!fields) return;
    waiting = true;
    if (pair) await change(pair, cure, fields);
    else await begin(target, cure, fields);
    waiting = false;
    write();
  }

  /** A lane beside the run: from here where the cure acts at once and the run can go on, else both from step 0.
   * @param {Lane} base @param {Cure} cure @param {Record<string, unknown>} fields */
  async function begin(base, cure, {batch_size, ...fields}) {
    const here = cure.live && base.status.kind !== "diverged";
    const playing = Boolean(state?.playing);
    const reply = await act("lane_add", {change: fields, from: base.id, start: here ? "here" : "start"});
    if (reply.ok === false) return;
    made = {base: base.id, id: Number(reply.lane)};
    if (!here) await act("seek", {step: 0});
    await act("lane_focus", {lane: made.id});
    if (batch_size && batch_size !== base.config.batch_size) await act("set", {batch_size});
    if (playing && !here) await act("play");
  }

  /** Another cure for the lane that has some, or one less; without any it goes.
   * @param {Pair} pair @param {Cure} cure @param {Record<string, unknown>} fields */
  async function change({before, now}, cure, fields) {
    const names = taken(before.config, now.config);
    const last = names.length === 1 && names[0].name === cure.name && cure.has(now.config) !== cure.has(before.config);
    if (last) {
      await act("lane_remove", {lane: now.id});
      made = null;
      if (state?.lane !== before.id) await act("lane_focus", {lane: before.id});
      return;
    }
    const together = state?.lanes.every(({status, step}) => status.kind !== "diverged" && step === now.step);
    made = {base: before.id, id: now.id};
    await (cure.live && together
      ? act("set", {lane: now.id, ...fields})
      : act("configure", {lane: now.id, ...asPatch(fields)}));
    if (state?.lane !== now.id) await act("lane_focus", {lane: now.id});
  }

  /** The cured run alone goes on. */
  async function keepCured() {
    const pair = state && pairOf(state);
    if (!pair) return;
    made = null;
    await act("lane_promote", {lane: pair.now.id});
  }

  const painter = calmly(write, REST, draw);

  function write() {
    if (!state || !root.open) return;
    words(state);
    const {config, connection} = state;
    const pair = pairOf(state);
    const cured = pair?.now.config ?? config;
    for (const {cure, small, element} of buttons) {
      const has = cured !== null && cure.has(cured);
      const possible = cured !== null && (has ? Boolean(cure.off) : cure.fields(cured) !== null);
      element.setAttribute("aria-pressed", String(has));
      element.disabled = connection !== "open" || !possible;
      setText(small, t(cure.live ? "cures.live" : "cures.restarts"));
    }
    table.hidden = keep.hidden = hint.hidden = pair === null;
    const now = records.rows(pair?.now.id ?? state.lane).at(-1) ?? null;
    const then = pair && now ? rowAt(records.rows(pair.before.id), now.step) : null;
    if (pair) compare(pair, then, now);
    else setText(said, t("cures.nothing"));
    for (const {name, before: left, now: right} of rows) {
      setText(left, figure(name, then));
      setText(right, figure(name, now));
      right.dataset.better = left.textContent === right.textContent ? "" : better(name, then, now);
    }
  }

  /** What is said above the two columns. @param {Pair} pair @param {Row | null} then @param {Row | null} now */
  function compare({before, now: cured}, then, now) {
    const names = taken(before.config, cured.config).map(({name, off}) =>
      off ? t("cures.without", {name: t(`cures.${name}`)}) : t(`cures.${name}`),
    );
    setText(said, t("cures.taken", {names: names.join(", ") || t("cures.none")}));
    setText(keep, t("cures.keep", {lane: letterOf(cured.id)}));
    keep.title = t("cures.keep_title", {lane: letterOf(cured.id), other: letterOf(before.id)});
    caption(captions.before, before, then, "cures.before");
    caption(captions.now, cured, now, "cures.now");
    const still = cured.step === 0 && !state?.playing;
    setText(hint, t(still ? "cures.hint_start" : "cures.hint", {one: letterOf(before.id), other: letterOf(cured.id)}));
  }

  /** @param {ReturnType<typeof captionOf>} to @param {Lane} lane @param {Row | null} row @param {string} key */
  function caption({element, badge, label, step}, {id, status}, row, key) {
    element.dataset.lane = String(id);
    setText(badge, letterOf(id));
    setText(label, t(key));
    setText(
      step,
      status.kind === "diverged"
        ? t("lanes.diverged_at", {step: integer(status.step ?? row?.step ?? 0)})
        : t("cures.step", {step: integer(row?.step ?? 0)}),
    );
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
    setText(map, t("cures.map"));
    map.title = t("cures.map_title");
    close.title = t("setting.close");
    close.setAttribute("aria-label", close.title);
    for (const {name, element} of heads) setText(element, t(`cures.group_${name}`));
    for (const {name, head} of rows) setText(head, t(`cures.figure_${name}`));
    for (const {cure, small, element} of buttons) {
      element.replaceChildren(t(`cures.${cure.name}`), small);
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
      const {frame, layout, config, data, lanes, lane} = next;
      const old = state;
      state = next;
      if (old?.config && config && JSON.stringify(old.config.data) !== JSON.stringify(config.data)) {
        records.clear();
        seen = -1;
      }
      if (frame && layout && frame.layout === layout.id && frame.seq !== seen) {
        seen = frame.seq;
        records.keep(lanes.map(({id}) => id));
        records.see(lane, frame, data?.train === data?.n);
        for (const {norms, ...other} of lanes)
          if (other.id !== lane && norms) records.see(other.id, {...other, norms}, data?.train === data?.n);
      }
      if (root.open) painter.request();
    },
    destroy() {
      painter.cancel();
      root.replaceChildren();
    },
  };
}

/** The head of a column: badge, what the lane is, and where it stands. */
function captionOf() {
  const badge = h("i", {class: "lane-badge", "aria-hidden": "true"});
  const label = h("span");
  const step = h("small");
  return {element: h("th", {scope: "col"}, h("span", {class: "cures-lane"}, badge, label), step), badge, label, step};
}

/** Whether a figure has become better: "yes", "no", or "" where it cannot be said. A factor is best at 1.
 * @param {typeof FIGURES[number]} name @param {Row | null} then @param {Row | null} now */
export function better(name, then, now) {
  if (!then || !now || name === "first" || name === "last") return "";
  const distance = (/** @type {Row} */ row) =>
    name === "factor" ? Math.abs(Math.log(row.factor)) : name === "loss" ? row.loss : -row.accuracy;
  const [a, b] = [distance(then), distance(now)];
  return Number.isFinite(a) && Number.isFinite(b) && a !== b ? (b < a ? "yes" : "no") : "";
}
