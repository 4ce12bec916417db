import { assertNever, invariant } from '@allostat/kernel';
import { drawdownsOf } from './drawdowns';
import { entropicValueAtRisk } from './entropic-value-at-risk';

export const riskMeasures = [
  'volatility',
  'variance',
  'mean-absolute-deviation',
  'semi-deviation',
  'first-lower-partial-moment',
  'second-lower-partial-moment',
  'value-at-risk',
  'cvar',
  'evar',
  'tail-gini',
  'worst-realisation',
  'range',
  'maximum-drawdown',
  'average-drawdown',
  'drawdown-at-risk',
  'cdar',
  'ulcer-index',
] as const;
export type RiskMeasure = (typeof riskMeasures)[number];

export interface RiskMeasureOptions {
  /** Confidence of the tail measures, 0.5 < confidence < 1; default 0.95. */
  readonly confidence?: number;
  /** Drawdowns of compounded value instead of the cumulative sum of returns; default false. */
  readonly compounded?: boolean;
  /** Least acceptable return of the lower partial moments; default 0. */
  readonly target?: number;
}

/**
 * A risk measure and its sensitivity to each period's return: the change of the measure per unit of return in period t.
 * For measures of degree 1 the sum of sensitivity times return is the measure itself (compounded drawdowns excepted).
 */
export interface MeasuredRisk {
  readonly value: number;
  readonly sensitivity: Float64Array;
}

/** The risk of a return series (decimals, per period, at least 2), positive for losses. */
export function riskMeasureOf(
  series: ArrayLike<number>,
  measure: RiskMeasure,
  options: RiskMeasureOptions = {},
): number {
  return measureRisk(series, measure, options).value;
}

/** True when scaling all returns by c > 0 scales the measure by c. */
export function isHomogeneous(
  measure: RiskMeasure,
  { compounded = false, target = 0 }: RiskMeasureOptions = {},
): boolean {
  if (measure === 'variance') return false;
  if (measure.endsWith('partial-moment')) return target === 0;
  return !(compounded && /drawdown|cdar|ulcer/.test(measure));
}

/** Measures the risk of a return series; conventions in `docs/guides/allocation.md`. */
export function measureRisk(
  series: ArrayLike<number>,
  measure: RiskMeasure,
  { confidence = 0.95, compounded = false, target = 0 }: RiskMeasureOptions = {},
): MeasuredRisk {
  invariant(series.length >= 2, () => `a risk measure needs at least 2 returns, got ${series.length}`);
  invariant(
    confidence > 0.5 && confidence < 1,
    () => `confidence must lie in 0.5..1 (0.95 for the worst 5 percent), got ${confidence}`,
  );
  switch (measure) {
    case 'volatility':
    case 'variance':
      return spread(series, measure);
    case 'mean-absolute-deviation':
    case 'semi-deviation':
      return deviation(series, measure);
    case 'first-lower-partial-moment':
    case 'second-lower-partial-moment':
      return lowerPartialMoment(series, measure, target);
    case 'value-at-risk':
    case 'cvar':
    case 'tail-gini':
      return tailRisk(negated(series), measure, confidence);
    case 'evar':
      return entropicValueAtRisk(series, confidence);
    case 'worst-realisation':
    case 'range':
      return extremes(series, measure);
    case 'maximum-drawdown':
    case 'average-drawdown':
    case 'drawdown-at-risk':
    case 'cdar':
    case 'ulcer-index':
      return drawdownRisk(series, { measure, confidence, compounded });
    default:
      return assertNever(measure);
  }
}

function meanOf(series: ArrayLike<number>): number {
  let sum = 0;
  for (let t = 0; t < series.length; t++) sum += series[t];
  return sum / series.length;
}

function negated(series: ArrayLike<number>): Float64Array {
  return Float64Array.from(series, (value) => -value);
}

function spread(series: ArrayLike<number>, measure: 'volatility' | 'variance'): MeasuredRisk {
  const mean = meanOf(series);
  const gaps = Float64Array.from(series, (value) => value - mean);
  let sum = 0;
  for (const gap of gaps) sum += gap * gap;
  const variance = sum / (series.length - 1);
  const value = measure === 'variance' ? variance : Math.sqrt(variance);
  const divisor = measure === 'variance' ? (series.length - 1) / 2 : (series.length - 1) * value;
  return { value, sensitivity: gaps.map((gap) => (divisor > 0 ? gap / divisor : 0)) };
}

function deviation(series: ArrayLike<number>, measure: 'mean-absolute-deviation' | 'semi-deviation'): MeasuredRisk {
  const count = series.length;
  const mean = meanOf(series);
  const own = new Float64Array(count);
  let sum = 0;
  for (let t = 0; t < count; t++) {
    const gap = series[t] - mean;
    if (measure === 'mean-absolute-deviation') {
      sum += Math.abs(gap) / count;
      own[t] = Math.sign(gap) / count;
    } else if (gap < 0) {
      sum += (gap * gap) / (count - 1);
      own[t] = gap / (count - 1);
    }
  }
  const value = measure === 'semi-deviation' ? Math.sqrt(sum) : sum;
  if (measure === 'semi-deviation' && value > 0) for (let t = 0; t < count; t++) own[t] /= value;
  const shared = meanOf(own);
  return { value, sensitivity: own.map((part) => part - shared) };
}

function lowerPartialMoment(
  series: ArrayLike<number>,
  measure: 'first-lower-partial-moment' | 'second-lower-partial-moment',
  target: number,
): MeasuredRisk {
  const count = series.length;
  const sensitivity = new Float64Array(count);
  let sum = 0;
  for (let t = 0; t < count; t++) {
    const gap = target - series[t];
    if (gap <= 0) continue;
    if (measure === 'first-lower-partial-moment') {
      sum += gap / count;
      sensitivity[t] = -1 / count;
    } else {
      sum += (gap * gap) / (count - 1);
      sensitivity[t] = -gap / (count - 1);
    }
  }
  if (measure === 'first-lower-partial-moment') return { value: sum, sensitivity };
  const value = Math.sqrt(sum);
  return { value, sensitivity: sensitivity.map((part) => (value > 0 ? part / value : 0)) };
}

/** Order of the losses, largest first; ties by time. */
function worstFirst(losses: Float64Array): Int32Array {
  return Int32Array.from(losses, (_, t) => t).sort((a, b) => losses[b] - losses[a] || a - b);
}

/** Quantile, conditional and Gini-weighted tail of losses, with the fractional last scenario; sensitivity to returns. */
function tailRisk(
  losses: Float64Array,
  measure: 'value-at-risk' | 'cvar' | 'tail-gini',
  confidence: number,
): MeasuredRisk {
  const weights = tailWeights(losses.length, measure, confidence);
  const order = worstFirst(losses);
  const sensitivity = new Float64Array(losses.length);
  let value = 0;
  for (let j = 0; j < weights.length; j++) {
    value += weights[j] * losses[order[j]];
    sensitivity[order[j]] = -weights[j];
  }
  return { value, sensitivity };
}

/** Weight of the j-th worst loss. */
function tailWeights(count: number, measure: 'value-at-risk' | 'cvar' | 'tail-gini', confidence: number): Float64Array {
  const tail = 1 - confidence;
  const mass = tail * count;
  const last = Math.ceil(mass - 1e-9) - 1;
  const weights = new Float64Array(last + 1);
  if (measure === 'value-at-risk') weights[last] = 1;
  else if (measure === 'cvar') {
    weights.fill(1 / mass);
    weights[last] = 1 - last / mass;
  } else {
    // (2 / a^2) times the integral of (a - u) over the j-th step of the empirical quantile function
    for (let j = 0; j <= last; j++) {
      const from = j / count;
      const to = Math.min((j + 1) / count, tail);
      weights[j] = ((to - from) * (2 * tail - from - to)) / (tail * tail);
    }
  }
  return weights;
}

function extremes(series: ArrayLike<number>, measure: 'worst-realisation' | 'range'): MeasuredRisk {
  let worst = 0;
  let best = 0;
  for (let t = 1; t < series.length; t++) {
    if (series[t] < series[worst]) worst = t;
    if (series[t] > series[best]) best = t;
  }
  const sensitivity = new Float64Array(series.length);
  sensitivity[worst] -= 1;
  if (measure === 'worst-realisation') return { value: -series[worst], sensitivity };
  sensitivity[best] += 1;
  return { value: series[best] - series[worst], sensitivity };
}

function drawdownRisk(
  series: ArrayLike<number>,
  options: {
    measure: 'maximum-drawdown' | 'average-drawdown' | 'drawdown-at-risk' | 'cdar' | 'ulcer-index';
    confidence: number;
    compounded: boolean;
  },
): MeasuredRisk {
  const { measure, confidence, compounded } = options;
  const { values, peaks } = drawdownsOf(series, { compounded });
  const count = values.length;
  const weights = new Float64Array(count);
  let value = 0;
  if (measure === 'average-drawdown') {
    value = meanOf(values);
    weights.fill(1 / count);
  } else if (measure === 'ulcer-index') {
    let sum = 0;
    for (const d of values) sum += d * d;
    value = Math.sqrt(sum / count);
    for (let t = 0; t < count && value > 0; t++) weights[t] = values[t] / (count * value);
  } else if (measure === 'maximum-drawdown') {
    let at = 0;
    for (let t = 1; t < count; t++) if (values[t] > values[at]) at = t;
    value = values[at];
    weights[at] = 1;
  } else {
    const tail = tailRisk(values, measure === 'cdar' ? 'cvar' : 'value-at-risk', confidence);
    value = tail.value;
    for (let t = 0; t < count; t++) weights[t] = -tail.sensitivity[t];
  }
  // a drawdown at t falls with every return since its peak
  const sensitivity = new Float64Array(count);
  for (let t = 0; t < count; t++) {
    if (weights[t] === 0) continue;
    const since = compounded ? 1 - values[t] : 1;
    for (let s = peaks[t] + 1; s <= t; s++)
      sensitivity[s] -= compounded ? (weights[t] * since) / (1 + series[s]) : weights[t];
  }
  return { value, sensitivity };
}
