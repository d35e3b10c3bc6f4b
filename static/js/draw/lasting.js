// @ts-check
/** How long something takes, in words. */

/** @param {number} ms @param {(key: string, params: Record<string, number>) => string} t */
export function lasting(ms, t) {
  const s = Math.max(0, Math.round(ms / 1000));
  if (s < 60) return t("lasting.seconds", {s});
  return s < 3600
    ? t("lasting.minutes", {m: Math.floor(s / 60), s: s % 60})
    : t("lasting.hours", {h: Math.floor(s / 3600), m: Math.floor((s % 3600) / 60)});
}
