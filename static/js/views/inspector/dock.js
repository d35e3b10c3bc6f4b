// @ts-check
/**
 * The inspector's place in the page: a column that the page makes room for, on a phone a sheet at the window's foot.
 * What it speaks of, and what that does to the loss, stays in sight.
 */

export class Dock {
  /** @param {HTMLElement} root inside the page's grid @param {HTMLElement} card */
  constructor(root, card) {
    this.page = root.parentElement;
    this.card = card;
    this.sheet = matchMedia("(max-width: 640px)");
    this.listeners = new AbortController();
    window.addEventListener("resize", () => this.measure(), {signal: this.listeners.signal});
  }

  get open() {
    return !this.card.hidden;
  }

  /** @param {boolean} open */
  turn(open) {
    if (open === this.open) return;
    this.card.hidden = !open;
    this.page?.classList.toggle("inspecting", open);
    if (!open) return;
    this.measure();
    if (this.sheet.matches) this.page?.querySelector(".panel-network")?.scrollIntoView({behavior: "instant"});
    if (document.activeElement?.matches(":focus-visible")) this.card.focus({preventScroll: true});
  }

  /** Where a page that scrolls begins below its bar. */
  measure() {
    if (!this.open) return;
    const bars = [...document.querySelectorAll(".bar, .bar-main")].filter(bar => bar.getClientRects().length);
    const sticky = bars.find(bar => getComputedStyle(bar).position === "sticky");
    this.page?.style.setProperty("--below-bar", `${sticky ? Math.round(sticky.getBoundingClientRect().height) : 0}px`);
  }

  destroy() {
    this.listeners.abort();
    this.page?.classList.remove("inspecting");
  }
}
