// @ts-check
/** Play, step, step back, start again, slow motion and speed. */

import {h, icon, setAttribute, setIcon, setOptions, setText} from "../../draw/dom.js";
import {nameControl} from "../../draw/explain.js";
import {keepsSlowMotion} from "../../model/kept.js";
import {stuck} from "../../model/lanes.js";

/** @typedef {import("../../types").State} State */

/** Steps a second that can be chosen; 0 is as fast as it goes. */
const SPEEDS = [1, 5, 20, 60, 300, 1000, 0];

/** A button with a picture alone. @param {string} role @param {string} picture @param {string} key of its title
 * @param {() => void} onclick */
export function iconButton(role, picture, key, onclick) {
  return h("button", {class: "icon-button", type: "button", dataset: {role, i18nTip: key}, onclick}, icon(picture));
}

/** @param {() => void} onclick */
function playButton(onclick) {
  const picture = icon("play");
  const label = h("span", {class: "play-label"});
  const button = h(
    "button",
    {class: "primary play", dataset: {role: "play"}, "aria-pressed": "false", type: "button", disabled: true, onclick},
    picture,
    label,
  );
  return {button, picture, label};
}

/** @param {() => void} onclick */
function slowMotionButton(onclick) {
  return h(
    "button",
    {type: "button", class: "microscope-button", dataset: {role: "microscope"}, onclick},
    icon("magnifier"),
    h("span", {class: "microscope-words", dataset: {i18n: "bar.microscope"}}),
  );
}

/**
 * @param {import("../../types").PageContext} context
 * @returns {{element: HTMLElement, words: () => void, update: (state: State) => void}}
 */
export function transportOf({t, act, choose}) {
  const shown = {playing: false, slow: false};
  const play = playButton(() => act(shown.playing ? "pause" : "play"));
  const reset = iconButton("reset", "reset", "bar.reset", () => act("reset"));
  const back = iconButton("step-back", "back", "bar.step_back", () => act("step_back"));
  const step = iconButton("step", "step", "bar.one_step", () => act("step"));
  const slow = slowMotionButton(() => choose({microscope: !shown.slow}));
  const speed = h("select", {
    dataset: {role: "speed", i18nTip: "bar.speed"},
    onchange: () => act("speed", {steps_per_second: Number(speed.value)}),
  });

  /** @param {State} state */
  function showSpeed(state) {
    const value = String(state.speed);
    if (value === speed.value) return;
    if (![...speed.options].some(option => option.value === value))
      speed.append(h("option", {value}, t("bar.per_second", {n: state.speed})));
    if (document.activeElement !== speed) speed.value = value;
  }

  /** @param {State} state @param {boolean} ready */
  function showSlowMotion(state, ready) {
    const landscape = Boolean(state.layout?.landscape);
    shown.slow = state.view.microscope;
    slow.disabled = !(ready || shown.slow || keepsSlowMotion(state)) || state.status.kind === "diverged" || landscape;
    setAttribute(slow, "aria-pressed", String(shown.slow));
    nameControl(slow, t(landscape ? "landscape.no_microscope" : "bar.microscope_title"));
  }

  return {
    element: h("div", {class: "transport"}, reset, back, play.button, step, speed, slow),
    words() {
      setOptions(
        speed,
        SPEEDS.map(n => ({value: String(n), label: n ? t("bar.per_second", {n}) : t("bar.fastest")})),
      );
    },
    update(state) {
      const ready = state.connection === "open" && state.frame !== null;
      shown.playing = state.playing;
      setAttribute(play.button, "aria-pressed", String(shown.playing));
      setIcon(play.picture, shown.playing ? "pause" : "play");
      setText(play.label, t(shown.playing ? "bar.pause" : "bar.play"));
      play.button.disabled = step.disabled = !ready || stuck(state);
      back.disabled = !ready || state.frame?.step === 0;
      reset.disabled = speed.disabled = !ready;
      showSpeed(state);
      showSlowMotion(state, ready);
    },
  };
}
