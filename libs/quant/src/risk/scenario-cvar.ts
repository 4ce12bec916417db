import { invariant } from '@allostat/kernel';

/**
 * Mean loss in the worst `1 - confidence` of probability of weighted scenarios, losses positive; the scenario at the edge counts in
 * part. `returns` and `probabilities` (>= 0, summing to more than 0) are one a scenario; probabilities are scaled to sum to 1. With equal
 * ones it is `measureRisk(returns, 'cvar')`. Acerbi and Tasche (2002), J. Banking and Finance 26.
 */
export function scenarioCvar(returns: ArrayLike<number>, probabilities: ArrayLike<number>, confidence = 0.95): number {
  const count = returns.length;
  invariant(
    count > 0 && probabilities.length === count,
    () => `${count} scenarios, ${probabilities.length} probabilities`,
  );
  invariant(confidence > 0.5 && confidence < 1, () => `confidence must lie in 0.5..1, got ${confidence}`);
  let sum = 0;
  for (let s = 0; s < count; s++) sum += probabilities[s];
  invariant(sum > 0, 'probabilities of scenarios must not all be zero');
  const order = Array.from({ length: count }, (_, s) => s).sort((a, b) => returns[a] - returns[b] || a - b);
  const tail = 1 - confidence;
  let left = tail;
  let loss = 0;
  for (const s of order) {
    const part = Math.min(left, probabilities[s] / sum);
    loss -= part * returns[s];
    left -= part;
    if (left <= 0) break;
  }
  return loss / tail;
}
