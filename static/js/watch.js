// @ts-check
/** The page of a run that somebody trains elsewhere: its numbers in the gradient laboratory, its loss, its layers. */

import {appearanceOf, appearanceSetters} from "./app/appearance.js";
import {createStore} from "./app/store.js";
import {createAnnouncer, voiceIn} from "./draw/announcer.js";
import {loadLanguage, translate} from "./draw/i18n.js";
import {laboratoryOf} from "./model/laboratory.js";
import {initialState} from "./model/model.js";
import {layoutOf} from "./model/watched.js";
import {labView} from "./views/laboratory/laboratory.js";
import {barView} from "./views/watched/bar.js";
import {layersView} from "./views/watched/layers.js";
import {lossView} from "./views/watched/loss.js";
import {openLine} from "./wire/line.js";
import {VERSION} from "./wire/protocol.js";

/** @typedef {import("./types").WatchedState} WatchedState */

/** @param {string} name @returns {HTMLElement} */
const part = name => /** @type {HTMLElement} */ (document.querySelector(`[data-part="${name}"]`));

const asked = new URL(location.href).searchParams;
const {lang, theme} = appearanceOf({lang: asked.get("lang"), theme: asked.get("theme"), page: "full"});
const words = loadLanguage(lang);
const first = initialState(lang, theme);
const begun = {...first, view: {...first.view, laboratory: true}, watched: null, numbers: null};
const draw = (/** @type {() => void} */ run) => void requestAnimationFrame(run);
const store = createStore(/** @type {WatchedState} */ (begun), draw);
const announce = createAnnouncer(voiceIn(part("voice")), {now: () => performance.now(), later: setTimeout});

const line = openLine("watched", {
  hello: () => ({version: VERSION}),
  text(message) {
    if (message.kind !== "watched") return;
    const before = store.get();
    const {layout: described, number, step} = message;
    const layout = before.layout?.id === number ? before.layout : layoutOf(number, described);
    // Readings are asked for again when the frame is another one.
    store.set({watched: message, layout, frame: /** @type {any} */ ({seq: `${number} ${step}`})});
  },
  binary(header, arrays) {
    const {activity, loss_steps, losses} = arrays;
    const laboratory = laboratoryOf(store.get().laboratory, header, arrays);
    store.set({laboratory, numbers: {activity, loss_steps, losses}});
  },
  connection: connection => store.set({connection}),
});

const context = {
  t: (/** @type {string} */ key, /** @type {Record<string, string | number>} */ params) =>
    translate(store.get().lang, key, params),
  act: (/** @type {string} */ op, /** @type {Record<string, unknown>} */ fields) => line.request(op, fields),
  choose() {}, // there is nothing but the laboratory to look at
  draw,
  view: () => store.get().view,
  announce,
  watched: true,
  ...appearanceSetters(patch => store.set(patch)),
};

await words;
const views = [
  barView(part("watched-bar"), context),
  labView(part("laboratory"), context),
  lossView(part("watched-loss"), context),
  layersView(part("watched-layers"), context),
];
const show = (/** @type {WatchedState} */ state) => views.forEach(view => view.update(state));
store.subscribe(show);
show(store.get());
