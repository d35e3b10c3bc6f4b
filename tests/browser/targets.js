/**
 * Controls too small to be hit (WCAG 2.2, success criterion 2.5.8): less than 24 CSS px wide or high, unless a circle of
 * 24 px around their middle touches no other target, nor the circle of another small one. Exempt is what stands in a
 * line of text, and what nobody can press.
 */
window.__p_targets = (() => {
  const LEAST = 24;
  const CONTROLS =
    'button, a[href], input:not([type="hidden"]), select, textarea, summary, ' +
    '[role="button"], [role="slider"], [role="tab"], [role="switch"], [role="menuitem"], [role="option"]';

  const isUsable = e =>
    !e.matches(":disabled, [aria-disabled=true]") &&
    !e.closest("[inert]") &&
    e.checkVisibility({visibilityProperty: true, opacityProperty: true});

  /** Where a press does something: a field within its label is pressed by all of the label. */
  const placeOf = e => (e.closest("label") ?? e).getBoundingClientRect();

  /** Whether a press there reaches it, as far as it is in sight. */
  function isReached(e, {left, right, top, bottom}) {
    const [x, y] = [(left + right) / 2, (top + bottom) / 2];
    if (x < 0 || y < 0 || x >= innerWidth || y >= innerHeight) return document.querySelector("dialog[open]") === null || e.closest("dialog") !== null;
    const at = document.elementFromPoint(x, y);
    return at !== null && (e.contains(at) || at.contains(e) || (e.closest("label")?.contains(at) ?? false));
  }

  const isInText = e => {
    const {display} = getComputedStyle(e);
    const around = e.parentElement;
    return display === "inline" && [...around.childNodes].some(node => node.nodeType === 3 && node.data.trim());
  };

  /** How far a point is from a box. */
  const away = (x, y, {left, right, top, bottom}) =>
    Math.hypot(Math.max(left - x, 0, x - right), Math.max(top - y, 0, y - bottom));

  const nameOf = ({e, box}) =>
    `${e.dataset.role ?? (e.className || e.localName)} "${(e.ariaLabel ?? e.textContent).trim().slice(0, 24)}" ` +
    `${box.width.toFixed(1)} × ${box.height.toFixed(1)}`;

  function tooSmall() {
    const targets = [...document.querySelectorAll(CONTROLS)]
      .filter(isUsable)
      .map(e => ({e, box: placeOf(e)}))
      .filter(({e, box}) => box.width > 1 && box.height > 1 && isReached(e, box))
      .map(({e, box}) => {
        const [x, y] = [(box.left + box.right) / 2, (box.top + box.bottom) / 2];
        return {e, box, x, y, small: box.width < LEAST - 0.01 || box.height < LEAST - 0.01};
      });
    const isCrowded = one =>
      targets.some(
        other =>
          other !== one &&
          !one.e.contains(other.e) &&
          !other.e.contains(one.e) &&
          one.e.closest("label") !== (other.e.closest("label") ?? other.e) &&
          (away(one.x, one.y, other.box) < LEAST / 2 - 0.01 ||
            (other.small && Math.hypot(one.x - other.x, one.y - other.y) < LEAST - 0.01)),
      );
    return targets.filter(one => one.small && !isInText(one.e) && isCrowded(one)).map(nameOf);
  }

  return {tooSmall};
})();
