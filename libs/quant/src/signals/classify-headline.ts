import { invariant } from '@allostat/kernel';
import { headlineFeatures } from './headline-features';

/** Tones in the order in which weights and probabilities list them. */
export const TONES = ['negative', 'neutral', 'positive'] as const;
export type Tone = (typeof TONES)[number];

/** What training leaves: three weights a bucket, those of bucket `b` at `3 b` in the order of `TONES`. */
export interface HeadlineClassifier {
  /** A power of two. */
  readonly buckets: number;
  readonly weights: Float32Array;
}

export interface ClassifiedHeadline {
  /** Probability of each tone, in the order of `TONES`; they sum to one. */
  readonly probabilities: readonly number[];
  /** The most probable tone. */
  readonly tone: Tone;
  /** Probability of good news less that of bad, -1 to 1. */
  readonly score: number;
}

/**
 * Tone of a financial headline by a multinomial logistic regression over hashed words, word pairs and the lexicon's score. Any text
 * is accepted; only the first 2,000 characters are read. Throws when the weights do not fit the number of buckets.
 */
export function classifyHeadline(text: string, { buckets, weights }: HeadlineClassifier): ClassifiedHeadline {
  invariant(buckets >= 2 && (buckets & (buckets - 1)) === 0, () => `buckets is a power of two, not ${buckets}`);
  invariant(
    weights.length === TONES.length * buckets,
    () => `${buckets} buckets have ${TONES.length * buckets} weights, not ${weights.length}`,
  );
  const probabilities = toneProbabilities(headlineFeatures(text, buckets), weights);
  const [negative, , positive] = probabilities;
  const best = Math.max(...probabilities);
  return { probabilities, tone: TONES[probabilities.indexOf(best)], score: positive - negative };
}

/** Softmax of the mean weight of the features, times the root of their number: long headlines are not surer than short ones. */
export function toneProbabilities(features: Int32Array, weights: ArrayLike<number>): number[] {
  const scale = 1 / Math.sqrt(features.length);
  const sums = TONES.map((_, tone) => {
    let sum = 0;
    for (const bucket of features) sum += weights[TONES.length * bucket + tone];
    return sum * scale;
  });
  const highest = Math.max(...sums);
  const raised = sums.map((sum) => Math.exp(sum - highest));
  const total = raised.reduce((a, b) => a + b, 0);
  return raised.map((value) => value / total);
}
