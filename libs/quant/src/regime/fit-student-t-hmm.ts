import { invariant } from '@allostat/kernel';
import { forwardBackward } from './forward-backward';
import { lowerCholesky } from './lower-cholesky';
import { logNormaliser, squaredMahalanobis } from './student-t-density';

// taken out of Math once: it runs millions of times in a fit
const { log1p } = Math;

/** One group of features: `data` is T x D by rows, and `weight` the power to which its density counts. */
export interface FeatureBlock {
  readonly data: Float64Array;
  readonly dimensions: number;
  readonly weight: number;
}

/** Emission of every state for one block. */
export interface BlockEmissions {
  readonly locations: readonly Float64Array[];
  readonly choleskys: readonly Float64Array[];
}

export interface FitStudentTHmmOptions {
  /** T x K: how much each observation belongs to each state at the start; rows sum to 1. */
  readonly start: Float64Array;
  readonly states: number;
  /** Fixed; `Infinity` gives a Gaussian model. */
  readonly degreesOfFreedom: number;
  /** K x K pseudo-counts added to the expected transitions; 0 forbids nothing that the start allows. */
  readonly transitionPrior: Float64Array;
  /** K x K first transition matrix; a 0 stays 0. */
  readonly transition: Float64Array;
  /** Observations' worth of the pooled diagonal scale that is mixed into every state's scale matrix. */
  readonly scalePrior: number;
  readonly maxIterations: number;
  /** True keeps the memberships of `start` for good, so that the states are what was given and only they are described. */
  readonly holdMembership?: boolean;
  /** Largest gain in log posterior per observation at which the fit counts as converged. */
  readonly tolerance: number;
}

export interface StudentTHmmFit {
  /** One entry a block. */
  readonly emissions: readonly BlockEmissions[];
  readonly transition: Float64Array;
  readonly initial: Float64Array;
  readonly gamma: Float64Array;
  readonly logLikelihood: number;
  readonly iterations: number;
  readonly converged: boolean;
}

/**
 * Fits a Student-t hidden Markov model by expectation conditional maximisation.
 *
 * Each block is T x D by rows without missing values, roughly standardised (the scale prior counts on it); blocks are
 * independent given the state. A weight below 1 tempers a block whose bars are not independent: a smooth feature that
 * repeats itself for a month is one observation a month, weight 1/21. Uses the whole sample: for training only. The
 * result depends only on its arguments. Method: Baum-Welch with the weights (ν+D)/(ν+z²) of the t distribution (Liu and
 * Rubin, 1995), Dirichlet prior on transitions.
 */
export function fitStudentTHmm(blocks: readonly FeatureBlock[], options: FitStudentTHmmOptions): StudentTHmmFit {
  const { states, maxIterations, tolerance } = options;
  invariant(blocks.length > 0, 'at least one block of features is needed');
  const t = blocks[0].data.length / blocks[0].dimensions;
  invariant(Number.isInteger(t) && t > 10 * states, () => `need more than ${10 * states} observations, got ${t}`);
  invariant(options.start.length === t * states, 'start must be T x K');
  let gamma: Float64Array = options.start;
  let transition: Float64Array = Float64Array.from(options.transition);
  let weights: Float64Array[] = blocks.map(() => new Float64Array(t * states).fill(1));
  let initial: Float64Array = new Float64Array(states).fill(1 / states);
  let previous = -Infinity;
  let last: StudentTHmmFit | undefined;
  for (let iteration = 1; iteration <= maxIterations; iteration++) {
    const emissions = blocks.map((block, b) => maximise(block, gamma, weights[b], options));
    const expected = expect(blocks, emissions, options);
    const smoothed = forwardBackward(expected.logDensities, transition, initial);
    const objective = smoothed.logLikelihood + logPrior(transition, options.transitionPrior);
    last = {
      emissions,
      transition,
      initial,
      gamma: smoothed.gamma,
      logLikelihood: smoothed.logLikelihood,
      iterations: iteration,
      converged: Math.abs(objective - previous) / t < tolerance,
    };
    if (last.converged) break;
    previous = objective;
    gamma = options.holdMembership === true ? options.start : smoothed.gamma;
    weights = expected.weights;
    transition = nextTransition(options.holdMembership === true ? counts(gamma, states) : smoothed.xi, options);
    initial = gamma.slice(0, states);
  }
  invariant(last !== undefined, 'maxIterations must be at least 1');
  return last;
}

function pooledVariances(data: Float64Array, d: number): Float64Array {
  const sums = new Float64Array(d);
  const t = data.length / d;
  for (let i = 0; i < data.length; i++) sums[i % d] += (data[i] * data[i]) / t;
  return sums;
}

function maximise(
  { data, dimensions: d }: FeatureBlock,
  gamma: Float64Array,
  weights: Float64Array,
  { states, scalePrior }: FitStudentTHmmOptions,
): BlockEmissions {
  const pooled = pooledVariances(data, d);
  const t = data.length / d;
  const locations: Float64Array[] = [];
  const choleskys: Float64Array[] = [];
  for (let k = 0; k < states; k++) {
    const location = new Float64Array(d);
    const scale = new Float64Array(d * d);
    let mass = 0;
    let weight = 0;
    for (let s = 0; s < t; s++) {
      const u = gamma[s * states + k] * weights[s * states + k];
      mass += gamma[s * states + k];
      weight += u;
      for (let i = 0; i < d; i++) location[i] += u * data[s * d + i];
    }
    for (let i = 0; i < d; i++) location[i] /= Math.max(weight, 1e-9);
    for (let s = 0; s < t; s++) {
      const u = gamma[s * states + k] * weights[s * states + k];
      if (u < 1e-12) continue;
      for (let i = 0; i < d; i++) {
        const a = u * (data[s * d + i] - location[i]);
        for (let j = 0; j <= i; j++) scale[i * d + j] += a * (data[s * d + j] - location[j]);
      }
    }
    for (let i = 0; i < d; i++) {
      scale[i * d + i] += scalePrior * pooled[i];
      for (let j = 0; j <= i; j++) scale[i * d + j] /= mass + scalePrior;
    }
    const lower = lowerCholesky(scale, d);
    invariant(lower !== undefined, () => `the scale matrix of state ${k} is not positive definite`);
    locations.push(location);
    choleskys.push(lower);
  }
  return { locations, choleskys };
}

function expect(
  blocks: readonly FeatureBlock[],
  emissions: readonly BlockEmissions[],
  { degreesOfFreedom, states }: FitStudentTHmmOptions,
): { logDensities: Float64Array; weights: Float64Array[] } {
  const t = blocks[0].data.length / blocks[0].dimensions;
  const logDensities = new Float64Array(t * states);
  const weights = blocks.map(({ data, dimensions: d, weight }, b) => {
    const { locations, choleskys } = emissions[b];
    const own = new Float64Array(t * states);
    const scratch = new Float64Array(d);
    const gaussian = degreesOfFreedom === Infinity;
    for (let k = 0; k < states; k++) {
      const constant = logNormaliser(choleskys[k], d, degreesOfFreedom);
      for (let s = 0; s < t; s++) {
        const distance = squaredMahalanobis(data, s * d, locations[k], choleskys[k], scratch);
        const tail = gaussian ? distance / 2 : ((degreesOfFreedom + d) / 2) * log1p(distance / degreesOfFreedom);
        logDensities[s * states + k] += weight * (constant - tail);
        own[s * states + k] = gaussian ? 1 : (degreesOfFreedom + d) / (degreesOfFreedom + distance);
      }
    }
    return own;
  });
  return { logDensities, weights };
}

/** Transitions between memberships that are given. */
function counts(gamma: Float64Array, k: number): Float64Array {
  const sums = new Float64Array(k * k);
  for (let s = k; s < gamma.length; s += k)
    for (let i = 0; i < k; i++) for (let j = 0; j < k; j++) sums[i * k + j] += gamma[s - k + i] * gamma[s + j];
  return sums;
}

function nextTransition(xi: Float64Array, { states, transitionPrior }: FitStudentTHmmOptions): Float64Array {
  const next = new Float64Array(states * states);
  for (let i = 0; i < states; i++) {
    let sum = 0;
    for (let j = 0; j < states; j++) sum += next[i * states + j] = xi[i * states + j] + transitionPrior[i * states + j];
    for (let j = 0; j < states; j++) next[i * states + j] /= sum;
  }
  return next;
}

function logPrior(transition: Float64Array, prior: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < prior.length; i++) if (prior[i] > 0) sum += prior[i] * Math.log(transition[i]);
  return sum;
}
