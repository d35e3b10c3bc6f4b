// @ts-check
/**
 * The network diagram: neurons as live pictures, weights as curves, what flows as pulses, the architecture edited in
 * place.
 */

import {h, setText} from "../../draw/dom.js";
import {compact, plain} from "../../draw/format.js";
import {magnified} from "../../model/magnified.js";
import {palette as readPalette} from "../../draw/plot.js";
import {probed} from "../../model/probe.js";
import {createCard, createLoss} from "./card.js";
import {createFeatures} from "./features.js";
import {waveOf} from "./focus.js";
import {drawHealth, healthOf} from "./health.js";
import {createHeader, pitchOf} from "./header.js";
import {createHint} from "./hint.js";
import {arrange, columnAt, MOST_NAMES, walk} from "./layout.js";
import {arrangeMatrices, crowded} from "./matrices_layout.js";
import {createPicker} from "./picking.js";
import {createRhythm} from "./pulses.js";
import {columnsScene, matricesScene} from "./scene.js";
import {createSheets} from "./sheets.js";
import {focusOfPart, inward, layerInFocus, outward, partOf} from "./window.js";
import {exists, numbersOf, title} from "../shared/symbols.js";

/** @typedef {import("../../types").State} State */
/** @typedef {import("../../types").Pick} Pick */

/** ms between two repaints while frames stream in, of many edges, and ms of computing per animation frame. */
const GAP = 40;
const MANY_GAP = 60;
const BUDGET = 1.8;

/**
 * @param {HTMLElement} root
 * @param {import("../../types").ViewContext} context
 * @returns {import("../../types").View}
 */
export function networkView(root, context) {
  const {t, choose, draw, view} = context;
  const document = root.ownerDocument;
  const header = createHeader(context, layer => {
    if (scene?.part) open(layer);
  });
  const features = createFeatures(context);
  const card = createCard(context);
  const loss = createLoss(context);
  const picker = createPicker(context);
  const stage = h("div", {class: "network-stage", tabindex: 0, role: "application"});
  const content = h("div", {class: "network-content"}, header.heads, stage);
  const scroll = h("div", {class: "network-scroll"}, content);
  const unit = h("span", {class: "network-legend-unit"});
  const hint = createHint(root, context);
  const live = h("div", {class: "network-live", "aria-live": "polite"});
  const [low, high, forward, backward] = ["low", "high", "forward", "backward"].map(name =>
    h("span", {class: `network-legend-${name}`}),
  );
  const form = h("button", {
    type: "button",
    class: "network-form",
    dataset: {role: "network-form"},
    onclick: toggleForm,
  });
  const back = h("button", {
    type: "button",
    class: "network-whole",
    hidden: true,
    dataset: {role: "network-whole"},
    onclick: () => open(0),
  });
  const legend = h("span", {class: "network-legend"}, unit, low, h("i", {class: "network-legend-bar"}), high);
  const foot = h("div", {class: "network-foot"}, legend, forward, backward, hint.element);
  const waiting = h("p", {class: "network-waiting"});
  root.classList.add("network");
  root.append(
    h("div", {class: "network-forms"}, back, form),
    header.bar,
    scroll,
    features.element,
    foot,
    waiting,
    live,
  );
  const sheets = createSheets(stage, 3);
  const [edgeSheet, pulseSheet, nodeSheet] = sheets.sheets;
  stage.append(loss.element, card.element);

  const rhythm = createRhythm();
  const still = matchMedia("(prefers-reduced-motion: reduce)");
  const coarse = matchMedia("(pointer: coarse)");
  /** @type {State | null} */
  let state = null;
  /** Everything that follows from layout, data, room and theme. @type {import("./scene.js").Scene | null} */
  let scene = null;
  let built = "";
  let spoken = "";
  let pending = false;
  let ticked = 0;
  let pulsing = false;
  let pulses = false;
  let roomWidth = 0;
  let roomHeight = 0;
  const stale = {edges: false, lines: false, maps: false, nodes: false};
  const busy = {edges: false, maps: false};
  const since = {edges: -Infinity, nodes: -Infinity};
  /**
   * The layer that is opened out of the matrices, 0 for none; what the user wants to see, where both are possible; the
   * layers looked at.
   */
  let zoom = 0;
  let looked = "[]";
  /** @type {"matrices" | "columns" | null} */
  let wish = null;
  /** parameters being drawn @type {Float32Array} */
  let P = new Float32Array(0);

  /** The frame, if it belongs to the layout. @param {State | null} of */
  const frameOf = of => (of?.frame && of.layout && of.frame.layout === of.layout.id ? of.frame : null);
  /**
   * What the card speaks of: the pointer's pick, for the pinned one has the inspector; but inputs have none.
   * @returns {Pick | null}
   */
  const pointed = () => {
    const pick = focus();
    return pick &&
      (pick === view().hover || pick.layer === 0) &&
      JSON.stringify(pick) !== (view().selected?.layer ? JSON.stringify(view().selected) : "")
      ? pick
      : null;
  };
  /** The same as the drawing names it. @returns {Pick | null} */
  const aimed = () => inward(focus(), scene?.part ?? null);
  /** What is looked at: the pointer's pick goes before the pinned one. @returns {Pick | null} */
  const focus = () =>
    state?.layout
      ? ([view().hover, view().selected].find(pick => exists(pick, /** @type {any} */ (state).layout)) ?? null)
      : null;

  /** Build the scene anew where layout, data, room, theme or language have changed. */
  function arrangeAll() {
    if (!state?.layout || !state.data || !state.config || !roomWidth) return;
    const {layout, data, view} = state;
    const near = shownLayer(layout);
    const key = JSON.stringify([
      layout,
      data.n,
      data.train,
      data.features,
      state.theme,
      state.lang,
      roomWidth,
      roomHeight,
      sheets.ratio,
      coarse.matches,
      near,
      wish,
    ]);
    if (key === built && scene?.data === data) return;
    if (layout.sizes[0] !== data.inputs) return;
    if (scene && scene.whole.id !== layout.id) [zoom, wish] = [0, null];
    built = key;
    const palette = readPalette(root);
    const scale = palette.small / 11.5;
    root.classList.toggle("narrow", roomWidth < 430);
    const tall = Math.max(90, scroll.clientHeight - 60);
    const all = arrange({...roomOf(null, scale), height: tall});
    const full = crowded(all, roomWidth);
    const matrices = (wish ?? (full ? "matrices" : "columns")) === "matrices";
    const part = matrices && near ? partOf(layout, near) : null;
    const first = part ? arrange({...roomOf(part, scale), height: tall}) : all;
    const bare = matrices && !part;
    const from = part?.from ?? 0;
    const mode =
      bare ||
      part ||
      (layout.sizes.length > 2 && pitchOf(first) < (coarse.matches ? 104 : 76) * scale) ||
      roomHeight < 300
        ? "bar"
        : "groups";
    header.arrange(state, first, mode, from, bare);
    if (part && !view.focus) header.choose(near);
    const height = Math.max(90, scroll.clientHeight - header.heads.offsetHeight);
    const room = {...roomOf(part, scale), height};
    const grid = bare ? arrangeMatrices(room) : null;
    const g = grid ?? arrange(room);
    content.style.width = `${g.width}px`;
    if (!bare) header.arrange(state, g, mode, from);
    sheets.resize(g.width, height);
    loss.update(state);
    loss.element.style.left = `${g.loss.x}px`;
    loss.element.style.width = `${g.loss.width}px`;
    loss.element.style.top = `${g.loss.y}px`;
    g.loss.height = loss.element.offsetHeight;
    scene = grid
      ? matricesScene(document, state, grid, palette, sheets.ratio)
      : columnsScene(document, state, g, part, palette, sheets.ratio);
    back.hidden = !part;
    form.hidden = layout.sizes.length < 4 || part !== null;
    card.moved();
    words();
    look();
    stale.edges = stale.maps = stale.nodes = true;
    since.edges = since.nodes = -Infinity;
    busy.edges = busy.maps = false;
    P = frameOf(state)?.P ?? P;
  }

  /**
   * What `arrange` has to know, but for the height.
   * @param {import("./window.js").Part | null} part
   * @param {number} scale
   */
  function roomOf(part, scale) {
    const {layout, data} =
      /** @type {State & {layout: import("../../types").Layout, data: import("../../types").Data}} */ (state);
    const {sizes, blocks, bias} = part ?? layout;
    return {
      crown: (part ?? layout).residual.some(Boolean) ? 18 * scale : 0,
      sizes,
      bias,
      fixed: blocks.map(block => block.fixed),
      image: data.image !== null && !part?.from,
      bars: (part?.ends ?? true) && sizes.at(-1) !== 1,
      names: part?.from ? 6 : namesRoom(data),
      scale,
      width: roomWidth,
      inner: /** @type {[number, number]} */ (
        part ? [part.from ? 0 : 1, sizes.length - (part.ends ? 2 : 1)] : [1, sizes.length - 2]
      ),
    };
  }

  /**
   * The layer about which neurons are shown where all are matrices: the one opened, or that of the step under the
   * microscope.
   * @param {import("../../types").Layout} layout
   */
  function shownLayer({sizes}) {
    return Math.min(layerInFocus(state?.view.focus ?? null) || zoom, sizes.length - 1);
  }

  /** Open a layer out of the matrices, or close it. @param {number} layer */
  function open(layer) {
    zoom = layer;
    arrangeAll();
    tick();
  }

  function toggleForm() {
    wish = scene?.matrices || scene?.part ? "columns" : "matrices";
    open(0);
  }

  /** Say which layers a frame has to carry: those whose neurons are shown, else that of what is looked at. */
  function look() {
    const pick = focus();
    const part = scene?.part;
    const layers = part
      ? [part.from, part.from + 1, part.to].filter((l, k, all) => l > 0 && all.indexOf(l) === k)
      : pick?.layer
        ? [pick.layer]
        : [];
    const wanted = scene?.matrices || part ? JSON.stringify(layers) : "[]";
    if (wanted === looked || state?.connection !== "open") return;
    looked = wanted;
    context.act("look", {layers});
  }

  /** Room for the names of the inputs beside them, in px at the usual type. @param {import("../../types").Data} data */
  const namesRoom = ({features: names, image, inputs}) =>
    image || inputs > MOST_NAMES ? 6 : Math.min(78, Math.max(20, 7.2 * Math.max(...names.map(name => name.length))));

  function words() {
    stage.setAttribute("aria-label", t("network.diagram"));
    setText(forward, t("network.forward"));
    setText(backward, t("network.backward"));
    legend.title = t("network.legend_title");
    const matrices = Boolean(scene?.matrices || scene?.part);
    setText(form, t(matrices ? "network.as_columns" : "network.as_matrices"));
    form.title = t(matrices ? "network.as_columns_title" : "network.as_matrices_title");
    setText(back, t("network.whole"));
    back.title = t("network.whole_title");
    hint.update(state, Boolean(scene?.matrices));
    setText(low, "−");
    setText(high, "+");
  }

  /** Draw what has to be drawn now, and come back if something is left. */
  function tick() {
    const now = frameTime();
    if (document.hidden || !state || !roomWidth) return;
    if (scene && frameOf(state) && scene.layout.id === state.layout?.id && P.length === scene.layout.parameters) {
      const deadline = performance.now() + BUDGET;
      paintEdges(now, deadline);
      paintNodes(now, deadline);
      if (ticked !== now) paintPulses(now);
      ticked = now;
    }
    if (stale.edges || stale.lines || stale.maps || stale.nodes || busy.edges || busy.maps || pulsing) again();
  }

  /** The same number all through an animation frame. */
  function frameTime() {
    const time = document.timeline.currentTime;
    return typeof time === "number" ? time : performance.now();
  }

  function again() {
    if (pending) return;
    pending = true;
    draw(() => {
      pending = false;
      tick();
    });
  }

  /** @param {number} now @param {number} deadline */
  function paintEdges(now, deadline) {
    if (!scene) return;
    if (stale.edges && !busy.edges && now - since.edges >= (scene.edges.rasterized ? MANY_GAP : GAP)) {
      scene.edges.begin(P);
      stale.edges = false;
      busy.edges = true;
      since.edges = now;
    }
    const ready = busy.edges && scene.edges.advance(deadline);
    if (ready) busy.edges = false;
    if (!ready && !stale.lines) return;
    stale.lines = false;
    edgeSheet.clear();
    scene.edges.draw(edgeSheet.ctx, state?.view.focus ? null : aimed(), P);
    scene.dimEdges(edgeSheet.ctx, focusOfPart(state?.view.focus ?? null, scene.part));
    setText(unit, `w  ±${compact(scene.edges.unit)}`);
  }

  /**
   * Maps and neurons rest in frames in which the edges are repainted, unless nothing was shown for long.
   * @param {number} now
   * @param {number} deadline
   */
  function paintNodes(now, deadline) {
    if (!scene || !state) return;
    if (stale.maps && !busy.maps && now - since.nodes >= GAP && (since.edges !== now || since.nodes < now - 4 * GAP)) {
      scene.pictures?.begin(P, frameOf(state)?.S ?? new Float32Array(0));
      stale.maps = false;
      busy.maps = true;
      since.nodes = now;
    }
    if (busy.maps && (scene.pictures?.advance(deadline) ?? true)) {
      busy.maps = false;
      stale.nodes = true;
      loss.update(state);
      showCard();
    }
    if (!stale.nodes || (busy.maps && since.nodes === now)) return;
    stale.nodes = false;
    nodeSheet.clear();
    const {part} = scene;
    const marks = state.view.highlight;
    scene.nodes.draw(
      nodeSheet.ctx,
      scene.frame(frameOf(state)),
      inward(state.view.hover, part),
      inward(state.view.selected, part),
    );
    scene.skips(nodeSheet.ctx, frameOf(state));
    drawHealth(nodeSheet.ctx, scene, healthOf(state));
    if (marks) scene.highlight(nodeSheet.ctx, {...marks, picks: marks.picks.flatMap(pick => inward(pick, part) ?? [])});
    if (state.view.picking?.length)
      scene.highlight(nodeSheet.ctx, {
        flow: "forward",
        picks: state.view.picking.flatMap(({pick}) => inward(pick, part) ?? []),
      });
    scene.dimNodes(nodeSheet.ctx, focusOfPart(state.view.focus, part));
  }

  function showCard() {
    if (!scene || !state) return;
    const pick = pointed();
    const here = inward(pick, scene.part);
    card.show(state, scene.g, here && pick, here ? scene.extent(here) : []);
  }

  /** @param {number} now */
  function paintPulses(now) {
    const frame = scene?.frame(frameOf(state));
    if (!scene || !frame) return;
    const aim = focusOfPart(state?.view.focus ?? null, scene.part);
    const wave = still.matches ? null : aim ? waveOf(aim, now) : rhythm.at(now, scene.pulses.gaps);
    const glows = still.matches && state?.playing;
    if (pulses) pulseSheet.clear();
    pulses = wave !== null || Boolean(glows);
    if (wave && wave.direction < 0 && frame.sample < 0)
      scene.pulses.forget(); // a probe has no error to send back
    else if (wave) scene.pulses.draw(pulseSheet.ctx, frame, wave);
    else if (glows) scene.pulses.drawStill(pulseSheet.ctx, frame);
    else scene.pulses.forget();
    pulsing = !still.matches && (aim ? wave !== null : rhythm.runs(now));
  }

  /** @param {State} given */
  function update(given) {
    const next = magnified(probed(given));
    const before = state;
    const frame = frameOf(next);
    const old = frameOf(before);
    const now = frameTime();
    state = next;
    waiting.hidden = Boolean(next.layout && next.data && frame);
    setText(
      waiting,
      waiting.hidden
        ? ""
        : t(
            `network.waiting_${next.connection === "refused" ? "refused" : next.connection === "lost" ? "lost" : "open"}`,
          ),
    );
    root.classList.toggle("empty", !next.layout || !next.data);
    arrangeAll();
    header.update(next);
    features.update(next);
    hint.update(state, Boolean(scene?.matrices));
    if (frame && frame !== old && frame.P === P && frame.P === old?.P) {
      stale.nodes = true;
      loss.update(next);
      showCard();
    } else if (frame && frame !== old) {
      P = frame.P;
      stale.edges = stale.maps = true;
      if (old && !next.playing && frame.step === old.step + 1) rhythm.once(now);
    }
    if (next.connection !== "open") looked = "[]";
    rhythm.keep(next.playing && next.connection === "open" && next.status.kind === "running", now);
    if (!frame) rhythm.stop();
    if (before && (before.view.hover !== next.view.hover || before.view.selected !== next.view.selected)) refocus();
    if (
      before &&
      (before.view.highlight !== next.view.highlight ||
        before.view.picking !== next.view.picking ||
        healthOf(before) !== healthOf(next))
    )
      stale.nodes = true;
    if (before?.view.focus !== next.view.focus) {
      stale.nodes = stale.lines = true;
      scene?.pulses.forget();
    }
    if (rhythm.runs(now) || next.view.focus) pulsing = true;
    if (ticked !== now || (!busy.edges && !busy.maps)) tick();
  }

  function refocus() {
    const pick = focus();
    stale.nodes = stale.lines = true;
    showCard();
    look();
    if (pick && !scene?.part && pick.layer > 0 && pick.layer < (state?.layout?.sizes.length ?? 1) - 1)
      header.choose(pick.layer);
    speak(pick);
  }

  /** Say what the keyboard has reached. @param {Pick | null} pick */
  function speak(pick) {
    const frame = frameOf(state);
    if (!pick || !scene || !frame || document.activeElement !== stage) return;
    const words = `${title(pick, scene.whole, t)}. ${numbersOf(pick, scene.whole, frame)
      .map(
        ({symbol, value}) =>
          `${symbol.localName === "mrow" ? symbol.textContent : symbol.firstElementChild?.textContent} ${plain(value)}`,
      )
      .join(", ")}`;
    if (words !== spoken) live.textContent = spoken = words;
  }

  /** What lies under the pointer. @param {PointerEvent | MouseEvent} event @returns {Pick | null} */
  function under(event) {
    if (!scene || (event.target instanceof Element && event.target.closest("button, select, .network-loss")))
      return null;
    const [x, y] = placeOf(event);
    return outward(scene.under(x, y, P), scene.part?.from ?? 0);
  }

  /** @param {PointerEvent | MouseEvent} event @returns {[number, number]} px from the drawing's corner */
  function placeOf(event) {
    const box = stage.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  }

  /** @param {Pick | null} pick */
  function hover(pick) {
    if (JSON.stringify(pick) !== JSON.stringify(view().hover)) choose({hover: pick});
  }

  /** @param {Pick | null} pick */
  function select(pick) {
    if (picker(pick, state?.layout)) return;
    const here = inward(pick, scene?.part ?? null);
    choose({selected: pick, anchor: here && scene ? scene.anchor(here, stage) : null});
  }

  let coming = 0;
  stage.addEventListener("pointermove", event => {
    if (event.pointerType === "touch" || coming) return;
    coming = requestAnimationFrame(() => {
      coming = 0;
      hover(under(event));
    });
  });
  stage.addEventListener("pointerleave", () => {
    cancelAnimationFrame(coming);
    coming = 0;
    hover(null);
  });
  stage.addEventListener("click", event => {
    const layer = scene?.layerAt(...placeOf(event)) ?? -1;
    if (layer >= 0) return open(Math.max(1, layer));
    const pick = under(event);
    if (!picker(pick, state?.layout))
      select(pick && JSON.stringify(pick) === JSON.stringify(view().selected) ? null : pick);
  });
  stage.addEventListener("blur", () => hover(null));
  stage.addEventListener("keydown", event => {
    if (!scene || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape" && view().picking) choose({picking: null});
    else if (event.key === "Escape" && zoom && !view().selected) open(0);
    else if (event.key === "Escape") choose(view().probe ? {probe: null} : {selected: null, hover: null});
    else if ((event.key === "Enter" || event.key === " ") && scene.matrices)
      open(Math.max(1, view().hover?.layer ?? 1));
    else if (event.key === "Enter" || event.key === " ") select(view().hover);
    else {
      const next = outward(walk(scene.g, aimed(), event.key), scene.part?.from ?? 0);
      if (!next) return;
      hover(next);
      reveal(next);
    }
    event.preventDefault();
  });
  header.heads.addEventListener("pointermove", event => {
    if (scene && header.heads.dataset.mode === "bar" && !scene.part)
      header.choose(columnAt(scene.g, event.clientX - content.getBoundingClientRect().left));
  });

  /** Scroll a neuron into sight, where the diagram is wider than its panel. @param {Pick} pick */
  function reveal(pick) {
    if (!scene || scroll.scrollWidth <= scroll.clientWidth) return;
    const {x} = scene.g.columns[pick.layer - (scene.part?.from ?? 0)];
    if (x < scroll.scrollLeft + 30 || x > scroll.scrollLeft + scroll.clientWidth - 30)
      scroll.scrollLeft = x - scroll.clientWidth / 2;
  }

  const observer = new ResizeObserver(() => {
    roomWidth = scroll.clientWidth;
    roomHeight = root.clientHeight - features.element.offsetHeight;
    arrangeAll();
    tick();
  });
  const awake = () => tick();
  observer.observe(scroll);
  for (const query of [still, coarse]) query.addEventListener("change", awake);
  document.addEventListener("visibilitychange", awake);

  return {
    update,
    destroy() {
      state = null;
      cancelAnimationFrame(coming);
      observer.disconnect();
      for (const query of [still, coarse]) query.removeEventListener("change", awake);
      document.removeEventListener("visibilitychange", awake);
      root.classList.remove("network");
      root.replaceChildren();
    },
  };
}
