// @ts-check
/**
 * The network's output over the input plane with the samples on it; a neuron's own map while the pointer is on that
 * neuron.
 */

import {CATEGORIES, css, diverging, divergingTable} from "../../draw/color.js";
import {h, setText} from "../../draw/dom.js";
import {compact, plain} from "../../draw/format.js";
import {inputsOf} from "../../maths/features.js";
import {isPlane, trace} from "../../maths/forward.js";
import {endName, endNames, shortName} from "../../model/classes.js";
import {palette as readPalette, rimmed, sheetsOf, ticks} from "../../draw/plot.js";
import {affordable, createField, createToning, lineAt, paintClasses, paintValues} from "./field.js";
import {drawSamples, sampleAt} from "./points.js";
import {createProbe, probeAt} from "./probe.js";
import {classTables} from "../shared/neuron_pictures.js";

/** @typedef {import("../../types").State} State */
/** @typedef {import("../../types").Layout} Layout */
/** @typedef {import("../../types").Data} Data */
/** @typedef {import("../../types").ViewContext} ViewContext */
/** @typedef {{x: number, y: number, side: number}} Square */

/**
 * ms between two pictures while frames stream in, of computing per animation frame (then and at rest) and per picture,
 * and of rest before the finest one.
 */
const GAP = 48;
const BUDGET = 1.1;
const BUDGET_STILL = 6;
const PICTURE = 4;
const STILL = 400;
const REST = 250;

/** @param {HTMLElement} root @param {ViewContext} context */
export function createPlane(root, context) {
  const {t, act, choose} = context;
  const document = root.ownerDocument;
  const stage = h("div", {class: "boundary-stage", tabindex: 0, role: "application"});
  const caption = h("p", {class: "boundary-caption"});
  const readout = h("output", {class: "boundary-readout"});
  const mark = h("button", {
    type: "button",
    class: "boundary-mark",
    onclick: () => (probeAt(state) ? choose({probe: null}) : probe.call()),
  });
  const legend = h("div", {class: "boundary-legend"});
  const toggles = h("div", {class: "boundary-toggles"});
  const [test, testWords] = toggle("show_test");
  const [discrete, discreteWords] = toggle("discretize");
  const plot = h(
    "div",
    {class: "boundary-plane"},
    stage,
    h("div", {class: "boundary-side"}, caption, legend, toggles, mark, readout),
  );
  root.append(plot);
  const {
    sheets: [fieldSheet, pointSheet],
    destroy,
  } = sheetsOf(stage, 2, () => {
    drawn = "";
    repaint();
    drawPoints();
  });
  const picture = h("canvas");
  const ctx = /** @type {CanvasRenderingContext2D} */ (picture.getContext("2d"));
  /** @type {State | null} */
  let state = null;
  /** Everything that follows from layout, data and theme. @type {ReturnType<typeof build> | null} */
  let scene = null;
  let built = "";
  let drawn = "";
  let shown = "";
  let pending = false;
  let began = -Infinity;
  let stale = false;
  let busy = false;
  let fresh = false;
  let fine = false;
  let pointer = /** @type {[number, number] | null} */ (null);
  let timer = 0;
  /** rows to bring out @type {Set<number> | null} */
  let chosen = null;
  /** the same, as they came @type {number[] | null} */
  let asked = null;
  const probe = createProbe(stage, context, {
    scales: () => scene && scales(square(), scene.data),
    sampleAt: (px, py) => sampleUnder(px, py),
    start: () => startOf(scene?.data ?? null, state?.frame?.sample ?? 0),
  });
  /** what the finished grid shows @type {{layer: number, index: number} | null} */
  let neuron = null;

  /** @param {"show_test" | "discretize"} name @returns {[HTMLInputElement, HTMLElement]} */
  function toggle(name) {
    const input = h("input", {type: "checkbox", onchange: () => choose({[name]: input.checked})});
    const words = h("span");
    toggles.append(h("label", {class: "check"}, input, words));
    return [input, words];
  }

  /** @param {State} of */
  function build(of) {
    const layout = /** @type {Layout} */ (of.layout);
    const data = /** @type {Data} */ (of.data);
    const table = divergingTable(of.theme);
    const outputs = layout.sizes[layout.sizes.length - 1];
    const palette = readPalette(root);
    const field = createField(layout, /** @type {Data & import("../../maths/forward.js").OverPlane} */ (data));
    const sides = affordable(layout, PICTURE);
    const finest = affordable(layout, STILL);
    return {
      layout,
      data,
      table,
      palette,
      field,
      sides,
      finest,
      toning: createToning(layout, data),
      classes: outputs > 2 ? classTables(table, outputs) : null,
      image: /** @type {ImageData | null} */ (null),
      pixels: new Uint32Array(0),
      line: /** @type {number[]} */ ([]),
      tone: {gain: 1, shift: 0, line: 0},
    };
  }

  /** The neuron under the pointer in the diagram. @returns {{layer: number, index: number} | null} */
  function wanted() {
    const pick = state?.view.hover;
    const sizes = state?.layout?.sizes;
    if (pick?.kind !== "neuron" || !sizes || pick.layer >= sizes.length || pick.index >= sizes[pick.layer]) return null;
    return pick.layer === sizes.length - 1 && sizes[pick.layer] === 1 ? null : {layer: pick.layer, index: pick.index};
  }

  /** The square that shows the plane, in px of the stage. @returns {Square} */
  function square() {
    const {width, height} = fieldSheet;
    const small = scene?.palette.small ?? 11.5;
    const left = small * 2.5;
    const bottom = small * 1.9;
    const side = Math.max(20, Math.min(width - left - 5, height - bottom - 5));
    return {x: left + Math.max(0, (width - left - 5 - side) / 2), y: 5, side};
  }

  /**
   * @param {Square} at
   * @param {Data} data
   * @returns {{x: (v: number) => number, y: (v: number) => number, value: (px: number, py: number) => [number,
   * number]}}
   */
  function scales({x, y, side}, {domain}) {
    const [[left, right], [low, high]] = domain ?? [
      [-1, 1],
      [-1, 1],
    ];
    return {
      x: v => x + ((v - left) / (right - left)) * side,
      y: v => y + ((high - v) / (high - low)) * side,
      value: (px, py) => [left + ((px - x) / side) * (right - left), high - ((py - y) / side) * (high - low)],
    };
  }

  function tick() {
    pending = false;
    const now = performance.now();
    if (document.hidden || !state?.frame || !scene || state.frame.layout !== scene.layout.id) return;
    if (stale && !busy && now - began >= (fresh ? GAP : 0)) {
      neuron = wanted();
      fine = !fresh;
      scene.field.begin(state.frame, fine ? scene.finest : scene.sides, neuron);
      [stale, busy, began] = [false, true, now];
    }
    if (busy && scene.field.advance(performance.now() + (fresh ? BUDGET : BUDGET_STILL))) {
      busy = false;
      paint();
      if (!fine && !stale) rest();
    }
    if (stale || busy) again();
  }

  function again() {
    if (pending) return;
    pending = true;
    context.draw(tick);
  }

  /** Once no frame has come for a while, the finest picture. */
  function rest() {
    clearTimeout(timer);
    if (scene && scene.sides < 100)
      timer = window.setTimeout(() => {
        fresh = false;
        stale = true;
        again();
      }, REST);
  }

  /** Colour the finished grid and show it. */
  function paint() {
    if (!scene || !state) return;
    const {field, table, classes} = scene;
    const side = field.side;
    const count = side * side;
    if (scene.image?.width !== side) {
      picture.width = picture.height = side;
      scene.image = ctx.createImageData(side, side);
      scene.pixels = new Uint32Array(scene.image.data.buffer);
    }
    const whole = classes && !neuron;
    scene.tone = scene.toning.of(neuron, field.grids[0], count);
    if (whole) paintClasses(scene.pixels, field.grids, count, classes, state.view.discretize);
    else paintValues(scene.pixels, field.grids[0], count, table, scene.tone, state.view.discretize);
    if (scene.image) ctx.putImageData(scene.image, 0, 0);
    scene.line =
      whole || (scene.data.kind === "regression" && !neuron) ? [] : lineAt(field.grids[0], side, scene.tone.line);
    repaint();
    describe();
  }

  function repaint() {
    if (!scene || !fieldSheet.width || !scene.field.side) return;
    const {ctx: c} = fieldSheet;
    const {palette, field, line} = scene;
    const at = square();
    const cell = at.side / field.side;
    c.clearRect(0, 0, fieldSheet.width, fieldSheet.height);
    c.imageSmoothingEnabled = true;
    c.drawImage(picture, at.x, at.y, at.side, at.side);
    c.beginPath();
    for (let k = 0; k < line.length; k += 4) {
      c.moveTo(at.x + line[k] * cell, at.y + line[k + 1] * cell);
      c.lineTo(at.x + line[k + 2] * cell, at.y + line[k + 3] * cell);
    }
    c.strokeStyle = palette.text;
    c.lineWidth = 1.2 * palette.stroke;
    c.globalAlpha = 0.75;
    c.stroke();
    c.globalAlpha = 1;
  }

  /** @param {CanvasRenderingContext2D} c @param {Square} at @param {ReturnType<typeof scales>} to */
  function drawAxes(c, at, to) {
    if (!scene) return;
    const {palette, data} = scene;
    const [[left, right], [low, high]] = data.domain ?? [
      [-1, 1],
      [-1, 1],
    ];
    const few = at.side / (palette.small * 4.2);
    c.strokeStyle = palette.muted;
    c.lineWidth = palette.stroke;
    c.strokeRect(at.x, at.y, at.side, at.side);
    c.font = `${palette.small * 0.93}px ${palette.font}`;
    c.fillStyle = palette.muted;
    c.textAlign = "center";
    c.textBaseline = "top";
    for (const v of ticks(left, right, few)) {
      c.fillRect(to.x(v) - palette.stroke / 2, at.y + at.side, palette.stroke, 3);
      if (to.x(v) < at.x + at.side - palette.small * 2) c.fillText(compact(v), to.x(v), at.y + at.side + 5);
    }
    c.textAlign = "right";
    c.textBaseline = "middle";
    for (const v of ticks(low, high, few)) {
      c.fillRect(at.x - 3, to.y(v) - palette.stroke / 2, 3, palette.stroke);
      if (to.y(v) > at.y + palette.small * 2) c.fillText(compact(v), at.x - 5, to.y(v));
    }
    nameAxes(c, at, palette, data.plane?.axes ?? ["x₁", "x₂"]);
  }

  /** Axes and samples, over the field: they stay while it changes. */
  function drawPoints() {
    if (!scene || !state?.data || !pointSheet.width) return;
    const at = square();
    const to = scales(at, scene.data);
    pointSheet.ctx.clearRect(0, 0, pointSheet.width, pointSheet.height);
    drawAxes(pointSheet.ctx, at, to);
    drawSamples(pointSheet.ctx, state, to, at.side, scene.palette, chosen);
    probe.place();
  }

  /** Caption and legend of what is shown. */
  function describe() {
    if (!scene || !state) return;
    const {layout, data, tone} = scene;
    const key = JSON.stringify([neuron, tone, state.lang, state.theme, layout.id]);
    if (key === shown) return;
    shown = key;
    setText(
      caption,
      neuron
        ? neuron.layer
          ? t("boundary.neuron", {n: neuron.index + 1, layer: neuron.layer})
          : t("boundary.input", {n: data.features[neuron.index] ?? neuron.index + 1})
        : t("boundary.output"),
    );
    caption.classList.toggle("neuron", neuron !== null);
    if (scene.classes && !neuron) {
      legend.replaceChildren(
        ...data.class_names.map((name, k) => {
          const swatch = h("i", {class: "boundary-swatch"});
          swatch.style.background = CATEGORIES[k % CATEGORIES.length];
          return h("span", {class: "boundary-class"}, swatch, name);
        }),
      );
      return;
    }
    const names = neuron ? null : endNames(data);
    const ends = names ? h("span", {class: "boundary-ends"}, ...names.map(name => h("span", {}, shortName(name)))) : "";
    const bar = h("i", {class: "boundary-bar"});
    const theme = state.theme;
    const values = [-1, 0, 1].map(x => (x - tone.shift) / tone.gain);
    bar.style.background = `linear-gradient(90deg, ${[-1, -0.5, 0, 0.5, 1].map(x => css(diverging(x, theme))).join(", ")})`;
    legend.replaceChildren(
      bar,
      h("span", {class: "boundary-numbers"}, ...values.map(v => h("span", {}, compact(+v.toPrecision(3))))),
      ends,
    );
  }

  function words() {
    setText(testWords, t("boundary.show_test"));
    setText(discreteWords, t("boundary.discretize"));
    stage.setAttribute("aria-label", t("boundary.plane"));
  }

  /** The function at the pointer, or else at the probe, in numbers. */
  function read() {
    if (!scene || !state?.frame || state.frame.layout !== scene.layout.id || !isPlane(scene.data))
      return setText(readout, "");
    const {layout, data} = scene;
    const last = layout.sizes.length - 1;
    const at = square();
    const point = probeAt(state);
    const over =
      pointer &&
      !probe.held() &&
      pointer[0] >= at.x &&
      pointer[0] <= at.x + at.side &&
      pointer[1] >= at.y &&
      pointer[1] <= at.y + at.side
        ? pointer
        : null;
    const place = over ? scales(at, data).value(...over) : point;
    readout.classList.toggle("probing", !over && point !== null);
    if (!place) return setText(readout, "");
    const {A} = trace(
      layout,
      state.frame.P,
      inputsOf(data.plane).map(f => f(...place)),
      state.frame.S,
    );
    const {offset, size} = layout.units[last];
    const outputs = neuron
      ? [A[layout.units[neuron.layer].offset + neuron.index]]
      : [...A.subarray(offset, offset + size)];
    const best = outputs.indexOf(Math.max(...outputs));
    const named = neuron ? "" : shortName(endName(data, outputs[0]));
    const alone = named ? `${plain(outputs[0])} ${named}` : plain(outputs[0]);
    const answer = outputs.length > 1 ? `${data.class_names[best]} ${plain(outputs[best], 2)}` : alone;
    setText(
      readout,
      `${data.plane.axes[0]} ${plain(place[0], 2)}  ${data.plane.axes[1]} ${plain(place[1], 2)}\n→ ${answer}`,
    );
  }

  /** The sample nearest to a place of the stage. @param {number} px @param {number} py @returns {number} −1 for none */
  const sampleUnder = (px, py) =>
    scene && state?.data ? sampleAt(state, scales(square(), scene.data), px, py, chosen) : -1;

  /** @param {PointerEvent | MouseEvent} event @returns {[number, number]} */
  function placeOf(event) {
    const box = stage.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  }

  stage.addEventListener("pointermove", event => {
    pointer = placeOf(event);
    stage.style.cursor = sampleUnder(...pointer) >= 0 ? "pointer" : "crosshair";
    read();
  });
  stage.addEventListener("pointerleave", () => {
    pointer = null;
    read();
  });
  stage.addEventListener("click", event => {
    if (probe.takes(event)) return;
    const row = sampleUnder(...placeOf(event));
    if (row < 0) return;
    choose({probe: null});
    act("sample", {row});
  });
  stage.addEventListener("keydown", event => {
    const way = {ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1}[event.key];
    const count = scene && (state?.view.show_test ? scene.data.n : scene.data.train);
    if (event.key === "Enter" && event.target === stage) {
      event.preventDefault();
      probe.call();
      return;
    }
    if (!way || !count || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    choose({probe: null});
    act("sample", {row: ((state?.frame?.sample ?? 0) + way + count) % count});
  });
  const awake = () => again();
  document.addEventListener("visibilitychange", awake);

  return {
    /** @param {State} next @param {number[] | null} [rows] samples to bring out */
    update(next, rows = null) {
      const before = state;
      state = next;
      if (!next.layout || !next.data?.domain) return;
      const key = JSON.stringify([next.layout, next.theme]);
      if (key !== built || scene?.data !== next.data) {
        scene = build(next);
        [built, drawn, shown, busy, stale, fresh] = [key, "", "", false, true, false];
      }
      if (before?.lang !== next.lang) {
        words();
        shown = "";
        describe();
      }
      test.checked = next.view.show_test;
      discrete.checked = next.view.discretize;
      test.disabled = next.data.train === next.data.n;
      if (next.frame && next.frame !== before?.frame && next.frame.P !== before?.frame?.P) {
        stale = true;
        fresh = next.playing;
      }
      if (before && before.view.hover !== next.view.hover && JSON.stringify(wanted()) !== JSON.stringify(neuron))
        stale = true;
      if (before && before.view.discretize !== next.view.discretize && !busy && scene?.field.side) paint();
      const points = JSON.stringify([next.view.show_test, next.frame?.sample, next.view.probe !== null]);
      if (points !== drawn || rows !== asked) {
        drawn = points;
        asked = rows;
        chosen = rows && new Set(rows);
        drawPoints();
      }
      probe.update(next);
      mark.classList.toggle("probing", probeAt(next) !== null);
      setText(
        mark,
        probeAt(next) ? t("boundary.back_to_sample", {n: (next.frame?.sample ?? 0) + 1}) : t("boundary.probe"),
      );
      mark.title = t("boundary.probe_title");
      if (pointer || readout.textContent || probeAt(next)) read();
      if (!pending) tick();
    },
    destroy() {
      state = null;
      clearTimeout(timer);
      document.removeEventListener("visibilitychange", awake);
      destroy();
      plot.remove();
    },
  };
}

/**
 * Names of the axes: beside the plane while short, else in its corners.
 * @param {CanvasRenderingContext2D} c
 * @param {Square} at
 * @param {import("../../draw/plot.js").Palette} palette
 * @param {[string, string]} axes
 */
function nameAxes(c, at, palette, [across, up]) {
  const {small} = palette;
  c.font = `italic 600 ${small * 1.05}px ${palette.font}`;
  /** @param {string} text @param {number} x @param {number} y @param {CanvasTextAlign} align */
  const write = (text, x, y, align) => {
    c.textAlign = align;
    rimmed(c, palette, text, x, y, palette.text);
  };
  c.textBaseline = "middle";
  if (c.measureText(up).width <= 2.2 * small) write(up, at.x - 5, at.y + small * 0.6, "right");
  else write(up, at.x + 5, at.y + small * 0.9, "left");
  if (c.measureText(across).width <= 2.2 * small)
    write(across, at.x + at.side, at.y + at.side + 4 + small / 2, "right");
  else write(across, at.x + at.side - 5, at.y + at.side - small * 0.9, "right");
}

/**
 * Where a probe begins: at a sample, or in the middle.
 * @param {Data | null} data
 * @param {number} sample
 * @returns {[number, number]}
 */
function startOf(data, sample) {
  const points = data?.points;
  const [[left, right], [low, high]] = data?.domain ?? [
    [0, 0],
    [0, 0],
  ];
  return points && sample >= 0 && data && sample < data.n
    ? [points[2 * sample], points[2 * sample + 1]]
    : [(left + right) / 2, (low + high) / 2];
}
