// @ts-check
/** The page around an open microscope: what of it is dimmed, out of reach or scrolled to. */

/** Where the page scrolls, it does to the diagram. */
const SCROLLS = "(max-width: 1100px)";

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
    if (matchMedia(SCROLLS).matches) this.page?.querySelector(".panel-network")?.scrollIntoView({block: "start"});
  }
}
