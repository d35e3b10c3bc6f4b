// @ts-check
/**
 * The gradient laboratory: how the error signal fares in every layer, why, how fast layers learn, and what batch
 * normalization does.
 */

import {h, setText} from "../../draw/dom.js";
import {letterOf} from "../../model/lanes.js";
import {calmly, palette as paletteOf, sheetsOf} from "../../draw/plot.js";
import {normPage} from "./norm.js";
import {rowsPage} from "./rows.js";
import {speedPage} from "./speed.js";
import {whyPage} from "./why.js";

/** @typedef {import("../../types").State} State */
/** @typedef {import("../../types").Laboratory} Laboratory */

/** What a page of the laboratory paints on, and what it paints of.
 * @typedef {object} Sheet
 * @property {CanvasRenderingContext2D} ctx
 * @property {number} width
 * @property {number} height
 * @property {import("../../draw/plot.js").Palette} palette
 * @property {State} state
 * @property {Laboratory} lab
 * @property {import("../../types").Layout} layout
 * @property {number} marked layer from 0 that the pointer is on; −1 for none
 * @property {number} chosen layer from 0 whose details are shown
 * @property {string[]} names of the layers */

/** @typedef {object} Page
 * @property {(sheet: Sheet) => void} paint
 * @property {(x: number, y: number) => number} layerAt −1 for none
 * @property {(sheet: Sheet) => [string, string]} words the sentence, and what is said smaller below it
 * @property {(sheet: Sheet, layer: number, x: number) => string} tip of a layer, with the pointer at x
 * @property {(sheet: Sheet) => (string | Node)[]} [detail] of the chosen layer
 * @property {boolean} choosing whether a click chooses a layer */

const PAGES = /** @type {const} */ (["rows", "why", "speed", "norm"]);
/** ms between two paintings. */
const REST = 50;

/**
 * @param {HTMLElement} root a panel, hidden while the laboratory is closed
 * @param {import("../../types").ViewContext} context
 * @returns {import("../../types").View}
 */
export function labView(root, {t, act, choose, draw}) {
  const heading = h("span");
  const badge = h("i", {class: "lane-badge", dataset: {role: "lab-lane"}});
  const title = h("h2", {id: "title-lab"}, heading, badge);
  const close = h(
    "button",
    {type: "button", class: "quiet lab-close", dataset: {role: "laboratory-close"}, onclick: shut},
    "×",
  );
  const tabs = PAGES.map(name => ({
    name,
    element: h("button", {type: "button", role: "tab", dataset: {role: `lab-${name}`}, onclick: () => turn(name)}),
  }));
  const strip = h(
    "div",
    {class: "plot-segment", role: "tablist", onkeydown: along},
    ...tabs.map(({element}) => element),
  );
  const sentence = h("span", {dataset: {role: "lab-sentence"}});
  const smaller = h("small");
  const words = h("p", {class: "lab-words", "aria-live": "off"}, sentence, smaller);
  const stage = h("div", {class: "plot-stage", role: "img", tabindex: 0, dataset: {role: "lab-stage"}});
  const empty = h("div", {class: "plot-empty"}, h("strong"), h("span"));
  const tip = h("div", {class: "plot-tip", hidden: true});
  const detail = h("p", {class: "lab-detail", dataset: {role: "lab-detail"}});
  const note = h("p");
  const fixed = h("button", {
    type: "button",
    dataset: {role: "lab-axis"},
    "aria-pressed": "false",
    onclick: () => {
      rows.toggle();
      labels();
      again();
    },
  });
  const norm = h("button", {
    type: "button",
    dataset: {role: "lab-strip"},
    onclick: () => {
      rows.turn();
      labels();
      again();
    },
  });
  const add = h("button", {
    type: "button",
    dataset: {role: "lab-batchnorm"},
    onclick: () => act("configure", {network: {normalization: "batch"}}),
  });
  root.append(
    h("div", {class: "lab-head"}, title, strip, close),
    words,
    h("div", {class: "lab-body", role: "tabpanel"}, stage, detail),
    h("div", {class: "lab-foot"}, note, norm, fixed, add),
  );

  const rows = rowsPage(t);
  /** @type {Record<typeof PAGES[number], Page>} */
  const pages = {rows, why: whyPage(t), speed: speedPage(t), norm: normPage(t)};
  /** @type {typeof PAGES[number]} */ let page = "rows";
  /** @type {State | null} */ let state = null;
  /** @type {import("../../draw/plot.js").Palette | null} */ let palette = null;
  /** @type {{x: number, y: number} | null} */ let pointer = null;
  /** @type {Element | null} */ let held = null;
  let open = false;
  let busy = false;
  let due = 0;
  let timer = 0;
  let marked = -1;
  let chosen = -1;
  let worded = "";
  /** The frame at which it was last asked: a new one means that something has changed. @type {number | undefined} */
  let seen;
  let drawn = {
    lab: /** @type {unknown} */ (null),
    config: /** @type {unknown} */ (null),
    layout: /** @type {unknown} */ (null),
    theme: "",
    lang: "",
    hover: -1,
    lanes: 1,
  };
  const painter = calmly(paint, REST, draw);
  const {
    sheets: [canvas],
    destroy: fold,
  } = sheetsOf(stage, 1, paint);
  stage.append(empty, tip);
  stage.addEventListener("pointermove", event => {
    const {left, top} = stage.getBoundingClientRect();
    pointer = {x: event.clientX - left, y: event.clientY - top};
    point();
  });
  stage.addEventListener("pointerleave", () => {
    pointer = null;
    point();
  });
  stage.addEventListener("click", () => {
    if (marked >= 0 && pages[page].choosing) pick(marked);
  });
  stage.addEventListener("keydown", event => {
    const way = {ArrowUp: -1, ArrowDown: 1}[event.key];
    const layers = state?.laboratory?.layers ?? 0;
    if (way === undefined || !layers) return;
    event.preventDefault();
    pick(Math.min(layers - 1, Math.max(0, chosen + way)));
  });
  root.addEventListener("keydown", event => {
    if (event.key !== "Escape") return;
    event.preventDefault();
    shut();
  });

  function shut() {
    choose({laboratory: false});
  }

  /** @param {typeof PAGES[number]} name */
  function turn(name) {
    page = name;
    marked = -1;
    chooseLayer();
    labels();
    again();
  }

  /** The arrows move along the tabs. @param {KeyboardEvent} event */
  function along(event) {
    const way = {ArrowLeft: -1, ArrowRight: 1}[event.key];
    if (way === undefined) return;
    event.preventDefault();
    turn(PAGES[(PAGES.indexOf(page) + way + PAGES.length) % PAGES.length]);
    tabs[PAGES.indexOf(page)].element.focus();
  }

  /** @param {number} layer */
  function pick(layer) {
    chosen = layer;
    again();
  }

  function point() {
    const before = marked;
    marked = pointer ? pages[page].layerAt(pointer.x, pointer.y) : -1;
    if (before !== marked) again();
    else place();
  }

  function again() {
    painter.cancel();
    paint();
  }

  /** Ask for a reading when the rest is over; and again while there is more to be had. */
  function wish() {
    clearTimeout(timer);
    const now = performance.now();
    if (!open || busy || state?.connection !== "open" || !state.layout || !stale(state)) return;
    if (now < due) {
      timer = window.setTimeout(wish, due - now);
      return;
    }
    ask(state.laboratory);
  }

  /** @param {State} now */
  function stale({laboratory: lab, layout, frame}) {
    return !lab || lab.more || lab.layout !== layout?.id || frame?.seq !== seen;
  }

  /** @param {Laboratory | null} lab */
  async function ask(lab) {
    busy = true;
    seen = state?.frame?.seq;
    const reply = await act("laboratory", lab ? {number: lab.number, since: lab.serial} : {});
    busy = false;
    due = performance.now() + (reply.ok === false ? 1000 : (state?.laboratory?.rest ?? REST));
    wish();
  }

  /** @returns {Sheet | null} */
  function sheetNow() {
    const {laboratory: lab, layout} = state ?? {};
    if (!state || !palette || !lab || !layout || lab.layout !== layout.id) return null;
    const names = Array.from({length: lab.layers}, (_, k) =>
      k === lab.layers - 1 ? t("gradients.out") : String(k + 1),
    );
    return {
      ctx: canvas.ctx,
      width: canvas.width,
      height: canvas.height,
      palette,
      state,
      lab,
      layout,
      names,
      marked: marked >= 0 ? marked : hovered(lab.layers),
      chosen,
    };
  }

  /** The layer that the diagram is pointed at. @param {number} layers */
  function hovered(layers) {
    const hover = state?.view.hover;
    return hover && hover.layer >= 1 && hover.layer <= layers ? hover.layer - 1 : -1;
  }

  function paint() {
    if (!open || !palette) return;
    const sheet = sheetNow();
    canvas.ctx.clearRect(0, 0, canvas.width, canvas.height);
    empty.hidden = sheet !== null;
    if (!sheet || canvas.width < 40 || canvas.height < 40) {
      setText(sentence, "");
      setText(smaller, "");
      detail.replaceChildren();
      return place();
    }
    if (chosen < 0 || chosen >= sheet.lab.layers) chooseLayer(sheet.lab);
    sheet.chosen = chosen;
    pages[page].paint(sheet);
    const [said, below] = pages[page].words(sheet);
    const key = `${page} ${chosen} ${said} ${below}`;
    setText(sentence, said);
    setText(smaller, below);
    const more = pages[page].detail?.(sheet) ?? [];
    const text = key + more.map(part => (typeof part === "string" ? part : part.textContent)).join("");
    if (worded !== text) {
      worded = text;
      detail.replaceChildren(...more);
    }
    place();
  }

  /**
   * Details are of the layer that passes on least, until somebody chooses another one.
   * @param {Laboratory | null | undefined} [lab]
   */
  function chooseLayer(lab = state?.laboratory) {
    if (!lab || (chosen >= 0 && chosen < lab.layers)) return;
    chosen = 0;
    for (let k = 1; k < lab.layers - 1; k++) if (lab.slope_part[k] < lab.slope_part[chosen]) chosen = k;
  }

  function place() {
    const sheet = pointer && marked >= 0 ? sheetNow() : null;
    tip.hidden = !sheet;
    if (!sheet || !pointer) return;
    setText(tip, pages[page].tip(sheet, marked, pointer.x));
    const x = pointer.x + 14 + tip.offsetWidth > canvas.width ? pointer.x - 12 - tip.offsetWidth : pointer.x + 14;
    tip.style.transform = `translate(${Math.round(Math.max(2, x))}px, ${Math.round(Math.max(2, Math.min(canvas.height - tip.offsetHeight - 2, pointer.y - tip.offsetHeight / 2)))}px)`;
  }

  function labels() {
    setText(heading, t("lab.title"));
    ofLane();
    close.title = t("lab.close");
    close.setAttribute("aria-label", t("lab.close"));
    strip.setAttribute("aria-label", t("lab.title"));
    for (const {name, element} of tabs) {
      setText(element, t(`lab.tab_${name}`));
      element.setAttribute("aria-selected", String(name === page));
      element.tabIndex = name === page ? 0 : -1;
    }
    setText(/** @type {HTMLElement} */ (empty.firstElementChild), t("lab.empty"));
    setText(note, t(`lab.note_${page}`, {n: state?.laboratory?.samples ?? 0}));
    setText(fixed, t(rows.fixed ? "lab.axis_fixed" : "lab.axis_follows"));
    fixed.setAttribute("aria-pressed", String(rows.fixed));
    setText(norm, t("lab.strip", {norm: rows.norm}));
    norm.title = t("lab.strip_title");
    fixed.title = t(rows.fixed ? "lab.axis_fixed_title" : "lab.axis_follows_title");
    fixed.hidden = norm.hidden = page !== "rows";
    const normal = state?.layout?.normalization.some(kind => kind === "batch");
    add.hidden = page !== "norm" || Boolean(normal) || (state?.layout?.normalization.length ?? 1) < 2;
    setText(add, t("lab.add_batch"));
    stage.setAttribute("aria-label", t(`lab.tab_${page}`));
    stage.classList.toggle("lab-stage-click", pages[page].choosing);
  }

  /** Which lane is measured, where there are several: the one in focus. */
  function ofLane() {
    const {lanes = [], lane = 0} = state ?? {};
    badge.hidden = lanes.length < 2;
    title.dataset.lane = String(lane);
    setText(badge, letterOf(lane));
    badge.title = t("lab.lane", {lane: letterOf(lane)});
  }

  /** @param {boolean} on */
  function opened(on) {
    open = on;
    root.hidden = !on;
    root.parentElement?.classList.toggle("lab-open", on);
    if (on) {
      held = document.activeElement;
      chosen = -1;
      due = 0;
      close.focus({preventScroll: true});
      if (window.innerWidth <= 1100) root.scrollIntoView({block: "start"});
    } else {
      clearTimeout(timer);
      if (held instanceof HTMLElement && held.isConnected) held.focus({preventScroll: true});
    }
  }

  return {
    update(next) {
      state = next;
      if (next.view.laboratory !== open) opened(next.view.laboratory);
      if (!open) return;
      if (next.view.microscope || next.layout?.landscape) return shut();
      if (drawn.theme !== next.theme) palette = paletteOf(root);
      const hover = hovered(next.laboratory?.layers ?? 0);
      const looks =
        drawn.theme !== next.theme ||
        drawn.lang !== next.lang ||
        drawn.layout !== next.layout ||
        drawn.hover !== hover ||
        drawn.lab === null ||
        drawn.config !== next.config ||
        drawn.lanes !== next.lanes.length;
      if (drawn.layout !== next.layout) chosen = -1;
      if (looks || drawn.lab !== next.laboratory) {
        drawn = {
          lab: next.laboratory,
          config: next.config,
          layout: next.layout,
          theme: next.theme,
          lang: next.lang,
          hover,
          lanes: next.lanes.length,
        };
        if (looks) {
          labels();
          again();
        } else painter.request();
      }
      wish();
    },
    destroy() {
      clearTimeout(timer);
      painter.cancel();
      fold();
      root.replaceChildren();
    },
  };
}
