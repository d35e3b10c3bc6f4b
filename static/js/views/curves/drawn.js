// @ts-check
/** What was drawn of the curves last: whether they must be painted anew. Pure. */

/** @typedef {import("../../types").State} State */

/** What decides whether the curves must be painted anew. @param {State} state */
export function marksIn({series, lang, theme, log, frame, status, lanes, ghost, connection, view}) {
  const step = frame?.step ?? -1;
  const {accuracy, log_steps: powers} = view;
  return {
    series,
    accuracy,
    powers,
    version: series.version,
    lang,
    theme,
    log,
    step,
    status: status.kind,
    lanes,
    ghost,
    connection,
  };
}

/** @param {ReturnType<typeof marksIn> | null} before @param {ReturnType<typeof marksIn>} now */
export function same(before, now) {
  if (!before) return false;
  return /** @type {(keyof typeof now)[]} */ (Object.keys(now)).every(name => before[name] === now[name]);
}
