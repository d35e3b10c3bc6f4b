// @ts-check
/** The page: its views, when each is told of the newest state, and which of them come after the first picture. */

import {fill} from "./draw/i18n.js";
import {racing} from "./model/lanes.js";
import {later} from "./app/later.js";
import {dialogLayer, panelLayer, watchLayers} from "./app/layers.js";
import {listenForShortcuts} from "./app/shortcuts.js";
import {calmly} from "./draw/plot.js";
import {barView} from "./views/bar/bar.js";
import {boundaryView} from "./views/boundary/boundary.js";
import {curvesView} from "./views/curves/curves.js";
import {dataView} from "./views/data/data.js";
import {gradientsView} from "./views/gradients/gradients.js";
import {lanesView} from "./views/lanes/lanes.js";
import {networkView} from "./views/network/network.js";
import {surfaceView} from "./views/surface/surface.js";
import {timelineView} from "./views/timeline/timeline.js";

/** @typedef {import("./types").State} State */
/** @typedef {import("./types").View} View */

/** What every frame brings, and ms between two numbers to be read. */
const STREAMED = new Set(["frame", "furthest", "surface", "lanes"]);
const READING = 40;
/**
 * Milliseconds from the first picture until the views are fetched that it does not show and that nobody has asked for.
 */
const LATER = 1000;

/**
 * Build the page and keep it drawn, at most once per animation frame.
 * @param {import("./types").PageContext} given
 * @param {{store: ReturnType<typeof import("./app/store.js").createStore<State>>, gate: ReturnType<typeof
 * import("./app/gate.js").createGate>,
 *   notices: View, shown: (seq: number) => void}} wiring `shown` hears of every frame that has been drawn
 */
export function openPage(given, {store, gate, notices, shown}) {
  const context = {
    ...given,
    openSettings: opens(() => settings),
    openUpload: opens(() => upload),
    openCures: opens(() => cures),
    openDepthMap: opens(() => depthMap),
  };
  const {t} = context;

  const settings = after(async () => (await import("./views/settings/settings.js")).settingsView, dialog("settings"));
  const upload = after(async () => (await import("./views/upload/upload.js")).uploadView, dialog("upload"));
  const cures = after(async () => (await import("./views/cures/cures.js")).curesView, dialog("cures"));
  const depthMap = after(async () => (await import("./views/depthmap/depthmap.js")).depthMapView, dialog("depthmap"));
  const landscape = after(
    async () => (await import("./views/landscape/landscape.js")).landscapeView,
    role("landscape"),
    ({layout}) => Boolean(layout?.landscape),
  );
  const inspector = after(
    async () => (await import("./views/inspector/inspector.js")).inspectorView,
    part("inspector"),
    ({view}) => view.selected !== null,
  );
  const microscope = after(
    async () => (await import("./views/microscope/microscope.js")).microscopeView,
    part("microscope"),
    ({view}) => view.microscope,
  );
  const laboratory = after(
    async () => (await import("./views/laboratory/laboratory.js")).labView,
    part("laboratory"),
    ({view}) => view.laboratory,
  );
  const race = after(async () => (await import("./views/race/race.js")).raceView, part("race"), racing);
  const afterwards = [inspector, microscope, laboratory, landscape, race, settings, cures, upload, depthMap];

  // Painted views come first: text on a canvas settles the page's styles and layout, which costs nothing while no other
  // view has written yet.
  const boundary = boundaryView(role("output"), context);
  const network = networkView(role("network"), context);
  /**
   * Views of numbers to be read. While nothing but the run goes on they follow at a pace that can be read: every new
   * number costs the page a layout.
   */
  const reading = [timelineView(part("timeline"), context), barView(part("bar"), context), inspector];
  const numbers = calmly(() => tell(reading, store.get()), READING, gate.draw);
  const views = [
    surfaceView(role("surface"), context),
    curvesView(role("loss-curve"), context),
    race,
    gradientsView(role("gradients"), context),
    boundary,
    network,
    landscape,
    settings,
    upload,
    cures,
    depthMap,
    lanesView(part("lanes"), context),
    notices,
    dataView(part("data"), context),
    microscope,
    laboratory,
  ];
  /**
   * Views that rest where there is a function of two parameters instead of a network, where there is a network, and
   * while the race stands in its place.
   * @type {Record<string, Set<View>>}
   */
  const resting = {
    landscape: new Set([boundary, network]),
    network: new Set([landscape]),
    race: new Set([network, landscape]),
    none: new Set(),
  };

  const lookAtLayers = watchLayers(document, [
    ...["inspector", "microscope", "race", "laboratory"].map(name => panelLayer(part(name), name)),
    ...["settings", "upload", "cures", "depthmap"].map(name => dialogLayer(dialog(name), name)),
  ]);

  let drawn = -1;
  let worded = "";
  /** What was told last. @type {State | null} */
  let told = null;
  store.subscribe(state => {
    if (state.lang !== worded) {
      worded = state.lang;
      fill(document, t);
      document.title = t("page.title");
    }
    const problem = state.layout?.landscape ? "landscape" : "network";
    const {dataset} = document.documentElement;
    const hidden = racing(state) ? resting.race : resting.none;
    if (dataset.problem !== problem) dataset.problem = problem;
    tell(
      views.filter(view => !resting[problem].has(view) && !hidden.has(view)),
      state,
    );
    if (state.playing && told && streamedOnly(told, state)) numbers.request();
    else tell(reading, state);
    told = state;
    if (state.frame && state.frame.seq !== drawn) {
      if (drawn < 0) setTimeout(fetchRest, LATER);
      drawn = state.frame.seq;
      shown(drawn);
    }
    lookAtLayers();
    gate.drawn();
  });
  store.set({});
  const {act, shortcuts} = context;
  listenForShortcuts(document, {act, playing: () => store.get().playing, enabled: shortcuts.on});

  /**
   * A view for later, inside `root`.
   * @template {HTMLElement} E
   * @template {View} V
   * @param {() => Promise<(root: E, context: any) => V>} load
   * @param {E} root @param {(state: State) => boolean} [wanted] @returns {import("./app/later.js").Later<V>} */
  function after(load, root, wanted) {
    return later(async () => {
      const view = (await load())(root, context);
      fill(root, t);
      return view;
    }, wanted);
  }

  /** One view after the other: none keeps the run waiting for longer than it takes alone. */
  async function fetchRest() {
    for (const view of afterwards) await view.ready().catch(reportError);
  }

  /** Open a dialog, or close it. @param {() => import("./app/later.js").Later<View & {toggle: () => void}>} which */
  function opens(which) {
    return async () => {
      const view = await which().ready();
      view.toggle();
      view.update(store.get());
    };
  }
}

/** @param {View[]} some @param {State} state */
function tell(some, state) {
  for (const view of some) {
    try {
      view.update(state);
    } catch (error) {
      reportError(error); // one view that fails takes nothing from the others
    }
  }
}

/** Whether nothing has changed but what every frame brings. @param {State} before @param {State} now */
function streamedOnly(before, now) {
  return /** @type {(keyof State)[]} */ (Object.keys(now)).every(
    name => STREAMED.has(name) || before[name] === now[name],
  );
}

/** @param {string} name @returns {HTMLElement} */
function part(name) {
  return /** @type {HTMLElement} */ (document.querySelector(`[data-part="${name}"]`));
}

/** @param {string} name */
const dialog = name => /** @type {HTMLDialogElement} */ (part(name));

/** @param {string} name @returns {HTMLElement} */
function role(name) {
  return /** @type {HTMLElement} */ (document.querySelector(`[data-role="${name}"]`));
}
