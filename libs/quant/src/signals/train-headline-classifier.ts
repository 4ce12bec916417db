import { invariant } from '@allostat/kernel';
import { TONES, toneProbabilities, type HeadlineClassifier, type Tone } from './classify-headline';
import { headlineFeatures } from './headline-features';

/** A headline whose tone a person has judged. */
export interface LabelledHeadline {
  readonly text: string;
  readonly tone: Tone;
}

export interface TrainHeadlineOptions {
  /** Power of two; default 32,768. Fewer make different words share a weight. */
  readonly buckets?: number;
  /** Passes over the examples; default 12. */
  readonly passes?: number;
  /** Step of the first pass; default 0.5. */
  readonly step?: number;
  /** Pull of a weight to zero at each example that has it; default 1e-3. */
  readonly shrinkage?: number;
}

const STEADY = 1e-8;

/**
 * Fits the classifier of headlines: multinomial logistic regression by stochastic gradient with a step a weight (AdaGrad, Duchi et
 * al., 2011) and an L2 penalty. The examples are taken in the order given and nothing is random, so the same examples give the same
 * weights. Uses the whole sample: examples must have been known before the headlines that it will judge. Throws without an example
 * of each tone.
 */
export function trainHeadlineClassifier(
  examples: readonly LabelledHeadline[],
  { buckets = 32_768, passes = 12, step = 0.5, shrinkage = 1e-3 }: TrainHeadlineOptions = {},
): HeadlineClassifier {
  invariant(buckets >= 2 && (buckets & (buckets - 1)) === 0, () => `buckets is a power of two, not ${buckets}`);
  for (const tone of TONES)
    invariant(
      examples.some((e) => e.tone === tone),
      () => `no example is ${tone}`,
    );
  const rows = examples.map(({ text, tone }) => ({
    features: headlineFeatures(text, buckets),
    at: TONES.indexOf(tone),
  }));
  const weights = new Float64Array(TONES.length * buckets);
  const squares = new Float64Array(TONES.length * buckets);
  for (let pass = 0; pass < passes; pass++) {
    for (const { features, at } of rows) {
      const scale = 1 / Math.sqrt(features.length);
      const probabilities = toneProbabilities(features, weights);
      for (const bucket of features) {
        for (let tone = 0; tone < TONES.length; tone++) {
          const i = TONES.length * bucket + tone;
          const gradient = (probabilities[tone] - (tone === at ? 1 : 0)) * scale + shrinkage * weights[i];
          squares[i] += gradient * gradient;
          weights[i] -= (step * gradient) / (Math.sqrt(squares[i]) + STEADY);
        }
      }
    }
  }
  return { buckets, weights: Float32Array.from(weights) };
}
