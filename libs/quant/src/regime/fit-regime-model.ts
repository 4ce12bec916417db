import { AllostatError } from '@allostat/kernel';
import { fitByRule, RULE_FEATURES } from './fit-by-rule';
import { fitStarts, mostLikely, nameAndRefit, ruleGrouping, type Candidate } from './fit-named-states';
import { fitStudentTHmm, type StudentTHmmFit } from './fit-student-t-hmm';
import { nameStates, showsTightening } from './name-states';
import { nameByRule } from './naming-rule';
import { FOUR_REGIMES, type FourRegime, type RegimeFeatures, type RegimeGate, type RegimeModel } from './regime-model';
import { availableFeatures, standardise, type SampleBlock } from './regime-sample';

/** Returns that the model sees by default; those absent from a history are left out of its model. */
export const DEFAULT_REGIME_FEATURES: readonly string[] = [
  'return.equity.1d',
  'return.bond.1d',
  'return.credit.1d',
  'return.gold.1d',
  'return.commodity.1d',
  'return.real-estate.1d',
  'return.inflation-linked.1d',
];

export interface FitRegimeModelOptions {
  readonly features?: readonly string[];
  /** How states get their meaning; by default from returns where those show a tightening state, else by the rule. */
  readonly naming?: 'returns' | 'rule';
  /** Tail index of the emissions; the most likely of 4, 5, 7, 10 and 30 when absent. */
  readonly degreesOfFreedom?: number;
  readonly maxIterations?: number;
  readonly tolerance?: number;
  /** Least number of complete bars; 500 by default. */
  readonly minObservations?: number;
}

const DEGREES_GRID = [4, 5, 7, 10, 30];
const START_DEGREES = 7;
const STATES = FOUR_REGIMES.length;
/** Bars' worth of the pooled scale mixed into each state's: more blurs the small states, measured on the simulated market. */
const SCALE_PRIOR_BARS = 2;
const SCALE_RATIO_MIN = 1.5;

interface Named {
  readonly naming: RegimeModel['naming'];
  readonly names: readonly FourRegime[];
  readonly fit: StudentTHmmFit;
  readonly blocks: readonly SampleBlock[];
  readonly degreesOfFreedom: number;
}

/**
 * Fits a Student-t hidden Markov model of named regimes to a history of features.
 *
 * Four states are fitted to the returns from seven deterministic starts; the most likely fit is kept and every start is
 * reported. Where one of them has stocks and bonds fall together, the states are named by their centroids (`nameStates`).
 * Otherwise returns alone do not tell the four regimes apart, and the states are described as the point-in-time rule
 * (`nameByRule`) names the history, slow features included (`fitByRule`). States stand in canonical order. A history that
 * does not show several regimes gives a model of one state (`gate.identified` is false). Uses the whole history: train on
 * the past, then filter what follows. Throws `AllostatError` `REGIME.SHORT_HISTORY` when too few bars are complete.
 */
export function fitRegimeModel(history: readonly RegimeFeatures[], options: FitRegimeModelOptions = {}): RegimeModel {
  const { degreesOfFreedom = START_DEGREES, maxIterations = 200, tolerance = 1e-7 } = options;
  const returns = availableFeatures(history, options.features ?? DEFAULT_REGIME_FEATURES);
  const used = completeBars(history, returns, options.minObservations ?? 500);
  const blocks = [standardise(used, returns, 1)];
  const base = { degreesOfFreedom, maxIterations, tolerance, scalePrior: SCALE_PRIOR_BARS };
  const single = fitStudentTHmm(blocks, { ...base, ...oneState(used.length) });
  const labels = nameByRule(used);
  const candidates = fitStarts(blocks, STATES, base, [ruleGrouping(labels)]);
  const gate = identify(mostLikely(fitStarts(blocks, 2, base)), single, blocks, used.length);
  if (!gate.identified) {
    const names = nameStates([{ volatility: 1 }]);
    return toModel({ naming: 'single', names, fit: single, blocks, degreesOfFreedom }, used, gate, candidates);
  }
  const grid = options.degreesOfFreedom === undefined ? DEGREES_GRID : [options.degreesOfFreedom];
  const byReturns = nameAndRefit(blocks, mostLikely(candidates), base, grid);
  const naming = options.naming ?? (showsTightening(byReturns.centroids) ? 'returns' : 'rule');
  const slow = availableFeatures(used, RULE_FEATURES);
  if (naming === 'returns' || slow.length === 0)
    return toModel({ naming: 'returns', blocks, ...byReturns }, used, gate, candidates);
  const complete = completeBars(used, slow, 1);
  const byRule = fitByRule(complete, nameByRule(complete), returns, slow, base);
  return toModel({ naming: 'rule', ...byRule }, complete, gate, candidates);
}

function completeBars(history: readonly RegimeFeatures[], features: readonly string[], least: number) {
  const used = history.filter((bar) => features.every((f) => bar.values[f] !== undefined));
  if (features.length > 0 && used.length >= least) return used;
  throw new AllostatError(
    'REGIME.SHORT_HISTORY',
    `${used.length} of ${history.length} bars are complete; a regime model needs ${least}`,
    'give a longer history, or fewer features',
  );
}

function toModel(
  { naming, names, fit, blocks, degreesOfFreedom }: Named,
  used: readonly RegimeFeatures[],
  gate: RegimeGate,
  candidates: readonly Candidate[],
): RegimeModel {
  const logScale = used.length * blocks.reduce((sum, block) => sum + block.weight * block.logScale, 0);
  const returnsLogScale = used.length * blocks[0].logScale;
  return {
    kind: 'student-t-hmm',
    naming,
    blocks: blocks.map(({ features, center, scale, weight }, b) => ({
      features,
      center,
      scale,
      weight,
      emissions: fit.emissions[b].locations.map((location, k) => ({
        location: [...location],
        cholesky: [...fit.emissions[b].choleskys[k]],
      })),
    })),
    degreesOfFreedom,
    names,
    initial: [...fit.initial],
    transition: rows(fit.transition, names.length),
    gate,
    training: {
      from: used[0].asOf,
      to: used[used.length - 1].asOf,
      observations: used.length,
      logLikelihood: fit.logLikelihood - logScale,
      iterations: fit.iterations,
      converged: fit.converged,
      starts: candidates.map((candidate) => ({
        name: candidate.name,
        logLikelihood: candidate.fit.logLikelihood - returnsLogScale,
        converged: candidate.fit.converged,
      })),
    },
  };
}

function oneState(observations: number) {
  const one = new Float64Array([1]);
  return { start: new Float64Array(observations).fill(1), states: 1, transition: one, transitionPrior: one };
}

/** Whether there is more than one regime: two states are far enough apart in scale and gain more than their BIC penalty. */
function identify(pair: StudentTHmmFit, single: StudentTHmmFit, blocks: readonly SampleBlock[], t: number): RegimeGate {
  const scales = pair.emissions[0].choleskys.map((lower) => lower[0]);
  const scaleRatio = Math.max(...scales) / Math.min(...scales);
  const added = 2 + blocks.reduce((sum, { dimensions: d }) => sum + d + (d * (d + 1)) / 2, 0);
  const gain = pair.logLikelihood - single.logLikelihood - (added / 2) * Math.log(t);
  return { identified: scaleRatio >= SCALE_RATIO_MIN && gain > 0, scaleRatio, gain };
}

const rows = (matrix: Float64Array, k: number): number[][] =>
  Array.from({ length: k }, (_, i) => [...matrix.subarray(i * k, (i + 1) * k)]);
