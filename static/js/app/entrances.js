// @ts-check
/** What was asked for and is not there yet, because its code is on its way: Escape takes the last wish back. */

export class Entrances {
  /** @type {{wanted: boolean}[]} */
  waiting = [];

  /** @param {Pick<Document, "addEventListener">} page made before whatever else hears of Escape on it */
  constructor(page) {
    page.addEventListener("keydown", event => {
      if (event.key === "Escape" && !event.defaultPrevented && this.takeBack()) event.preventDefault();
    });
  }

  /**
   * Wait for something that was asked for.
   * @param {Promise<unknown>} coming
   * @returns {Promise<boolean>} whether it is still wanted now that it is there
   */
  async through(coming) {
    const entrance = {wanted: true};
    this.waiting.push(entrance);
    try {
      await coming;
    } finally {
      this.waiting.splice(this.waiting.indexOf(entrance), 1);
    }
    return entrance.wanted;
  }

  /** @returns {boolean} whether there was a wish to take back */
  takeBack() {
    const last = this.waiting.findLast(entrance => entrance.wanted);
    if (last) last.wanted = false;
    return last !== undefined;
  }
}

/** Close what has come too late: a window, or a panel by its own button. @param {HTMLElement} root */
export function close(root) {
  if (root instanceof HTMLDialogElement) root.close();
  else /** @type {HTMLElement | null} */ (root.querySelector(`[data-role="${root.dataset.part}-close"]`))?.click();
}
