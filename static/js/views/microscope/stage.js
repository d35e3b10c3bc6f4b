// @ts-check
/** The page around an open microscope: what of it is dimmed, out of reach or scrolled to. */

/** What is scrolled to in a window up to a width, in px: on a phone no room is lost to what is dimmed. */
const SCROLLED = /** @type {const} */ ([
  [640, ".network-stage"],
  [1100, ".panel-network"],
]);

export class Stage {
  /** @param {HTMLElement} root of the microscope */
  constructor(root) {
    this.page = /** @type {HTMLElement | null} */ (root.closest(".page"));
  }

  /** The phase that the page's styles speak of. @param {string | null} phase */
  set(phase) {
    if (!this.page) return;
    if (phase === null) delete this.page.dataset.microscope;
    else this.page.dataset.microscope = phase;
  }

  /** What lies below the panel is out of the keyboard's reach too. @param {boolean} on */
  cover(on) {
    for (const panel of this.page?.querySelectorAll(".panel-output, .panel-surface") ?? [])
      panel.toggleAttribute("inert", on);
  }

  reveal() {
    const fits = SCROLLED.find(([width]) => matchMedia(`(max-width: ${width}px)`).matches);
    if (fits) this.page?.querySelector(fits[1])?.scrollIntoView({block: "start"});
  }
}
