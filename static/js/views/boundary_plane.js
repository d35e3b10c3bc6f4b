// @ts-check
/** The network's output over the input plane with the samples on it; a neuron's own map while the pointer is on that neuron. */

import {CATEGORIES, css, diverging, divergingTable} from "../color.js";
import {h, setText} from "../dom.js";
import {compact, plain} from "../format.js";
import {createSweep, firstUnits} from "../forward.js";
import {palette as readPalette, sheetsOf, ticks} from "../plot.js";
import {affordable, createField, createToning, lineAt, paintClasses, paintValues} from "./boundary_field.js";
import {classTables, outputTone} from "./network_maps.js";

/** @typedef {import("../types").State} State */
/** @typedef {import("../types").Layout} Layout */
/** @typedef {import("../types").Data} Data */
/** @typedef {import("../types").ViewContext} ViewContext */
/** @typedef {{x: number, y: number, side: number}} Square */

/** ms between two pictures while frames stream in, of computing per animation frame and per picture, and of rest before the finest one. */
const GAP = 40, BUDGET = 1.1, PICTURE = 5, REST = 250;

/** @param {HTMLElement} root @param {ViewContext} context */
export function createPlane(root, {t, act, choose}) {
  const document = root.ownerDocument;
  const stage = h("div", {class: "boundary-stage", tabindex: 0, role: "application"}), caption = h("p", {class: "boundary-caption"}), readout = h("output", {class: "boundary-readout"});
  const legend = h("div", {class: "boundary-legend"}), toggles = h("div", {class: "boundary-toggles"});
  const [test, testWords] = toggle("show_test"), [discrete, discreteWords] = toggle("discretize");
  const plot = h("div", {class: "boundary-plane"}, stage, h("div", {class: "boundary-side"}, caption, legend, toggles, readout));
  root.append(plot);
  const {sheets: [fieldSheet, pointSheet], destroy} = sheetsOf(stage, 2, () => {
    drawn = "";
    repaint();
    drawPoints();
  });
  const picture = h("canvas"), ctx = /** @type {CanvasRenderingContext2D} */ (picture.getContext("2d"));
  /** @type {State | null} */
  let state = null;
  /** Everything that follows from layout, data and theme. @type {ReturnType<typeof build> | null} */
  let scene = null;
  let built = "", drawn = "", shown = "", pending = 0, began = -Infinity, stale = false, busy = false, fresh = false, fine = false, pointer = /** @type {[number, number] | null} */ (null), timer = 0;
  /** what the finished grid shows @type {{layer: number, index: number} | null} */
  let neuron = null;

  /** @param {"show_test" | "discretize"} name @returns {[HTMLInputElement, HTMLElement]} */
  function toggle(name) {
    const input = h("input", {type: "checkbox", onchange: () => choose({[name]: input.checked})}), words = h("span");
    toggles.append(h("label", {class: "check"}, input, words));
    return [input, words];
  }

  /** @param {State} of */
  function build(of) {
    const layout = /** @type {Layout} */ (of.layout), data = /** @type {Data} */ (of.data), table = divergingTable(of.theme), outputs = layout.sizes[layout.sizes.length - 1];
    const palette = readPalette(root), field = createField(layout, data), probe = createSweep(layout, 1), sides = affordable(layout, PICTURE);
    return {layout, data, table, palette, field, probe, sides, toning: createToning(layout, data), classes: outputs > 2 ? classTables(table, outputs) : null,
      image: /** @type {ImageData | null} */ (null), pixels: new Uint32Array(0), line: /** @type {number[]} */ ([]), tone: {gain: 1, shift: 0, line: 0}};
  }

  /** The neuron under the pointer in the diagram. @returns {{layer: number, index: number} | null} */
  function wanted() {
    const pick = state?.view.hover, sizes = state?.layout?.sizes;
    if (pick?.kind !== "neuron" || !sizes || pick.layer >= sizes.length || pick.index >= sizes[pick.layer]) return null;
    return pick.layer === sizes.length - 1 && sizes[pick.layer] === 1 ? null : {layer: pick.layer, index: pick.index};
  }

  /** The square that shows the plane, in px of the stage. @returns {Square} */
  function square() {
    const {width, height} = fieldSheet, small = scene?.palette.small ?? 11.5, left = small * 2.5, bottom = small * 1.9, side = Math.max(20, Math.min(width - left - 5, height - bottom - 5));
    return {x: left + Math.max(0, (width - left - 5 - side) / 2), y: 5, side};
  }

  /** @param {Square} at @param {Data} data @returns {{x: (v: number) => number, y: (v: number) => number, value: (px: number, py: number) => [number, number]}} */
  function scales({x, y, side}, {domain}) {
    const [[left, right], [low, high]] = domain ?? [[-1, 1], [-1, 1]];
    return {
      x: v => x + (v - left) / (right - left) * side, y: v => y + (high - v) / (high - low) * side,
      value: (px, py) => [left + (px - x) / side * (right - left), high - (py - y) / side * (high - low)],
    };
  }

  /** @param {number} now */
  function tick(now) {
    pending = 0;
    if (document.hidden || !state?.frame || !scene || state.frame.layout !== scene.layout.id) return;
    if (stale && !busy && now - began >= (fresh ? GAP : 0)) {
      neuron = wanted();
      fine = !fresh;
      scene.field.begin(state.frame.P, fine ? 100 : scene.sides, neuron);
      [stale, busy, began] = [false, true, now];
    }
    if (busy && scene.field.advance(performance.now() + BUDGET)) {
      busy = false;
      paint();
      if (!fine && !stale) rest();
    }
    if (stale || busy) again();
  }

  function again() {
    if (!pending) pending = requestAnimationFrame(tick);
  }

  /** Once no frame has come for a while, the finest picture. */
  function rest() {
    clearTimeout(timer);
    if (scene && scene.sides < 100) timer = window.setTimeout(() => {
      fresh = false;
      stale = true;
      again();
    }, REST);
  }

  /** Colour the finished grid and show it. */
  function paint() {
    if (!scene || !state) return;
    const {field, table, classes} = scene, side = field.side, count = side * side;
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
    scene.line = whole || scene.data.kind === "regression" && !neuron ? [] : lineAt(field.grids[0], side, scene.tone.line);
    repaint();
    describe();
  }

  function repaint() {
    if (!scene || !fieldSheet.width || !scene.field.side) return;
    const {ctx: c} = fieldSheet, {palette, data, field, line} = scene, at = square(), to = scales(at, data), cell = at.side / field.side;
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
    drawAxes(c, at, to);
  }

  /** @param {CanvasRenderingContext2D} c @param {Square} at @param {ReturnType<typeof scales>} to */
  function drawAxes(c, at, to) {
    if (!scene) return;
    const {palette, data} = scene, [[left, right], [low, high]] = data.domain ?? [[-1, 1], [-1, 1]], few = at.side / (palette.small * 4.2);
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
    c.font = `italic 600 ${palette.small * 1.05}px ${palette.font}`;
    c.fillStyle = palette.text;
    c.fillText(data.features[1] ?? "x₂", at.x - 5, at.y + palette.small * 0.6);
    c.textBaseline = "top";
    c.fillText(data.features[0] ?? "x₁", at.x + at.side, at.y + at.side + 4);
  }

  /** Colour of a target. @param {number} row */
  function colourOf(row) {
    const {data} = /** @type {NonNullable<typeof scene>} */ (scene), theme = state?.theme ?? "light";
    if (data.outputs > 1) {
      let best = 0;
      for (let k = 1; k < data.outputs; k++) if (data.y[row * data.outputs + k] > data.y[row * data.outputs + best]) best = k;
      return CATEGORIES[best % CATEGORIES.length];
    }
    const {gain, shift} = outputTone(data), x = data.y[row] * gain + shift;
    return css(diverging(data.kind === "regression" ? x : Math.sign(x) * 0.9, theme));
  }

  function drawPoints() {
    if (!scene || !state || !pointSheet.width) return;
    const {ctx: c} = pointSheet, {data, palette} = scene, at = square(), to = scales(at, data), count = state.view.show_test ? data.n : data.train;
    const radius = Math.max(2.2, Math.min(4.4, at.side / 85)) * (palette.stroke > 1 ? 1.25 : 1);
    c.clearRect(0, 0, pointSheet.width, pointSheet.height);
    for (let row = 0; row < count; row++) {
      const x = to.x(data.X[2 * row]), y = to.y(data.X[2 * row + 1]), isTest = row >= data.train;
      c.beginPath();
      c.arc(x, y, isTest ? radius * 0.9 : radius, 0, 7);
      c.fillStyle = isTest ? palette.panel : colourOf(row);
      c.fill();
      c.lineWidth = isTest ? 1.8 * palette.stroke : 1;
      c.strokeStyle = isTest ? colourOf(row) : palette.panel;
      c.stroke();
    }
    const sample = state.frame?.sample ?? -1;
    if (sample < 0 || sample >= data.n) return;
    c.beginPath();
    c.arc(to.x(data.X[2 * sample]), to.y(data.X[2 * sample + 1]), radius + 4, 0, 7);
    c.lineWidth = 4 * palette.stroke;
    c.strokeStyle = palette.panel;
    c.stroke();
    c.lineWidth = 2 * palette.stroke;
    c.strokeStyle = palette.text;
    c.stroke();
  }

  /** Caption and legend of what is shown. */
  function describe() {
    if (!scene || !state) return;
    const {layout, data, tone} = scene, key = JSON.stringify([neuron, tone, state.lang, state.theme, layout.id]);
    if (key === shown) return;
    shown = key;
    setText(caption, neuron ? neuron.layer ? t("boundary.neuron", {n: neuron.index + 1, layer: neuron.layer}) : t("boundary.input", {n: neuron.index + 1}) : t("boundary.output"));
    caption.classList.toggle("neuron", neuron !== null);
    if (scene.classes && !neuron) {
      legend.replaceChildren(...data.class_names.map((name, k) => {
        const swatch = h("i", {class: "boundary-swatch"});
        swatch.style.background = CATEGORIES[k % CATEGORIES.length];
        return h("span", {class: "boundary-class"}, swatch, name);
      }));
      return;
    }
    const bar = h("i", {class: "boundary-bar"}), theme = state.theme, values = [-1, 0, 1].map(x => (x - tone.shift) / tone.gain);
    bar.style.background = `linear-gradient(90deg, ${[-1, -0.5, 0, 0.5, 1].map(x => css(diverging(x, theme))).join(", ")})`;
    legend.replaceChildren(bar, h("span", {class: "boundary-numbers"}, ...values.map(v => h("span", {}, compact(+v.toPrecision(3))))));
  }

  function words() {
    setText(testWords, t("boundary.show_test"));
    setText(discreteWords, t("boundary.discretize"));
    stage.setAttribute("aria-label", t("boundary.plane"));
  }

  /** The function at the pointer, in numbers. */
  function read() {
    if (!pointer || !scene || !state?.frame || state.frame.layout !== scene.layout.id) return setText(readout, "");
    const {probe, layout, data} = scene, first = firstUnits(layout.sizes), last = layout.sizes.length - 1, at = square();
    const [x1, x2] = scales(at, data).value(...pointer);
    if (pointer[0] < at.x || pointer[0] > at.x + at.side || pointer[1] < at.y || pointer[1] > at.y + at.side) return setText(readout, "");
    [probe.rows[0][0], probe.rows[1][0]] = [x1, x2];
    probe.start(state.frame.P);
    probe.advance();
    const outputs = neuron ? [probe.rows[first[neuron.layer] + neuron.index][0]] : probe.rows.slice(first[last]).map(row => row[0]);
    const best = outputs.indexOf(Math.max(...outputs)), answer = outputs.length > 1 ? `${data.class_names[best]} ${plain(outputs[best], 2)}` : plain(outputs[0]);
    setText(readout, `${data.features[0]} ${plain(x1, 2)}  ${data.features[1]} ${plain(x2, 2)}\n→ ${answer}`);
  }

  /** The sample nearest to the pointer, within reach. @param {number} px @param {number} py @returns {number} −1 for none */
  function sampleAt(px, py) {
    if (!scene || !state) return -1;
    const {data} = scene, to = scales(square(), data), count = state.view.show_test ? data.n : data.train;
    let best = -1, least = 14;
    for (let row = 0; row < count; row++) {
      const away = Math.hypot(to.x(data.X[2 * row]) - px, to.y(data.X[2 * row + 1]) - py);
      if (away < least) [least, best] = [away, row];
    }
    return best;
  }

  /** @param {PointerEvent | MouseEvent} event @returns {[number, number]} */
  function placeOf(event) {
    const box = stage.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  }

  stage.addEventListener("pointermove", event => {
    pointer = placeOf(event);
    stage.style.cursor = sampleAt(...pointer) >= 0 ? "pointer" : "crosshair";
    read();
  });
  stage.addEventListener("pointerleave", () => {
    pointer = null;
    read();
  });
  stage.addEventListener("click", event => {
    const row = sampleAt(...placeOf(event));
    if (row >= 0) act("sample", {row});
  });
  stage.addEventListener("keydown", event => {
    const way = {ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1}[event.key], count = scene && (state?.view.show_test ? scene.data.n : scene.data.train);
    if (!way || !count || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    act("sample", {row: ((state?.frame?.sample ?? 0) + way + count) % count});
  });
  const awake = () => again();
  document.addEventListener("visibilitychange", awake);

  return {
    /** @param {State} next */
    update(next) {
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
      if (before && before.view.hover !== next.view.hover && JSON.stringify(wanted()) !== JSON.stringify(neuron)) stale = true;
      if (before && before.view.discretize !== next.view.discretize && !busy && scene?.field.side) paint();
      const points = JSON.stringify([next.view.show_test, next.frame?.sample]);
      if (points !== drawn) {
        drawn = points;
        drawPoints();
      }
      if (pointer) read();
      if (!pending) tick(performance.now());
    },
    destroy() {
      cancelAnimationFrame(pending);
      clearTimeout(timer);
      document.removeEventListener("visibilitychange", awake);
      destroy();
      plot.remove();
    },
  };
}
