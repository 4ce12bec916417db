import { invariant } from '@allostat/kernel';
import type { FeatureBlock } from './fit-student-t-hmm';
import type { RegimeFeatures } from './regime-model';

/** A block of features brought to mean 0 and standard deviation 1 over the training window. */
export interface SampleBlock extends FeatureBlock {
  readonly features: readonly string[];
  readonly center: readonly number[];
  readonly scale: readonly number[];
  /** Sum of the logs of `scale`: what a log density of one bar loses on the way back to original units. */
  readonly logScale: number;
}

/** Features that at least half of the history has; equity comes first by convention. */
export function availableFeatures(history: readonly RegimeFeatures[], wanted: readonly string[]): string[] {
  return wanted.filter((f) => history.filter((bar) => bar.values[f] !== undefined).length >= history.length / 2);
}

/** The features of the bars, all of which have them, standardised; `weight` is the power to which the block's density will count. */
export function standardise(bars: readonly RegimeFeatures[], features: readonly string[], weight: number): SampleBlock {
  const d = features.length;
  const data = new Float64Array(bars.length * d);
  bars.forEach((bar, t) => features.forEach((f, j) => (data[t * d + j] = bar.values[f])));
  const center: number[] = [];
  const scale: number[] = [];
  let logScale = 0;
  for (let j = 0; j < d; j++) {
    let mean = 0;
    let square = 0;
    for (let t = 0; t < bars.length; t++) mean += data[t * d + j] / bars.length;
    for (let t = 0; t < bars.length; t++) square += (data[t * d + j] - mean) ** 2 / bars.length;
    invariant(square > 0, () => `feature ${features[j]} does not vary over the training window`);
    center.push(mean);
    scale.push(Math.sqrt(square));
    logScale += Math.log(Math.sqrt(square));
    for (let t = 0; t < bars.length; t++) data[t * d + j] = (data[t * d + j] - mean) / Math.sqrt(square);
  }
  return { data, dimensions: d, weight, features, center, scale, logScale };
}
