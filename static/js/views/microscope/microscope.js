// @ts-check
/** Slow motion: one real training step, opened up phase by phase, from a sample of the coming batch to the new loss. */

import {h, icon, setIcon, setOptions, setText} from "../../draw/dom.js";
import {integer, plain} from "../../draw/format.js";
import {framesOf} from "../../model/magnified.js";
import {targetsOf} from "../../model/targets.js";
import {focusOf, formulasOf, captionOf} from "./words.js";
import {chipsOf, phasesOf, placeIn} from "./phases.js";
import {movers, tableOf} from "./table.js";

/** @typedef {import("../../types").State} State */
/** @typedef {import("./phases.js").Phase} Phase */

/** ms that a phase stays while it plays by itself, and how much faster it can go. */
const REST = 3200;
const SPEEDS = [0.5, 1, 2, 4];

/**
 * @param {HTMLElement} root a panel, hidden while nothing is under the microscope
 * @param {import("../../types").ViewContext} context
 * @returns {import("../../types").View}
 */
export function microscopeView(root, {t, act, choose}) {
  const title = h("h2", {id: "title-microscope"});
  const close = h(
    "button",
    {type: "button", class: "quiet microscope-close", dataset: {role: "microscope-close"}, onclick: () => leave()},
    "×",
  );
  const chips = h("div", {class: "microscope-chips"});
  const caption = h("p", {class: "microscope-caption", "aria-live": "polite", dataset: {role: "microscope-caption"}});
  const formulas = h("div", {class: "microscope-formulas", lang: "en", dataset: {role: "microscope-formulas"}});
  const heads = h("tr");
  const body = h("tbody");
  const table = h(
    "table",
    {class: "microscope-table", dataset: {role: "microscope-table"}},
    h("thead", {}, heads),
    body,
  );
  const page = h("div", {class: "microscope-page", tabindex: -1}, caption, formulas, table);
  const earlier = h("button", {type: "button", class: "icon-button", onclick: () => sampleBy(-1)}, "‹");
  const later = h("button", {type: "button", class: "icon-button", onclick: () => sampleBy(1)}, "›");
  const sample = h("span", {class: "microscope-full", dataset: {role: "microscope-sample"}});
  const short = h("span", {class: "microscope-short"});
  const before = h(
    "button",
    {type: "button", class: "icon-button", dataset: {role: "microscope-back"}, onclick: () => move(-1)},
    icon("back"),
  );
  const autoIcon = icon("play");
  const auto = h(
    "button",
    {type: "button", class: "icon-button", dataset: {role: "microscope-auto"}, onclick: () => play(!playing)},
    autoIcon,
  );
  const after = h(
    "button",
    {type: "button", class: "icon-button", dataset: {role: "microscope-next"}, onclick: () => move(1)},
    icon("step"),
  );
  const speed = h("select", {dataset: {role: "microscope-speed"}, onchange: () => play(playing)});
  const take = h("button", {
    type: "button",
    class: "primary",
    dataset: {role: "microscope-take"},
    onclick: () => takeStep(false),
  });
  setOptions(
    speed,
    SPEEDS.map(x => ({value: String(x), label: `${x}×`})),
  );
  speed.value = "1";
  root.append(
    h(
      "div",
      {class: "microscope-head"},
      title,
      h("span", {class: "spacer"}),
      h("span", {class: "microscope-samples"}, earlier, sample, short, later),
      close,
    ),
    chips,
    page,
    h("div", {class: "microscope-foot"}, before, auto, after, speed, h("span", {class: "spacer"}), take),
  );

  /** @type {State | null} */ let state = null;
  /** @type {import("../../types").Microscope | null} */ let shown = null;
  /** @type {ReturnType<typeof framesOf> | null} */ let frames = null;
  /** @type {Phase[]} */ let phases = [];
  /** @type {Set<string>} */ const unfolded = new Set();
  let open = false;
  let at = 0;
  let neuron = 0;
  let wasPlaying = false;
  let busy = false;
  let playing = false;
  let timer = 0;
  let drawn = "";
  /** Whether the page has seen the run stand at the step that is shown: until then its last frames are on their way. */
  let stood = false;
  /** @type {unknown} */ let asked = null;
  /** @type {Element | null} */ let held = null;

  /** @param {number} [row] */
  async function ask(row) {
    asked = state?.config;
    busy = true;
    let reply = await act("microscope", row === undefined ? {} : {row});
    if (reply.ok === false && row !== undefined && open) reply = await act("microscope");
    busy = false;
    if (reply.ok === false) shut();
  }

  function shut() {
    choose({microscope: false, focus: null});
  }

  /** Leave: at the end the step is taken, as it was shown; else the run stands as it stood. */
  function leave() {
    if (shown && at === phases.length - 1 && !shown.diverged) takeStep(false);
    else {
      if (wasPlaying) act("play");
      shut();
    }
  }

  /** @param {boolean} again look at the step after it too */
  async function takeStep(again) {
    if (busy || !shown) return;
    busy = true;
    const reply = await act("step");
    busy = false;
    if (reply.ok === false || !again) {
      if (reply.ok !== false && wasPlaying) act("play");
      shut();
    } else {
      at = 0;
      ask();
    }
  }

  /** @param {boolean} on */
  function play(on) {
    playing = on;
    clearTimeout(timer);
    setIcon(autoIcon, on ? "pause" : "play");
    auto.setAttribute("aria-pressed", String(on));
    if (on)
      timer = window.setTimeout(
        () => {
          if (at < phases.length - 1) go(at + 1);
          else takeStep(true);
          play(true);
        },
        (REST * (at === phases.length - 1 ? 1.5 : 1)) / Number(speed.value),
      );
  }

  /** @param {number} place */
  function go(place) {
    const next = Math.max(0, Math.min(phases.length - 1, place));
    if (next === at) return;
    const {
      layers: [layer],
      kind,
    } = phases[at];
    at = next;
    if (phases[at].layers[0] !== layer || (kind === "update") !== (phases[at].kind === "update")) neuron = 0;
    page.scrollTop = 0;
    render();
  }

  /** A hand moves: it plays by itself no more. Beyond the end the step is taken. @param {number} way */
  function move(way) {
    play(false);
    if (way > 0 && at === phases.length - 1) takeStep(false);
    else go(at + way);
  }

  /** @param {number} way */
  function sampleBy(way) {
    if (!shown || busy) return;
    ask(shown.rows[(shown.index + way + shown.rows.length) % shown.rows.length]);
  }

  /** Fold or unfold a group of layers. @param {string} group */
  function fold(group) {
    if (!shown || !state?.layout) return;
    const phase = phases[at];
    if (unfolded.has(group)) unfolded.delete(group);
    else unfolded.add(group);
    phases = phasesOf(state.layout.sizes, shown.normalization, unfolded);
    at = placeIn(phases, phase);
    render();
  }

  /** @param {KeyboardEvent} event */
  function key(event) {
    if (!open || event.ctrlKey || event.metaKey || event.altKey || !(event.target instanceof Element)) return;
    if (
      (event.target.closest("dialog, textarea, select, input, [role=slider]") && event.key !== "Escape") ||
      event.target.closest("dialog")
    )
      return;
    const on = event.target.closest("button");
    const action = {
      ArrowRight: () => move(1),
      ArrowLeft: () => move(-1),
      ArrowDown: () => pickRow(1),
      ArrowUp: () => pickRow(-1),
      Home: () => go(0),
      End: () => go(phases.length - 1),
      Escape: leave,
      ...(on ? {} : {" ": () => play(!playing), Enter: enter}),
    }[event.key];
    if (!action) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    action();
  }

  function enter() {
    const group = groupAt();
    if (group) fold(group);
    else if (at === phases.length - 1) takeStep(false);
  }

  const groupAt = () =>
    state?.layout
      ? (chipsOf(state.layout.sizes, unfolded).find(chip => chip.id === phases[at]?.chip)?.group ?? null)
      : null;

  /** @param {number} way */
  function pickRow(way) {
    const choices = [...body.children].filter(row => /** @type {HTMLElement} */ (row).dataset.index !== undefined);
    if (choices.length) pick((neuron + way + choices.length) % choices.length);
  }

  /** @param {number} index */
  function pick(index) {
    neuron = index;
    render();
    body.querySelector('[aria-selected="true"]')?.scrollIntoView({block: "nearest"});
  }

  function render() {
    if (!state?.layout || !state.data || !shown || !frames || !phases.length) return;
    const {layout, data} = state;
    const phase = phases[at];
    const [layer] = phase.layers;
    const y = targetsOf(data, shown.row, state.config);
    if (phase.kind !== "update") neuron = Math.min(neuron, layout.sizes[layer] - 1);
    const moved = movers(shown, layout)[Math.min(neuron, layout.blocks.length - 1)];
    const about = {step: shown, layout, y, huber_delta: state.config?.huber_delta, parameter: moved.at};
    const subject =
      phase.kind === "update" ? {...about, layer: moved.layer, index: moved.to} : {...about, layer, index: neuron};
    root.dataset.phase = phase.layers[0] === phase.layers[1] ? `${phase.kind}:${layer}` : phase.kind;
    root.dataset.row = String(shown.row);
    setText(caption, captionOf(phase, subject, t));
    formulas.replaceChildren(...formulasOf(phase, subject, t));
    drawTable(tableOf(phase, subject, data, t));
    drawChips(phase);
    setText(sample, t("microscope.sample", {row: shown.row + 1, index: shown.index + 1, n: shown.rows.length}));
    setText(short, `${shown.index + 1} / ${shown.rows.length}`);
    setText(title, t("microscope.title", {step: integer(shown.number)}));
    earlier.disabled = later.disabled = shown.rows.length < 2;
    before.disabled = at === 0;
    const last = at === phases.length - 1;
    setText(take, t(shown.diverged ? "microscope.leave" : last ? "microscope.take" : "microscope.to_end"));
    take.onclick = () => (shown?.diverged ? leave() : last ? takeStep(false) : go(phases.length - 1));
    const focus = focusOf(
      phase,
      shown,
      layout,
      ["sum", "normalize", "activate", "error", "gradient", "update"].includes(phase.kind)
        ? {layer: subject.layer, index: subject.index}
        : null,
      phase.kind === "result" ? frames.after : frames.before,
    );
    const page = root.closest(".page");
    if (page instanceof HTMLElement)
      page.dataset.microscope = phase.kind === "error" && layer === layout.sizes.length - 1 ? "loss" : phase.kind;
    choose({focus});
  }

  /** @param {import("./table.js").Table} content */
  function drawTable({columns, rows}) {
    heads.replaceChildren(
      h("th"),
      ...columns.map(({symbol, tone, mean}) =>
        h(
          "th",
          {scope: "col", class: tone ? `tone-${tone}` : ""},
          symbol,
          mean ? h("small", {}, ` ${t("microscope.mean")}`) : null,
        ),
      ),
    );
    const choices =
      rows.length > 1 && rows.every(row => row.index >= 0) && phases[at].kind !== "loss" && phases[at].kind !== "input";
    body.replaceChildren(
      ...rows.map(({index, label, numbers}) =>
        h(
          "tr",
          choices ? {dataset: {index}, "aria-selected": String(index === neuron), onclick: () => pick(index)} : {},
          h("th", {scope: "row"}, label),
          ...numbers.map((x, k) => h("td", {class: columns[k].tone ? `tone-${columns[k].tone}` : ""}, cellText(x))),
        ),
      ),
    );
  }

  /** @param {Phase} phase */
  function drawChips(phase) {
    if (!state?.layout || !shown) return;
    const last = state.layout.sizes.length - 1;
    const all = chipsOf(state.layout.sizes, unfolded);
    const now = all.findIndex(chip => chip.id === phase.chip);
    const wanted = JSON.stringify([all.map(chip => chip.id), state.lang]);
    if (wanted !== drawn) {
      drawn = wanted;
      chips.replaceChildren(
        ...all.map(({id, kind, layers: [low, high], direction, folded, group}) => {
          const words =
            kind !== "layer"
              ? t(`microscope.chip_${kind}`)
              : folded
                ? `${low}–${high}`
                : low === last
                  ? t("microscope.chip_output")
                  : String(low);
          const chip = h(
            "button",
            {
              type: "button",
              class: "microscope-chip",
              title:
                kind === "layer"
                  ? t(folded ? "microscope.unfold" : "microscope.layer_title", {low, high, n: low})
                  : words,
              dataset: {chip: id, way: direction > 0 ? "forward" : direction < 0 ? "backward" : "none"},
              onclick: () => {
                play(false);
                if (group && phases[at].chip === id) fold(group);
                else go(phases.findIndex(each => each.chip === id));
              },
            },
            words,
          );
          if (folded) chip.append(h("i", {"aria-hidden": "true"}, "⋯"));
          return chip;
        }),
      );
    }
    [...chips.children].forEach((chip, k) => {
      chip.toggleAttribute("data-done", k < now);
      if (k === now) {
        chip.setAttribute("aria-current", "step");
        const {offsetTop, offsetHeight} = /** @type {HTMLElement} */ (chip);
        if (chips.scrollHeight > chips.clientHeight)
          chips.scrollTop = offsetTop + offsetHeight / 2 - chips.clientHeight / 2;
      } else chip.removeAttribute("aria-current");
    });
  }

  function words() {
    close.title = t("microscope.leave");
    close.setAttribute("aria-label", close.title);
    for (const [button, key] of /** @type {[HTMLElement, string][]} */ ([
      [before, "back"],
      [after, "next"],
      [auto, "auto"],
      [earlier, "earlier"],
      [later, "later"],
      [speed, "speed"],
    ])) {
      button.title = t(`microscope.${key}`);
      button.setAttribute("aria-label", button.title);
    }
  }

  /** @param {State} next */
  function begin(next) {
    open = true;
    wasPlaying = next.playing;
    shown = frames = null;
    at = neuron = 0;
    drawn = "";
    held = document.activeElement;
    for (const part of [caption, formulas, body, heads, chips]) part.replaceChildren();
    root.hidden = false;
    cover(true);
    root.dataset.phase = "opening";
    const page = root.closest(".page");
    if (page instanceof HTMLElement) page.dataset.microscope = "opening";
    words();
    for (const [width, part] of [
      [640, ".network-stage"],
      [1100, ".panel-network"],
    ]) {
      if (!matchMedia(`(max-width: ${width}px)`).matches) continue;
      page?.querySelector(String(part))?.scrollIntoView({block: "start"}); // on a phone no room is lost to what is dimmed
      break;
    }
    ask();
  }

  /** What lies below the panel is out of the keyboard's reach too. @param {boolean} on */
  function cover(on) {
    for (const panel of root.closest(".page")?.querySelectorAll(".panel-output, .panel-surface") ?? [])
      panel.toggleAttribute("inert", on);
  }

  function end() {
    open = false;
    play(false);
    root.hidden = true;
    cover(false);
    delete (/** @type {HTMLElement} */ (root.closest(".page")).dataset.microscope);
    if (root.contains(document.activeElement) || document.activeElement === document.body)
      /** @type {HTMLElement | null} */ (held)?.focus?.();
  }

  document.addEventListener("keydown", key, true);
  return {
    update(next) {
      const old = state;
      state = next;
      if (next.view.microscope !== open) {
        if (open) end();
        else begin(next);
      }
      if (!open || !next.layout) return;
      const step = next.microscope;
      const fresh = step && step !== shown && step !== old?.microscope && step.layout === next.layout.id && next.frame;
      if (fresh) {
        const first = !shown;
        if (shown && shown.number !== step.number) at = neuron = 0;
        if (shown?.number !== step.number) stood = false;
        shown = step;
        frames = framesOf(step, /** @type {import("../../types").Frame} */ (next.frame));
        phases = phasesOf(next.layout.sizes, step.normalization, unfolded);
        at = Math.min(at, phases.length - 1);
        render();
        if (first) page.focus({preventScroll: true});
      } else if (shown && !busy) {
        const ahead = (next.frame?.step ?? 0) - (shown.number - 1);
        const stands = !next.playing && ahead === 0;
        if (ahead > 0 || (stood && !stands)) shut();
        else if (!stood) stood = stands;
        else if (next.config !== asked && JSON.stringify(next.config) !== JSON.stringify(asked)) ask(shown.row);
      }
      if (old && old.lang !== next.lang) {
        words();
        render();
      }
    },
    destroy() {
      document.removeEventListener("keydown", key, true);
      clearTimeout(timer);
      root.replaceChildren();
    },
  };
}

/** A target of 1 is written so. @param {number} x */
const cellText = x => (Number.isInteger(x) && Math.abs(x) < 1e4 ? String(x).replace("-", "−") : plain(x, 4));
