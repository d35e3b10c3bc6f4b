// @ts-check
/** The page: its views, when each is told of the newest state, and which of them come after the first picture. */

import {fill} from "./draw/i18n.js";
import {racing} from "./model/lanes.js";
import {Entrances} from "./app/entrances.js";
import {watchEntries} from "./app/entries.js";
import {Guard} from "./app/guard.js";
import {afterwards} from "./app/later.js";
import {dialogLayer, panelLayer, watchLayers} from "./app/layers.js";
import {dialog, part, role} from "./app/places.js";
import {listenForShortcuts} from "./app/shortcuts.js";
import {streamedOnly} from "./app/store.js";
import {watchTips} from "./app/tips.js";
import {calmly} from "./draw/plot.js";
import {termAt} from "./views/meanings/terms.js";
import {barView} from "./views/bar/bar.js";
import {boundaryView} from "./views/boundary/boundary.js";
import {stripView} from "./views/classroom/strip.js";
import {curvesView} from "./views/curves/curves.js";
import {dataView} from "./views/data/data.js";
import {gradientsView} from "./views/gradients/gradients.js";
import {hintsView} from "./views/hints/hints.js";
import {lanesView} from "./views/lanes/lanes.js";
import {networkView} from "./views/network/network.js";
import {surfaceView} from "./views/surface/surface.js";
import {timelineView} from "./views/timeline/timeline.js";

/** @typedef {import("./types").State} State @typedef {import("./types").View} View */
/**
 * @typedef {Record<
 *   "openSettings" | "openUpload" | "openCures" | "openDepthMap" | "openMaps" | "openSweep" | "openShare" |
 *   "openMeanings" | "openGallery" | "openRoom", () => void
 * > & {openFilm(panel: string): void}} Openers
 */
/** @typedef {import("./types").PageContext & Openers} Context what views are made with */
/**
 * @typedef {object} Wiring
 * @property {ReturnType<typeof import("./app/store.js").createStore<State>>} store
 * @property {ReturnType<typeof import("./app/gate.js").createGate>} gate
 * @property {ReturnType<typeof import("./views/notices/notices.js").noticesView>} notices
 * @property {(seq: number) => void} shown hears of every frame that has been drawn
 */

/** ms between two numbers to be read. */
const READING = 40;
/** ms from the first picture until the views are fetched that it does not show and that nobody has asked for. */
const LATER = 1000;
/** Parts that are dialogs. */
const DIALOGS = "settings upload cures depthmap maps sweep share meanings gallery room graph table film".split(" ");
/** Those that views open. */
const OPENED = /** @type {(keyof ReturnType<typeof dialogsOf>)[]} */ (
  "settings upload cures depthMap maps sweep share meanings gallery room".split(" ")
);
/** @param {"lesson" | "graph" | "sweep"} name @returns {(state: State) => boolean} whether the page wants it */
const wanting = name => state => state.view[name] !== null;
/** @type {Set<View>} */ const NONE = new Set();

/**
 * Build the page and keep it drawn, at most once per animation frame.
 * @param {import("./types").PageContext} given
 * @param {Wiring} wiring
 */
export function openPage(given, wiring) {
  const {store} = wiring;
  const page = new Page(given, wiring);
  const explain = (/** @type {string | null} */ name) => page.openAt(page.dialogs.meanings, name);
  watchTips(document, {termAt, open: explain, label: () => given.t("term.what")});
  store.subscribe(state => page.draw(state));
  store.set({});
  const {t, act, shortcuts} = given;
  watchEntries(document, {t, say: words => wiring.notices.toast(words, "error"), refresh: () => store.set({})});
  const help = () => (dialog("meanings").open ? page.toggle("meanings") : explain(null));
  const [playing, meet] = [() => store.get().playing, () => store.catchUp("view")];
  listenForShortcuts(document, {act, help, playing, enabled: shortcuts.on, meet});
}

class Page {
  /** The frame that was drawn last, and the language that was written last. */
  drawn = -1;
  worded = "";
  /** What was told last. @type {State | null} */
  told = null;
  entrances = new Entrances(document);

  /** @param {import("./types").PageContext} given @param {Wiring} wiring */
  constructor(given, wiring) {
    const {store, gate} = wiring;
    this.wiring = wiring;
    this.t = given.t;
    const openers = OPENED.map(name => [`open${name[0].toUpperCase()}${name.slice(1)}`, () => this.toggle(name)]);
    const film = {openFilm: (/** @type {string} */ panel) => this.openAt(this.panels.film, panel)};
    const context = /** @type {Context} */ ({...given, ...film, ...Object.fromEntries(openers)});
    this.guard = new Guard(given.t, () => store.get());
    const after = afterwards(context, this.guard, this.entrances);
    this.dialogs = dialogsOf(after);
    this.panels = panelsOf(after);
    const {views, reading, resting} = viewsOf(context, this.guard, this.panels, this.dialogs, wiring.notices);
    this.views = views;
    this.reading = reading;
    this.resting = resting;
    this.numbers = calmly(() => this.read(store.get()), READING, gate.draw);
    const layers = [
      ...["lessons", "inspector", "microscope", "race", "laboratory"].map(name => panelLayer(part(name), name)),
      ...DIALOGS.map(name => dialogLayer(dialog(name), name)),
    ];
    this.lookAtLayers = watchLayers(document, layers, [part("toasts"), part("voice")]);
  }

  /** @param {State} state */
  draw(state) {
    if (state.lang !== this.worded) this.write(state.lang);
    const problem = state.layout?.landscape ? "landscape" : "network";
    const {dataset} = document.documentElement;
    if (dataset.problem !== problem) dataset.problem = problem;
    const {[problem]: elsewhere, race} = this.resting;
    const hidden = racing(state) ? race : NONE;
    this.guard.tell(
      this.views.filter(view => !elsewhere.has(view) && !hidden.has(view)),
      state,
    );
    if (state.playing && this.told && streamedOnly(this.told, state)) this.numbers.request();
    else this.read(state);
    this.told = state;
    if (state.frame) this.note(state.frame.seq);
    this.wiring.gate.drawn();
  }

  /** Numbers to be read, all of the same frame. @param {State} state */
  read(state) {
    this.guard.tell(this.reading, state);
    this.guard.tell(this.views, state, "readNumbers");
    this.lookAtLayers();
  }

  /** The words of the page itself. @param {string} lang */
  write(lang) {
    this.worded = lang;
    fill(document, this.t);
    document.title = this.t("page.title");
  }

  /** A frame has been drawn; after the first one the rest of the page is fetched. @param {number} seq */
  note(seq) {
    if (seq === this.drawn) return;
    if (this.drawn < 0) setTimeout(() => this.fetchRest(), LATER);
    this.drawn = seq;
    this.wiring.shown(seq);
  }

  /** One view after the other: none keeps the run waiting for longer than it takes alone. */
  async fetchRest() {
    const {picture, inspector, microscope, laboratory, landscape, race} = this.panels;
    const order = [picture, inspector, microscope, laboratory, landscape, race, ...Object.values(this.dialogs)];
    for (const view of order) await view.ready().catch(reportError);
  }

  /** Open a dialog at something: meanings at a term or at what keys do, a film at a panel.
   * @template P
   * @param {import("./app/later.js").Later<View & {open(place: P): void}>} window @param {P} place */
  openAt(window, place) {
    return this.enter(window, view => view.open(place));
  }

  /** Open a dialog, or close it. @param {keyof ReturnType<typeof dialogsOf>} name */
  toggle(name) {
    return this.enter(this.dialogs[name], view => view.toggle());
  }

  /** @template {View} V @param {import("./app/later.js").Later<V>} window @param {(view: V) => void} open */
  async enter(window, open) {
    const coming = window.ready();
    if (!(await this.entrances.through(coming))) return;
    const view = await coming;
    open(view);
    view.update(this.wiring.store.get());
  }
}

/** Dialogs, fetched after the first picture or when one is opened. @param {ReturnType<typeof afterwards>} after */
function dialogsOf(after) {
  return {
    settings: after(async () => (await import("./views/settings/settings.js")).settingsView, dialog("settings")),
    upload: after(async () => (await import("./views/upload/upload.js")).uploadView, dialog("upload")),
    cures: after(async () => (await import("./views/cures/cures.js")).curesView, dialog("cures")),
    depthMap: after(async () => (await import("./views/depthmap/depthmap.js")).depthMapView, dialog("depthmap")),
    maps: after(async () => (await import("./views/maps/maps.js")).mapsView, dialog("maps")),
    sweep: after(async () => (await import("./views/sweep/sweep.js")).sweepView, dialog("sweep"), wanting("sweep")),
    share: after(async () => (await import("./views/share/share.js")).shareView, dialog("share")),
    meanings: after(async () => (await import("./views/meanings/meanings.js")).meaningsView, dialog("meanings")),
    gallery: after(async () => (await import("./views/gallery/gallery.js")).galleryView, dialog("gallery")),
    room: after(async () => (await import("./views/classroom/room.js")).roomView, dialog("room")),
  };
}

/** Panels that the first picture may not show, fetched after it or as soon as they are wanted.
 * @param {ReturnType<typeof afterwards>} after */
function panelsOf(after) {
  return {
    landscape: after(
      async () => (await import("./views/landscape/landscape.js")).landscapeView,
      role("landscape"),
      ({layout}) => Boolean(layout?.landscape),
    ),
    inspector: after(
      async () => (await import("./views/inspector/inspector.js")).inspectorView,
      part("inspector"),
      ({view}) => view.selected !== null,
    ),
    microscope: after(
      async () => (await import("./views/microscope/microscope.js")).microscopeView,
      part("microscope"),
      ({view}) => view.microscope,
    ),
    laboratory: after(
      async () => (await import("./views/laboratory/laboratory.js")).labView,
      part("laboratory"),
      ({view}) => view.laboratory,
    ),
    race: after(async () => (await import("./views/race/race.js")).raceView, part("race"), racing),
    picture: after(async () => (await import("./views/picture/picture.js")).pictureView, part("picture")),
    graph: after(async () => (await import("./views/graph/graph.js")).graphView, dialog("graph"), wanting("graph")),
    film: after(async () => (await import("./views/film/film.js")).filmView, dialog("film")),
    lessons: after(
      async () => (await import("./views/lessons/lessons.js")).lessonsView,
      part("lessons"),
      wanting("lesson"),
    ),
  };
}

/**
 * All views in the order in which they are told.
 * @param {Context} context
 * @param {Guard} guard
 * @param {ReturnType<typeof panelsOf>} panels
 * @param {ReturnType<typeof dialogsOf>} dialogs
 * @param {View} notices
 */
function viewsOf(context, guard, panels, dialogs, notices) {
  const {landscape, inspector, microscope, laboratory, race, picture, lessons, graph, film} = panels;
  /** @template {View} V @param {HTMLElement} root @param {(root: HTMLElement, context: any) => V} make */
  const at = (root, make) => guard.at(root, make(root, context));
  // Painted views come first: text on a canvas settles the page's styles and layout, which costs nothing while no other
  // view has written yet. The surface paints, but writes its figures in nearly every frame.
  const boundary = at(role("output"), boundaryView);
  const network = at(role("network"), networkView);
  /**
   * Views of numbers to be read. While nothing but the run goes on they follow at a pace that can be read: every new
   * number costs the page a layout.
   */
  const reading = [at(part("timeline"), timelineView), at(part("bar"), barView), inspector];
  /** @type {View[]} */
  const views = [
    at(role("loss-curve"), curvesView),
    race,
    at(role("gradients"), gradientsView),
    boundary,
    network,
    landscape,
    at(role("surface"), surfaceView),
    ...Object.values(dialogs),
    at(part("lanes"), lanesView),
    at(part("classroom"), stripView),
    notices,
    at(part("data"), dataView),
    picture,
    microscope,
    laboratory,
    lessons,
    graph,
    at(part("hints"), hintsView),
    film,
  ];
  /**
   * Views that rest where there is a function of two parameters instead of a network, where there is a network, and
   * while the race stands in its place.
   * @type {Record<"landscape" | "network" | "race", Set<View>>}
   */
  const resting = {
    landscape: new Set([boundary, network]),
    network: new Set([landscape]),
    race: new Set([network, landscape]),
  };
  return {views, reading, resting};
}
