// @ts-check
/**
 * The inspector: opens beside the weight or neuron that was clicked, and shows where its gradient comes from while
 * training goes on.
 */

import {h, setText} from "../../draw/dom.js";
import {palette as readPalette} from "../../draw/plot.js";
import {createCurve} from "./curve.js";
import {Editor} from "./edit.js";
import {healthOf} from "./health.js";
import {createSparkline} from "./history.js";
import {Live, math, nameOf, op} from "./math.js";
import {addPoint, beside, keyOf, targetOf, windowOf} from "./places.js";
import {createSurfaceAxes} from "./surface.js";
import {Tree} from "./tree.js";
import {createUpdate} from "./update.js";
import {sayVerdict} from "./verdict.js";
import {exists, letterOf, symbol, title} from "../shared/symbols.js";

/** @typedef {import("../../types").State} State */
/** @typedef {import("../../types").Pick} Pick */
/** @typedef {import("../../types").Inspection} Inspection */

/** Whether a pick is a number that training changes, and not a neuron. @param {Pick} pick */
const isParameter = pick => pick.kind === "weight" || pick.of !== undefined;

/**
 * @param {HTMLElement} root
 * @param {import("../../types").ViewContext} context
 * @returns {import("../../types").View}
 */
export function inspectorView(root, context) {
  const {t, act, choose} = context;
  const document = root.ownerDocument;
  const narrow = matchMedia("(max-width: 640px)");
  const sign = h("span", {class: "inspector-sign"});
  const name = h("h3", {class: "inspector-title"});
  const close = h(
    "button",
    {
      class: "inspector-close",
      type: "button",
      dataset: {role: "inspector-close"},
      onclick: () => choose({selected: null, highlight: null}),
    },
    "×",
  );
  const head = h("header", {class: "inspector-head"}, sign, name, close);
  const overs = {
    sample: h("button", {type: "button", dataset: {role: "inspector-sample"}, onclick: () => setOver("sample")}),
    batch: h("button", {type: "button", dataset: {role: "inspector-batch"}, onclick: () => setOver("batch")}),
  };
  const about = h("p", {class: "inspector-about"});
  const parts = h("div", {class: "inspector-parts", role: "group"});
  const forward = new Tree({t, point, leave, toggle() {}, sample() {}});
  const curve = createCurve(context);
  const health = h("p", {class: "inspector-health", dataset: {role: "inspector-health"}});
  const facts = h("dl", {class: "inspector-facts"});
  const neuron = h(
    "section",
    {class: "inspector-neuron"},
    forward.element,
    h("div", {class: "inspector-shape"}, curve.element, facts),
    health,
  );
  const tree = new Tree({t, point, leave, toggle, sample: row => act("sample", {row}).then(() => setOver("sample"))});
  const chain = h("h4", {});
  const gradient = new Live(4);
  const penalty = new Live(4);
  const streamedWords = h("span");
  const streamed = h(
    "p",
    {class: "inspector-streamed"},
    streamedWords,
    h("output", {dataset: {role: "inspector-streamed"}}, gradient.node),
  );
  const check = h("button", {
    type: "button",
    class: "inspector-check",
    dataset: {role: "inspector-check"},
    onclick: measure,
  });
  const verdict = h("div", {class: "inspector-verdict", "aria-live": "polite", dataset: {role: "inspector-verdict"}});
  const editor = new Editor(context);
  const ways = {weight: createSparkline(context, "weight"), gradient: createSparkline(context, "gradient")};
  const axes = createSurfaceAxes(context);
  const update_ = createUpdate(context);
  const history = h(
    "section",
    {class: "inspector-value"},
    editor.element,
    axes.element,
    h("div", {class: "inspector-ways"}, ways.weight.element, ways.gradient.element),
  );
  const chainPart = h(
    "section",
    {class: "inspector-chain"},
    chain,
    tree.element,
    streamed,
    h("div", {class: "inspector-measure"}, check, verdict),
  );
  const body = h(
    "div",
    {class: "inspector-body"},
    parts,
    h("div", {class: "inspector-overs", role: "group"}, overs.sample, overs.batch),
    about,
    neuron,
    chainPart,
    history,
    update_.element,
  );
  const card = h("aside", {class: "inspector", hidden: true, dataset: {role: "inspector"}}, head, body);
  root.append(card);

  /** @type {State | null} */
  let state = null;
  /** @type {Pick | null} */
  let pick = null;
  /** @type {"sample" | "batch"} */
  let over = "sample";
  /** @type {Inspection | null} */
  let found = null;
  /** places unfolded in the tree @type {Set<string>} */
  let unfold = new Set();
  /** @type {{steps: number[], values: number[]}} */
  let way = {steps: [], values: []};
  let slopes = {steps: [], values: []};
  /** @type {{key: string, z: number[], a: number[]} | null} */
  let shape = null;
  /** @type {import("../../draw/plot.js").Palette | null} */
  let palette = null;
  let version = 0;
  let asked = "";
  let wished = "";
  let dragged = false;
  let themed = "";
  let worded = "";
  let seq = -1;
  let placed = false;
  let shown = false;

  const key = () => (pick ? `${keyOf(pick, over)} ${version}` : "");

  /** Tell the server what is looked at, and take its first answer. */
  async function watch() {
    version++;
    if (!pick) {
      act("watch", {target: null});
      return;
    }
    const mine = key();
    asked = mine;
    const reply = await act("watch", {target: targetOf(pick), over, unfold: [...unfold], key: mine});
    if (mine !== key() || reply.ok === false) return;
    found = /** @type {Inspection} */ (reply.inspection);
    const known = /** @type {{steps?: number[], values?: (number | null)[]}} */ (reply.history);
    way = {steps: known.steps ?? [], values: (known.values ?? []).map(value => value ?? NaN)};
    show();
  }

  /** @param {"sample" | "batch"} wish */
  function setOver(wish) {
    if (over === wish) return;
    over = wish;
    unfold = new Set();
    forget();
    watch();
  }

  /** @param {string} place */
  function toggle(place) {
    if (unfold.has(place))
      for (const other of [...unfold]) (other === place || other.startsWith(`${place}.`)) && unfold.delete(other);
    else unfold.add(place);
    watch();
  }

  /** @param {Pick[]} picks @param {"forward" | "backward"} flow */
  function point(picks, flow) {
    wished = JSON.stringify(picks);
    choose({highlight: {picks, flow}});
  }

  function leave() {
    if (wished) choose({highlight: null});
    wished = "";
  }

  /** Differences of the loss, measured now; what they say belongs to this step. */
  async function measure() {
    if (!pick) return;
    const mine = keyOf(pick, over);
    check.disabled = true;
    setText(check, t("inspector.checking"));
    const reply = await act("difference", {target: targetOf(pick), over});
    check.disabled = false;
    setText(check, t("inspector.check"));
    if (reply.ok === false || !pick || mine !== keyOf(pick, over)) return;
    sayVerdict(verdict, /** @type {any} */ (reply), t);
    place();
  }

  /** What was shown no longer holds. */
  function forget() {
    found = null;
    verdict.replaceChildren();
    delete verdict.dataset.agree;
    for (const view of [tree, forward, curve, ways.weight, ways.gradient]) view.clear();
  }

  /** @param {Pick | null} next */
  function open(next) {
    pick = next;
    unfold = new Set();
    way = {steps: [], values: []};
    slopes = {steps: [], values: []};
    placed = shown = false;
    forget();
    card.hidden = !pick;
    if (!pick) dragged = false;
    if (wished) leave();
    worded = "";
    watch();
  }

  function words() {
    if (!state?.layout || !pick) return;
    const now = `${state.lang} ${JSON.stringify(pick)} ${state.layout.id}`;
    if (now === worded) return;
    worded = now;
    sign.replaceChildren(math(symbol(pick, state.layout.sizes)));
    setText(name, title(pick, state.layout, t));
    card.setAttribute("aria-label", t("inspector.label"));
    close.setAttribute("aria-label", t("inspector.close"));
    close.title = t("inspector.close");
    setText(check, t("inspector.check"));
    check.title = t("inspector.check_title");
    setText(overs.batch, t("inspector.over_batch"));
    setText(chain, t(isParameter(pick) ? "inspector.chain" : pick.layer ? "inspector.error" : "inspector.input_error"));
    offerParts(pick, state.layout);
    verdict.replaceChildren();
    tree.clear();
    forward.clear();
  }

  /** Of a normalized neuron: itself, its scale γ and its shift β, each with a chain rule of its own.
   * @param {Pick} of @param {import("../../types").Layout} layout */
  function offerParts(of, layout) {
    parts.hidden = of.kind !== "neuron" || layout.blocks[of.layer - 1]?.gamma == null;
    if (of.kind !== "neuron" || parts.hidden) return;
    const {kind, layer, index} = of;
    const own = /** @type {Pick[]} */ ([
      {kind, layer, index},
      {kind, layer, index, of: "gamma"},
      {kind, layer, index, of: "beta"},
    ]);
    parts.setAttribute("aria-label", t("inspector.parts"));
    parts.replaceChildren(
      ...own.map(each =>
        h(
          "button",
          {
            type: "button",
            title: title(each, layout, t),
            "aria-pressed": String(keyOf(each, over) === keyOf(of, over)),
            dataset: {role: `inspector-of-${(each.kind === "neuron" && each.of) || "neuron"}`},
            onclick: () => choose({selected: each}),
          },
          math(symbol(each, layout.sizes)),
        ),
      ),
    );
  }

  /** Write all numbers. */
  function show() {
    if (!state?.layout || !pick || card.hidden) return;
    if (themed !== state.theme) {
      themed = state.theme;
      palette = readPalette(card);
      for (const view of [curve, ways.weight, ways.gradient]) view.clear();
    }
    words();
    for (const [kind, button] of Object.entries(overs)) button.setAttribute("aria-pressed", String(kind === over));
    setText(
      overs.sample,
      t("inspector.over_sample", {
        n: (state.frame?.sample ?? 0) >= 0 ? (state.frame?.sample ?? 0) + 1 : (found?.rows?.[0] ?? 0) + 1,
      }),
    );
    neuron.hidden = isParameter(pick);
    if (!found) return;
    const node = found.tree;
    const batch = found.over === "batch";
    const {sizes} = state.layout;
    card.dataset.step = String(found.step);
    const coupled = state.layout.normalization?.includes("batch")
      ? ` ${t(batch ? "inspector.coupled" : "inspector.statistics")}`
      : "";
    setText(
      about,
      node
        ? t(batch ? "inspector.about_batch" : "inspector.about_sample", {
            n: batch ? (found.samples ?? 0) : (found.rows?.[0] ?? 0) + 1,
            step: found.step,
          }) + coupled
        : t("inspector.no_batch"),
    );
    chainPart.hidden = !node;
    const built = node !== null && tree.update(node, sizes, found.rows ?? [], state.lang);
    tree.hover(state.view.hover);
    if (!pick.layer) showInput();
    else {
      if (!isParameter(pick)) showNeuron();
      showValue(batch);
    }
    if (!placed || built) place();
  }

  /** The value, its way and its last step. @param {boolean} batch */
  function showValue(batch) {
    if (!state?.layout || !pick || !found || !palette) return;
    const {layout, frame} = state;
    const {offset, rows, cols} = layout.blocks[pick.layer - 1];
    const n_in = layout.sizes[pick.layer - 1];
    const weight = isParameter(pick);
    const to = pick.kind === "weight" ? pick.to : pick.index;
    const index = weight
      ? (found.index ?? -1)
      : rows > n_in && !layout.blocks[pick.layer - 1].fixed
        ? offset + n_in * cols + to
        : -1;
    history.hidden = index < 0;
    const value = weight ? found.value : frame?.P[index];
    if (index >= 0 && value !== null && value !== undefined) {
      const own = /** @type {Pick} */ (weight ? pick : {kind: "weight", layer: pick.layer, from: n_in, to});
      editor.update(index, value, () => math(symbol(own, layout.sizes), op("=")), state.connection === "open");
      axes.update(state, index);
    }
    streamed.hidden = !(weight && batch);
    gradient.set(found.gradient);
    const regular = weight && batch && Boolean(found.penalty);
    if (regular) penalty.set(found.penalty);
    const letter = letterOf(pick, layout.sizes);
    setText(
      streamedWords,
      t(regular ? "inspector.streamed_penalty" : "inspector.streamed", {w: letter, penalty: penalty.node.data}),
    );
    for (const {element} of Object.values(ways)) element.hidden = !weight;
    if (weight) {
      ways.weight.update(way, palette, palette.text, !state.playing);
      ways.gradient.update(slopes, palette, palette.backward, !state.playing);
    }
    update_.update(found.formula, weight ? found.terms : undefined, letter, state.lang);
  }

  /** An input is data: its value, and what it feeds, which is the sum below. */
  function showInput() {
    if (!state?.layout || !pick || pick.kind !== "neuron") return;
    forward.element.hidden = curve.element.hidden = history.hidden = streamed.hidden = true;
    update_.update(undefined, undefined, "x", state.lang);
    const known = found?.a !== null && found?.a !== undefined;
    const now = `x ${pick.index} ${state.lang}`;
    facts.hidden = !known;
    if (facts.dataset.of !== now) {
      facts.dataset.of = now;
      facts.replaceChildren(
        h("dt", {}, math(symbol(pick, state.layout.sizes))),
        h("dd", {dataset: {role: "inspector-a"}}, numbers.a.node),
      );
    }
    numbers.a.set(found?.a);
    setText(health, t("inspector.input", {n: state.layout.sizes[1]}));
    health.hidden = false;
    delete card.dataset.health;
  }

  function showNeuron() {
    if (!state?.layout || !pick || pick.kind !== "neuron" || !found || !palette) return;
    const batch = found.over === "batch" && found.batch;
    const points = batch
      ? batch.input.map((z, k) => ({z: z ?? NaN, a: (batch.f ?? batch.a)[k] ?? NaN, slope: batch.slope[k] ?? NaN}))
      : [{z: found.input ?? NaN, a: found.f ?? found.a ?? NaN, slope: found.slope ?? NaN}];
    forward.element.hidden = !found.forward;
    if (found.forward && forward.update(found.forward, state.layout.sizes, [], state.lang)) place();
    forward.hover(state.view.hover);
    const softmax = found.activation === "softmax";
    curve.element.hidden = softmax;
    const reach = windowOf(Math.max(...points.map(p => Math.abs(p.z)).filter(Number.isFinite), 0));
    const wanted = `${state.layout.id} ${over} ${found.activation} ${state.config?.network.leaky_slope ?? ""} ${pick.layer} ${reach}`;
    if (!softmax && shape?.key !== wanted) askCurve(wanted, pick.layer, reach);
    if (!softmax && shape?.key === wanted)
      curve.update(shape, points, palette, state.layout.normalization?.[pick.layer - 1] ? "u" : "z");
    showFacts(points[0], !batch);
    const {kind, words: said} = healthOf(found, points[0].slope, !batch, t);
    if (kind) card.dataset.health = kind;
    setText(health, said);
    health.hidden = !said;
  }

  let asking = "";
  /** @param {string} wanted @param {number} layer @param {[number, number]} reach */
  async function askCurve(wanted, layer, [low, high]) {
    if (asking === wanted) return;
    asking = wanted;
    const reply = await act("activation", {layer, low, high, over});
    asking = "";
    if (reply.ok === false || !Array.isArray(reply.a)) return;
    shape = {key: wanted, z: /** @type {number[]} */ (reply.z), a: reply.a};
    show();
  }

  const numbers = {z: new Live(4), f: new Live(4), a: new Live(4), slope: new Live(4)};
  /** @param {{z: number, a: number, slope: number}} at @param {boolean} one */
  function showFacts(at, one) {
    if (!pick || pick.kind !== "neuron" || !state?.layout) return;
    const place_ = [pick.layer, pick.index];
    const skip = Boolean(state.layout.residual?.[pick.layer - 1]);
    const now = `${place_} ${found?.activation} ${state.lang} ${one} ${skip}`;
    const softmax = found?.activation === "softmax";
    const normalized = Boolean(state.layout.normalization?.[pick.layer - 1]);
    facts.hidden = !one;
    if (facts.dataset.of !== now) {
      facts.dataset.of = now;
      const rows = [["z", numbers.z], ...(skip ? [["f", numbers.f]] : []), ["a", numbers.a], ["slope", numbers.slope]];
      facts.replaceChildren(
        h("p", {class: "inspector-function"}, t(`activation.${found?.activation}`)),
        ...rows
          .filter(([n]) => n !== "slope" || !softmax)
          .flatMap(([n, live]) => {
            const value = h("dd", {dataset: {role: `inspector-${n}`}}, /** @type {Live} */ (live).node);
            const name = normalized ? ({z: "u", f: "f_u", slope: "slope_u"}[String(n)] ?? String(n)) : String(n);
            return [h("dt", {}, math(nameOf({n: name, at: place_}, state?.layout?.sizes ?? []))), value];
          }),
      );
    }
    numbers.z.set(at.z);
    numbers.f.set(found?.f);
    numbers.a.set(found?.a);
    numbers.slope.set(at.slope);
  }

  /** Put the card beside what it speaks of, unless a hand has put it elsewhere. */
  function place() {
    if (card.hidden) return;
    placed = true;
    const anchor = state?.view.anchor;
    if (narrow.matches) {
      card.style.left = card.style.top = card.style.maxHeight = "";
      const low = innerHeight - card.offsetHeight - 12;
      if (anchor && !shown && anchor.bottom > low) scrollBy({top: anchor.bottom - low, behavior: "instant"});
      shown = true;
      return;
    }
    const bar = document.querySelector(".bar")?.getBoundingClientRect().bottom ?? 0;
    const top = innerHeight > 560 ? Math.max(8, bar + 8) : 8;
    card.style.maxHeight = `${Math.max(240, innerHeight - top - 8)}px`;
    const {offsetWidth: width, offsetHeight: height} = card;
    const room = {left: 8, top, right: innerWidth - 8, bottom: innerHeight - 8};
    const box = card.getBoundingClientRect();
    const spot =
      dragged || !anchor
        ? {
            left: Math.max(room.left, Math.min(room.right - width, box.left)),
            top: Math.max(room.top, Math.min(room.bottom - height, box.top)),
          }
        : beside(anchor, width, height, room, anchor.stage);
    card.style.left = `${Math.round(spot.left)}px`;
    card.style.top = `${Math.round(spot.top)}px`;
  }

  head.addEventListener("pointerdown", event => {
    if (event.button !== 0 || narrow.matches || (event.target instanceof Element && event.target.closest("button")))
      return;
    const box = card.getBoundingClientRect();
    const dx = event.clientX - box.left;
    const dy = event.clientY - box.top;
    head.setPointerCapture(event.pointerId);
    const move = (/** @type {PointerEvent} */ to) => {
      dragged = true;
      card.style.left = `${Math.max(8 - box.width / 2, Math.min(innerWidth - box.width / 2, to.clientX - dx))}px`;
      card.style.top = `${Math.max(4, Math.min(innerHeight - 40, to.clientY - dy))}px`;
    };
    const end = () => {
      head.removeEventListener("pointermove", move);
      for (const kind of ["pointerup", "pointercancel"]) head.removeEventListener(kind, end);
    };
    head.addEventListener("pointermove", move);
    for (const kind of ["pointerup", "pointercancel"]) head.addEventListener(kind, end);
    event.preventDefault();
  });
  const escape = (/** @type {KeyboardEvent} */ event) => {
    if (event.key === "Escape" && pick && !event.defaultPrevented && !document.querySelector("dialog[open]"))
      choose({selected: null, highlight: null});
  };
  const resized = () => place();
  document.addEventListener("keydown", escape);
  window.addEventListener("resize", resized);

  /** @param {State} next */
  function update(next) {
    const before = state;
    state = next;
    const {layout, frame} = next;
    const wish = layout && exists(next.view.selected, layout) ? next.view.selected : null;
    if (JSON.stringify(wish) !== JSON.stringify(pick)) open(wish);
    else if (
      pick &&
      before &&
      (before.layout?.id !== layout?.id || (before.connection !== "open" && next.connection === "open"))
    )
      watch();
    if (!pick) return;
    if (frame && frame.seq !== seq) {
      seq = frame.seq;
      const fresh = frame.inspections.find(one => one.key === key());
      if (fresh) take(fresh);
      show();
    } else if (
      !before ||
      before.view !== next.view ||
      before.lang !== next.lang ||
      before.theme !== next.theme ||
      before.config !== next.config
    )
      show();
  }

  /** The server's newest word. @param {Inspection} fresh */
  function take(fresh) {
    const back = way.steps.length > 0 && fresh.step < way.steps[way.steps.length - 1];
    found = fresh;
    if (fresh.index === undefined) return;
    if (back) {
      slopes = {steps: [], values: []};
      way = {steps: [], values: []};
      watch();
    }
    addPoint(way, fresh.step, fresh.value ?? NaN);
    addPoint(slopes, fresh.step, fresh.gradient ?? NaN);
  }

  return {
    update,
    destroy() {
      document.removeEventListener("keydown", escape);
      window.removeEventListener("resize", resized);
      root.replaceChildren();
    },
  };
}
