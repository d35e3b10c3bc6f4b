// @ts-check
/** The whole run as a strip: scrub to any step, see what was changed where, play backwards, go on from anywhere. */

import {changeWords} from "../../model/changes.js";
import {h, icon, setIcon, setText} from "../../draw/dom.js";
import {integer, plain} from "../../draw/format.js";
import {calmly} from "../../draw/plot.js";
import {backwards, createSeeker} from "../../model/seeker.js";
import {placeMarks, placeOf, stepAt, stepFor} from "./marks.js";
import {indexAt} from "../shared/fold.js";

/** @typedef {import("../../types").State} State */

/**
 * ms between two steps of the way back, between two places of the marks of a run that grows, and how long a wish stands
 * before it is believed lost.
 */
const BEAT = 33;
const REST = 250;
const PATIENCE = 4000;

/**
 * @param {HTMLElement} root
 * @param {import("../../types").ViewContext} context
 * @returns {import("../../types").View}
 */
export function timelineView(root, {t, act, draw: paint}) {
  const picture = icon("reverse");
  const back = h(
    "button",
    {
      type: "button",
      class: "icon-button timeline-back",
      dataset: {role: "play-back"},
      onclick: () => (began ? halt() : reverse()),
    },
    picture,
  );
  const bar = h("i", {class: "timeline-bar"});
  const done = h("i", {class: "timeline-done"});
  const ghosts = [0, 1, 2].map(() => h("i", {class: "timeline-ghost", hidden: true}));
  const flags = h("div", {class: "timeline-marks"});
  const near = h("i", {class: "timeline-near", hidden: true});
  const handle = h("i", {class: "timeline-handle"});
  const tip = h("div", {class: "plot-tip timeline-tip", hidden: true});
  const track = h(
    "div",
    {
      class: "timeline-track",
      role: "slider",
      tabindex: 0,
      "aria-valuemin": 0,
      dataset: {role: "timeline"},
      onkeydown: key,
      onpointerdown: grasp,
      onpointermove: hover,
      onpointerup: letGo,
      onpointercancel: letGo,
      onpointerleave: () => {
        tip.hidden = true;
      },
    },
    bar,
    done,
    ...ghosts,
    flags,
    near,
    handle,
    tip,
  );
  const count = h("output", {class: "timeline-count", dataset: {role: "timeline-count"}});
  root.append(back, track, count);

  const seeker = createSeeker(step => act("seek", {step}));
  const pen = /** @type {CanvasRenderingContext2D} */ (document.createElement("canvas").getContext("2d"));
  /** @type {State | null} */ let state = null;
  /** @type {import("./marks.js").Placed[]} */ let placed = [];
  const mover = calmly(placeAll, REST, paint);
  let width = 0;
  let aimed = 0;
  let grown = 0;
  let held = false;
  let marked = "";
  let looks = "";
  /** The way back: where and when it began. @type {{step: number, time: number} | null} */ let began = null;
  let beat = 0;
  let inset = 0;

  const end = () => state?.furthest ?? 0;
  /** Where the handle stands: at the newest wish, else where the run is or is bound for. */
  const here = () => seeker.aim() ?? state?.frame?.target ?? state?.frame?.step ?? 0;

  /** @param {number} step */
  function go(step) {
    aimed = performance.now();
    seeker.to(step);
    draw();
  }

  /** @param {KeyboardEvent} event */
  function key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || !ready()) return;
    const step = stepFor(
      event.key,
      event.shiftKey,
      here(),
      end(),
      placed.map(mark => mark.step),
    );
    if (step === null) return;
    event.preventDefault();
    halt();
    if (step !== here()) go(step);
  }

  const ready = () => state?.connection === "open" && state.frame !== null && end() > 0;
  /** @param {PointerEvent} event */
  const under = event => stepAt(event.clientX - track.getBoundingClientRect().left - inset, end(), width);

  /** @param {PointerEvent} event */
  function grasp(event) {
    if (event.button !== 0 || !ready()) return;
    halt();
    held = true;
    track.setPointerCapture(event.pointerId);
    const mark = event.target instanceof HTMLElement ? event.target.closest("[data-step]") : null;
    go(mark instanceof HTMLElement ? Number(mark.dataset.step) : under(event));
  }

  /** @param {PointerEvent} event */
  function hover(event) {
    if (held && under(event) !== seeker.aim()) go(under(event));
    show(under(event), event.clientX - track.getBoundingClientRect().left);
  }

  function letGo() {
    held = false;
  }

  /** Step, loss and changes at a place. @param {number} step @param {number} x */
  function show(step, x) {
    tip.hidden = !ready();
    if (tip.hidden || !state) return;
    const mark = placed.find(each => Math.abs(each.x + inset - x) < 6);
    const at = mark ? mark.step : step;
    const {metrics, ghosts: left} = state.series;
    const known = at <= (metrics.step.at(-1) ?? -1) ? metrics : left.at(-1);
    const k = known ? indexAt(known.step, at) : -1;
    const words = [t("curves.step", {n: integer(at)})];
    if (known && k >= 0 && Number.isFinite(known.loss[k]))
      words[0] += `   ${t("timeline.loss", {value: plain(known.loss[k], 3)})}`;
    setText(tip, [...words, ...(mark ? mark.texts : [])].join("\n"));
    const room = width + 2 * inset - tip.offsetWidth;
    tip.style.transform = `translateX(${Math.round(Math.max(0, Math.min(room, x - tip.offsetWidth / 2)))}px)`;
  }

  function reverse() {
    if (!ready()) return;
    began = {step: here(), time: performance.now()};
    run();
    draw();
  }

  function run() {
    if (!began || !state) return;
    const step = backwards(began.step, state.speed, end(), (performance.now() - began.time) / 1000);
    if (step !== here()) go(step);
    if (step > 0) beat = window.setTimeout(run, BEAT);
    else halt();
  }

  function halt() {
    if (!began) return;
    began = null;
    clearTimeout(beat);
    draw();
  }

  /** Steps and words of all marks. @param {State} of @returns {import("./marks.js").Mark[]} */
  function marksOf({log, status, lang}) {
    /** @type {import("./marks.js").Mark[]} */
    const marks = log.map(({step, change, before}) => ({
      step,
      text: changeWords(t, change, lang, before),
      kind: "edit",
    }));
    if (status.kind === "diverged" && status.step !== undefined)
      marks.push({step: status.step, text: t("curves.diverged"), kind: "diverged"});
    return marks;
  }

  function placeAll() {
    const marks = state ? marksOf(state) : [];
    grown = end();
    if (!marks.length && !placed.length) return;
    const style = getComputedStyle(root);
    pen.font = `${parseFloat(style.getPropertyValue("--small")) - 1}px ${style.fontFamily}`;
    placed = placeMarks(marks, end(), width, text => pen.measureText(text).width + 2);
    flags.replaceChildren(
      ...placed.flatMap(mark => {
        const flag = h("i", {class: "timeline-mark", dataset: {step: mark.step, kind: mark.kind}});
        flag.style.left = `${mark.x}px`;
        if (!mark.label) return [flag];
        const label = h("span", {class: "timeline-label", dataset: {step: mark.step, kind: mark.kind}}, mark.label);
        label.style.left = `${mark.labelX}px`;
        return [flag, label];
      }),
    );
  }

  function draw() {
    if (!state) return;
    const {frame, series, log, status, lang, theme} = state;
    const last = end();
    const step = here();
    const at = (/** @type {number} */ each) => `${placeOf(each, last, width)}px`;
    handle.style.left = done.style.width = at(step);
    near.hidden = frame === null || frame.step === step;
    if (frame) near.style.left = at(frame.step);
    const lines = series.ghosts.slice(0, series.ahead ? -1 : undefined);
    ghosts.forEach((line, k) => {
      const ghost = lines[k];
      const [from, to] = [ghost?.step[0] ?? 0, ghost?.step.at(-1) ?? 0];
      line.hidden = !ghost || (from >= last && last > 0);
      if (line.hidden) return;
      line.style.left = at(from);
      line.style.width = `${Math.max(3, placeOf(to, last, width) - placeOf(from, last, width))}px`;
      line.classList.toggle("longer", to > last);
    });
    const wanted = JSON.stringify([log.length, log.at(-1)?.step, log.at(-1)?.change, status.kind, width, lang, theme]);
    if (wanted !== marked) {
      marked = wanted;
      placeAll();
    } else if (placed.length && grown !== last) mover.request();
    words(step, last);
  }

  /** @param {number} step @param {number} last */
  function words(step, last) {
    if (!state) return;
    const {frame, lang} = state;
    const off = frame !== null && frame.step !== step;
    setText(
      count,
      t("timeline.count", {step: (off ? "≈ " : "") + integer(off ? frame.step : step), last: integer(last)}),
    );
    track.setAttribute("aria-valuemax", String(last));
    track.setAttribute("aria-valuenow", String(step));
    const mark = placed.find(each => each.step === step);
    track.setAttribute(
      "aria-valuetext",
      [t("timeline.value", {step: integer(step), last: integer(last)}), ...(mark ? mark.texts : [])].join(", "),
    );
    track.setAttribute("aria-disabled", String(!ready()));
    back.disabled = !ready() || (step === 0 && !began);
    setIcon(picture, began ? "pause" : "reverse");
    back.setAttribute("aria-pressed", String(began !== null));
    if (looks === lang + Boolean(began)) return;
    looks = lang + Boolean(began);
    track.setAttribute("aria-label", t("timeline.label"));
    back.title = t(began ? "timeline.stop" : "timeline.backwards");
    back.setAttribute("aria-label", back.title);
  }

  const observer = new ResizeObserver(() => {
    inset = parseFloat(getComputedStyle(bar).left) || 0;
    width = Math.max(0, track.clientWidth - 2 * inset);
    draw();
  });
  observer.observe(track);

  return {
    update(next) {
      const before = state;
      state = next;
      const aim = seeker.aim();
      if (
        aim !== null &&
        !held &&
        !began &&
        (next.playing || next.frame?.step === aim || performance.now() - aimed > PATIENCE || next.connection !== "open")
      )
        seeker.drop();
      if (began && (next.playing || next.connection !== "open" || before?.layout !== next.layout)) halt();
      if (
        !before ||
        before.frame !== next.frame ||
        before.log !== next.log ||
        before.status !== next.status ||
        before.series !== next.series ||
        before.furthest !== next.furthest ||
        before.lang !== next.lang ||
        before.theme !== next.theme ||
        before.connection !== next.connection
      )
        draw();
    },
    destroy() {
      halt();
      mover.cancel();
      observer.disconnect();
      root.replaceChildren();
    },
  };
}
