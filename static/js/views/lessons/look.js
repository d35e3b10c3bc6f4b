// @ts-check
/** What a step speaks of, by name, and how it stands out on the page while the step is shown. */

/** @type {Record<string, string>} */
const PLACES = {
  network: ".panel-network",
  output: ".panel-output",
  surface: ".panel-surface",
  curves: ".panel-curves",
  gradients: ".panel-gradients",
  timeline: ".panel-timeline",
  data: ".panel-data",
  laboratory: ".panel-lab",
  microscope: ".panel-microscope",
  inspector: ".inspector",
  race: ".panel-race",
  play: '[data-role="play"]',
  step: '[data-role="step"]',
  back: '[data-role="step-back"]',
  reset: '[data-role="reset"]',
  slow_motion: '[data-role="microscope"]',
  speed: '[data-role="speed"]',
  rate: ".rate",
  loss: ".readout-loss",
  readouts: ".readouts",
  undo: '[data-role="undo"]',
  reseed: '[data-role="reseed"]',
  lanes: '[data-part="lanes"]',
  open_laboratory: ".lab-open-button",
  header: ".network-header",
};

/** What a step can name. */
export const LOOKS = Object.keys(PLACES);

/**
 * What can be named where somebody points: of things inside one another, the innermost.
 * @param {EventTarget | null} target @returns {{name: string, element: Element} | null}
 */
export function nameAt(target) {
  if (!(target instanceof Element)) return null;
  const found = Object.entries(PLACES).flatMap(([name, selector]) => {
    const element = target.closest(selector);
    return element ? [{name, element}] : [];
  });
  return found.find(({element}) => found.every(other => other.element.contains(element))) ?? null;
}

export class Look {
  /** @param {Document} page @param {(on: boolean) => void} showData whether a step speaks of the data */
  constructor(page, showData) {
    this.page = page;
    this.showData = showData;
    /** @type {string[]} */
    this.names = [];
  }

  /** @param {string[]} names */
  at(names) {
    for (const element of this.page.querySelectorAll(".lesson-look")) element.classList.remove("lesson-look");
    this.names = names;
    this.showData(names.includes("data"));
    this.refresh();
  }

  /** Panels come and go. */
  refresh() {
    for (const name of this.names) {
      const element = PLACES[name] ? this.page.querySelector(PLACES[name]) : null;
      if (element && !element.classList.contains("lesson-look")) element.classList.add("lesson-look");
    }
  }
}
