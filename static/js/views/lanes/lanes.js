// @ts-check
/** The strip of lanes in the bar: who runs, in which colour, how far down; add, look at, keep or remove one. */

import {h, setText} from "../../draw/dom.js";
import {ascii, integer} from "../../draw/format.js";
import {nameKeeper} from "../../model/lane_names.js";
import {letterOf, runnersOf} from "../../model/lanes.js";
import {calmly} from "../../draw/plot.js";
import {addMenu} from "./add.js";

/** @typedef {import("../../types").State} State */

/** Pause between two writings of the losses, in milliseconds. */
const REST = 100;

/**
 * @param {HTMLElement} root
 * @param {import("../../types").ViewContext} context
 * @returns {import("../../types").View}
 */
export function lanesView(root, context) {
  const {t, act, choose} = context;
  const strip = h("div", {class: "lane-strip", role: "group", dataset: {role: "lanes"}});
  const add = h("button", {
    type: "button",
    class: "lane-add",
    dataset: {role: "lane-add"},
    "aria-haspopup": "dialog",
    onclick: () => state && menu.open(state, nameOf(state.lane), add),
  });
  const race = h("button", {
    type: "button",
    class: "lane-race",
    dataset: {role: "race"},
    onclick: () => choose({race: !state?.view.race}),
  });
  const more = h(
    "button",
    {type: "button", class: "lane-more", dataset: {role: "lane-more"}, "aria-haspopup": "menu", onclick: openChoices},
    "⋯",
  );
  const keep = h("button", {type: "button", dataset: {role: "lane-keep"}, onclick: () => decide("lane_promote")});
  const remove = h("button", {type: "button", dataset: {role: "lane-remove"}, onclick: () => decide("lane_remove")});
  const choices = h("div", {class: "lane-menu lane-decisions", popover: "auto"}, keep, remove);
  const menu = addMenu(context);
  root.append(strip, add, race, menu.element, choices);

  /** @type {State | null} */ let state = null;
  /** @typedef {{element: HTMLElement, button: HTMLButtonElement, name: HTMLElement, loss: HTMLElement}} Chip */
  /** @type {Map<number, Chip>} */ const chips = new Map();
  const phone = matchMedia("(max-width: 640px)");
  const room = new ResizeObserver(fit);
  room.observe(root);
  const names = nameKeeper();
  const losses = calmly(writeLosses, REST, context.draw);
  /** @type {unknown[]} */ let drawn = [];

  /** @param {number} id @returns {string} */
  const nameOf = id => (state && names(state, t).get(id)) ?? "";

  function openChoices() {
    if (!state) return;
    const name = `${letterOf(state.lane)} (${nameOf(state.lane)})`;
    const box = more.getBoundingClientRect();
    setText(keep, t("lanes.keep", {name}));
    setText(remove, t("lanes.remove", {name}));
    choices.showPopover();
    choices.style.left = `${Math.max(8, Math.min(innerWidth - choices.offsetWidth - 8, box.left))}px`;
    choices.style.top = `${box.bottom + 6}px`;
  }

  /** @param {string} op */
  function decide(op) {
    choices.hidePopover();
    if (state) act(op, {lane: state.lane});
  }

  /** @param {number} id @returns {Chip} */
  function chipOf(id) {
    const name = h("span", {class: "lane-name"});
    const loss = h("b", {class: "lane-loss"});
    const button = h(
      "button",
      {type: "button", class: "lane-focus", onclick: () => id !== state?.lane && act("lane_focus", {lane: id})},
      h("i", {class: "lane-badge", "aria-hidden": "true"}, letterOf(id)),
      name,
      loss,
    );
    return {element: h("div", {class: "lane-chip", dataset: {lane: id}}, button), button, name, loss};
  }

  /** Chips for the lanes there are, in their order. @param {State} state */
  function build({lanes, lane}) {
    for (const id of chips.keys()) if (!lanes.some(one => one.id === id)) chips.delete(id);
    for (const {id} of lanes) if (!chips.has(id)) chips.set(id, chipOf(id));
    strip.replaceChildren(...lanes.map(({id}) => /** @type {Chip} */ (chips.get(id)).element));
    chips.get(lane)?.element.append(more);
    root.dataset.count = String(lanes.length);
  }

  /**
   * Names that have no room are left out, that of the lane in focus last: they stand in the race too. A phone has a
   * second line instead.
   */
  function fit() {
    if (strip.hidden) return;
    const all = [...chips.values()];
    const focus = all.filter(({button}) => button.ariaPressed === "true");
    for (const {name} of all) name.hidden = false;
    if (phone.matches) return;
    for (const {name} of [...all.filter(chip => !focus.includes(chip)).reverse(), ...focus]) {
      if (strip.scrollWidth <= strip.clientWidth) return;
      name.hidden = true;
    }
  }

  /** @param {State} state */
  function words(state) {
    const {lanes, lane} = state;
    for (const {id, status, step} of lanes) {
      const chip = chips.get(id);
      if (!chip) continue;
      const name = nameOf(id);
      const focus = id === lane;
      setText(chip.name, name);
      chip.button.setAttribute("aria-pressed", String(focus));
      chip.element.dataset.kind = status.kind;
      const words =
        status.kind === "diverged"
          ? t("lanes.diverged_at", {step: integer(status.step ?? step)})
          : t(focus ? "lanes.in_focus" : "lanes.focus");
      chip.button.title = `${letterOf(id)} · ${name}\n${words}`;
    }
    more.title = t("lanes.more");
    more.setAttribute("aria-label", more.title);
    strip.setAttribute("aria-label", t("lanes.title"));
  }

  function writeLosses() {
    if (!state || state.lanes.length < 2) return;
    for (const {id, loss, status} of runnersOf(state)) {
      const chip = chips.get(id);
      if (chip) setText(chip.loss, status.kind === "diverged" ? "✕" : Number.isNaN(loss) ? "" : ascii(loss, 3));
    }
  }

  /** The buttons beside the strip. @param {State} state */
  function buttons({lanes, connection, frame, view, options}) {
    const many = lanes.length > 1;
    const most = options?.limits.lanes ?? 1;
    const full = lanes.length >= most;
    strip.hidden = race.hidden = !many;
    add.hidden = full;
    add.disabled = connection !== "open" || !frame;
    setText(add, t("lanes.add"));
    add.title = t("lanes.add_title", {n: most});
    setText(race, t("lanes.race"));
    race.title = t("lanes.race_title");
    race.setAttribute("aria-pressed", String(many && view.race));
  }

  return {
    update(next) {
      state = next;
      const {lanes, lane, lang, layout, connection, view} = next;
      const key = [
        lang,
        layout,
        connection,
        lane,
        view.race,
        next.frame === null,
        ...lanes.flatMap(({id, config, status}) => [id, config, status.kind]),
      ];
      if (key.length !== drawn.length || key.some((one, k) => one !== drawn[k])) {
        drawn = key;
        build(next);
        words(next);
        buttons(next);
        fit();
        menu.follow(next, nameOf(lane));
      }
      losses.request();
    },
    destroy() {
      losses.cancel();
      room.disconnect();
      root.replaceChildren();
    },
  };
}
