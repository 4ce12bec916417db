import type { MeasuredRisk } from './risk-measure';

/**
 * Entropic value at risk: the least of z ln(E exp(-r / z) / (1 - confidence)) over z > 0, Ahmadi-Javid (2012), JOTA 155.
 * Minimised in ln z by golden section after bracketing (the function is convex in z), to 1e-12 of the value.
 */
export function entropicValueAtRisk(series: ArrayLike<number>, confidence: number): MeasuredRisk {
  const count = series.length;
  let worst = -Infinity;
  let spread = 0;
  for (let t = 0; t < count; t++) {
    worst = Math.max(worst, -series[t]);
    spread = Math.max(spread, Math.abs(series[t]));
  }
  if (spread === 0) return { value: 0, sensitivity: new Float64Array(count) };
  const at = (logZ: number): number => {
    const z = Math.exp(logZ);
    let sum = 0;
    for (let t = 0; t < count; t++) sum += Math.exp((-series[t] - worst) / z);
    return worst + z * Math.log(sum / (count * (1 - confidence)));
  };
  let low = Math.log(spread) - 12;
  let high = Math.log(spread) + 12;
  const golden = (Math.sqrt(5) - 1) / 2;
  let a = high - golden * (high - low);
  let b = low + golden * (high - low);
  let fa = at(a);
  let fb = at(b);
  for (let k = 0; k < 80; k++) {
    if (fa <= fb) {
      high = b;
      b = a;
      fb = fa;
      a = high - golden * (high - low);
      fa = at(a);
    } else {
      low = a;
      a = b;
      fa = fb;
      b = low + golden * (high - low);
      fb = at(b);
    }
  }
  const best = fa <= fb ? a : b;
  const z = Math.exp(best);
  const sensitivity = new Float64Array(count);
  let sum = 0;
  for (let t = 0; t < count; t++) sum += sensitivity[t] = Math.exp((-series[t] - worst) / z);
  return { value: Math.min(fa, fb), sensitivity: sensitivity.map((part) => -part / sum) };
}
