// @ts-check
/** The top bar: what is running and how fast, where it stands, and the learning rate, always in reach. */

import {h, icon, setIcon, setOptions, setText} from "../../draw/dom.js";
import {ascii, percent} from "../../draw/format.js";
import {LANGUAGES} from "../../draw/i18n.js";
import {stuck} from "../../model/lanes.js";
import {rateControl} from "./rate.js";

const THEMES = ["light", "dark", "projector"];
const SPEEDS = [1, 5, 20, 60, 300, 1000, 0];

/** @typedef {import("../../types").State} State */

/** Of huge numbers the size says it all. @param {number} x */
const brief = x => ascii(x, Math.abs(x) >= 1e6 ? 2 : 4);

/**
 * @param {HTMLElement} root
 * @param {import("../../types").PageContext} context
 * @returns {import("../../types").View}
 */
export function barView(root, context) {
  const {t, act} = context;
  const playIcon = icon("play");
  const playLabel = h("span", {class: "play-label"});
  const play = h(
    "button",
    {
      class: "primary play",
      dataset: {role: "play"},
      "aria-pressed": "false",
      type: "button",
      disabled: true,
      onclick: togglePlay,
    },
    playIcon,
    playLabel,
  );
  const reset = iconButton("reset", "reset", "bar.reset", () => act("reset"));
  const back = iconButton("step-back", "back", "bar.step_back", () => act("step_back"));
  const step = iconButton("step", "step", "bar.one_step", () => act("step"));
  const microscope = h(
    "button",
    {
      type: "button",
      class: "microscope-button",
      dataset: {role: "microscope"},
      onclick: () => context.choose({microscope: !magnifies}),
    },
    icon("magnifier"),
    h("span", {class: "microscope-words", dataset: {i18n: "bar.microscope"}}),
  );
  const speed = h("select", {
    dataset: {role: "speed", i18nTitle: "bar.speed"},
    onchange: () => act("speed", {steps_per_second: Number(speed.value)}),
  });
  const seed = h("span", {class: "seed"});
  const reseed = h(
    "button",
    {class: "quiet", type: "button", dataset: {role: "reseed"}, onclick: () => act("reseed")},
    icon("dice"),
    seed,
  );

  const readouts = {
    step: readout("step-count", "bar.step"),
    epoch: readout("epoch", "bar.epoch"),
    loss: readout("loss", "bar.loss"),
    test: readout("test-loss", "bar.test_loss"),
    accuracy: readout("accuracy", "bar.accuracy"),
  };
  const rate = rateControl(context);

  const preset = h("select", {
    class: "preset",
    dataset: {role: "preset", i18nTitle: "bar.preset"},
    onchange: () => context.usePreset(preset.value),
  });
  const status = h("span", {class: "status", role: "status", dataset: {role: "status"}});
  const share = iconButton("share", "share", "bar.share", () => context.shareLink());
  const language = h("select", {
    dataset: {role: "language", i18nTitle: "bar.language"},
    onchange: () => context.setLanguage(language.value),
  });
  const theme = h("select", {
    dataset: {role: "theme", i18nTitle: "bar.theme"},
    onchange: () => context.setTheme(theme.value),
  });
  setOptions(
    language,
    LANGUAGES.map(lang => ({value: lang, label: {en: "English", zh: "中文"}[lang]})),
  );

  root.append(
    h(
      "div",
      {class: "bar-top"},
      h("h1", {class: "brand"}, h("img", {src: "icon.svg", alt: "", width: 24, height: 24}), "Backscope"),
      preset,
      reseed,
      status,
      h("div", {class: "lanes", dataset: {part: "lanes"}}),
      share,
      language,
      theme,
    ),
    h(
      "div",
      {class: "bar-main"},
      h("div", {class: "transport"}, reset, back, play, step, speed, microscope),
      h("dl", {class: "readouts"}, ...Object.values(readouts).map(r => r.element)),
      rate.element,
    ),
  );

  /** @param {string} role @param {string} picture @param {string} key @param {() => void} onclick */
  function iconButton(role, picture, key, onclick) {
    return h("button", {class: "icon-button", type: "button", dataset: {role, i18nTitle: key}, onclick}, icon(picture));
  }

  /** @param {string} role @param {string} key */
  function readout(role, key) {
    const value = h("dd", {dataset: {role}}, "–");
    const label = h("dt", {dataset: {i18n: key}});
    return {value, label, element: h("div", {class: `readout readout-${role}`}, label, value)};
  }

  let playing = false;
  let magnifies = false;
  function togglePlay() {
    act(playing ? "pause" : "play");
  }

  let shownLang = "";
  let shownTheme = "";
  /** @param {State} state */
  function words(state) {
    setOptions(
      theme,
      THEMES.map(value => ({value, label: t(`theme.${value}`)})),
    );
    setOptions(
      speed,
      SPEEDS.map(n => ({value: String(n), label: n ? t("bar.per_second", {n}) : t("bar.fastest")})),
    );
    shownLang = state.lang;
    shownTheme = state.theme;
    theme.value = state.theme;
    language.value = state.lang;
  }

  return {
    update(state) {
      const {frame, config} = state;
      if (state.lang !== shownLang || state.theme !== shownTheme) words(state);
      if (state.options)
        setOptions(preset, [
          {value: "", label: t("bar.choose_preset")},
          ...state.options.presets.map(({name, config: {data}}) => ({
            value: name,
            label: t(`preset.${name}`),
            group: t(
              state.options?.landscapes.some(l => l.name === data.name) ? "landscape.group" : "landscape.network_group",
            ),
          })),
        ]);
      playing = state.playing;
      play.setAttribute("aria-pressed", String(playing));
      setIcon(playIcon, playing ? "pause" : "play");
      setText(playLabel, t(playing ? "bar.pause" : "bar.play"));
      if (!SPEEDS.includes(state.speed) && ![...speed.options].some(o => o.value === String(state.speed))) {
        speed.append(h("option", {value: state.speed}, t("bar.per_second", {n: state.speed})));
      }
      if (document.activeElement !== speed) speed.value = String(state.speed);
      const ready = state.connection === "open" && frame !== null;
      play.disabled = step.disabled = !ready || stuck(state);
      magnifies = state.view.microscope;
      microscope.disabled = !ready || state.status.kind === "diverged" || Boolean(state.layout?.landscape);
      microscope.setAttribute("aria-pressed", String(magnifies));
      microscope.title = t(state.layout?.landscape ? "landscape.no_microscope" : "bar.microscope_title");
      microscope.setAttribute("aria-label", microscope.title);
      back.disabled = !ready || frame.step === 0;
      reset.disabled = reseed.disabled = speed.disabled = !ready;
      if (config) {
        setText(seed, t("bar.seed", {n: config.seed}));
        reseed.title = t("bar.reseed");
      }
      if (frame) {
        setText(readouts.step.value, String(frame.step));
        setText(readouts.epoch.value, String(frame.epoch));
        setText(readouts.loss.value, brief(frame.loss));
        const late = frame.measured < frame.step ? t("bar.measured", {step: frame.measured}) : "";
        if (readouts.loss.element.title !== late) readouts.loss.element.title = readouts.test.element.title = late;
        for (const {element} of [readouts.loss, readouts.test, readouts.accuracy])
          element.classList.toggle("late", late !== "");
        const untested = state.data?.train === state.data?.n;
        setText(readouts.test.value, untested ? "–" : brief(frame.test_loss));
        readouts.test.element.hidden =
          readouts.accuracy.element.hidden =
          readouts.epoch.element.hidden =
            Boolean(state.layout?.landscape);
        const regression = state.data?.kind === "regression";
        setText(readouts.accuracy.label, t(regression ? "bar.r2" : "bar.accuracy"));
        const shown = untested ? frame.accuracy : frame.test_accuracy;
        setText(readouts.accuracy.value, regression ? brief(shown) : percent(shown));
        readouts.accuracy.element.title = t("bar.accuracy_title", {
          train: regression ? ascii(frame.accuracy) : percent(frame.accuracy),
          test: regression ? ascii(frame.test_accuracy) : percent(frame.test_accuracy),
        });
      }
      const word = state.connection === "open" ? state.status.kind : state.connection;
      setText(status, t(`status.${word}`));
      status.dataset.kind = word;
      rate.update(state);
    },
    destroy() {
      root.replaceChildren();
    },
  };
}
