import { invariant } from '@allostat/kernel';

/** Probability that a standard normal is at most x; relative error of the smaller tail near 1e-14. */
export function normalCdf(x: number): number {
  return x > 0 ? 1 - upperTail(x) : upperTail(-x);
}

/** The x with `normalCdf(x) = p`, 0 < p < 1. Newton's method on the smaller tail, which is convex, so it cannot overshoot. */
export function normalQuantile(p: number): number {
  invariant(p > 0 && p < 1, () => `a probability must lie between 0 and 1, got ${p}`);
  const tail = Math.min(p, 1 - p);
  let x = 0;
  for (let step = 0; step < 200; step++) {
    const move = (upperTail(x) - tail) / density(x);
    x += move;
    if (Math.abs(move) <= 1e-15 * Math.max(1, x)) break;
  }
  return p < 0.5 ? -x : x;
}

function density(x: number): number {
  return Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI);
}

/** P(Z > x) for x >= 0: power series near zero (Marsaglia 2004), continued fraction of Laplace in the tail. */
function upperTail(x: number): number {
  if (x < 3) {
    let term = x;
    let sum = x;
    for (let k = 3; sum + term !== sum; k += 2) {
      term *= (x * x) / k;
      sum += term;
    }
    return 0.5 - density(x) * sum;
  }
  let fraction = x;
  for (let k = 200; k >= 1; k--) fraction = x + k / fraction;
  return density(x) / fraction;
}
