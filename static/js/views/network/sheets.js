// @ts-check
/** Canvases over one another, of a size that is set, drawn in CSS pixels and sharp at the screen's own. */

/** @typedef {{canvas: HTMLCanvasElement, ctx: CanvasRenderingContext2D, clear: () => void}} Sheet */

/** @param {HTMLElement} stage @param {number} count */
export function createSheets(stage, count) {
  let width = 0;
  let height = 0;
  let drawn = 0;
  const ratio = () => Math.min(3, globalThis.devicePixelRatio || 1);
  /** bottom sheet first @type {Sheet[]} */
  const sheets = Array.from({length: count}, () => {
    const canvas = stage.ownerDocument.createElement("canvas");
    const ctx = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
    canvas.className = "network-sheet";
    canvas.setAttribute("aria-hidden", "true"); // the stage has the words
    stage.append(canvas);
    return {canvas, ctx, clear: () => ctx.clearRect(0, 0, width, height)};
  });
  return {
    sheets,
    get ratio() {
      return ratio();
    },
    /** @param {number} w @param {number} h px */
    resize(w, h) {
      if (w === width && h === height && drawn === ratio()) return;
      [width, height, drawn] = [w, h, ratio()];
      for (const {canvas, ctx} of sheets) {
        canvas.width = Math.round(w * drawn);
        canvas.height = Math.round(h * drawn);
        canvas.style.width = `${w}px`;
        canvas.style.height = `${h}px`;
        ctx.setTransform(drawn, 0, 0, drawn, 0, 0);
      }
    },
  };
}
