// @ts-check
/** Changes of a run as commands take them. Pure. */

/**
 * What `set` takes, as `configure` takes it.
 * @param {Record<string, unknown>} fields
 * @returns {Record<string, unknown>}
 */
export function asPatch({optimizer, learning_rate, weight_decay, activation, ...rest}) {
  const rule = {
    ...(optimizer !== undefined && {name: optimizer}),
    ...(learning_rate !== undefined && {learning_rate}),
    ...(weight_decay !== undefined && {weight_decay}),
  };
  return {
    ...rest,
    ...(Object.keys(rule).length && {optimizer: rule}),
    ...(activation !== undefined && {network: {activation}}),
  };
}
