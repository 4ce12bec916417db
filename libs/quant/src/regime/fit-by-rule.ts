import { AllostatError } from '@allostat/kernel';
import { priorTransition, PRIOR_BARS, STATE_BARS_MIN, type FitBase } from './fit-named-states';
import { fitStudentTHmm, type StudentTHmmFit } from './fit-student-t-hmm';
import { NAMING_FEATURES } from './naming-rule';
import { FOUR_REGIMES, type FourRegime, type RegimeFeatures } from './regime-model';
import { standardise, type SampleBlock } from './regime-sample';

/** The slow features of the naming rule, which tell its names apart. */
export const RULE_FEATURES: readonly string[] = Object.values(NAMING_FEATURES);

/** Powers to which the two blocks count: slow features repeat themselves from bar to bar, returns only confirm them. */
const RETURNS_WEIGHT = 0.1;
const SLOW_WEIGHT = 0.1;

/**
 * Describes, as Student-t emissions of returns and of slow features, the regimes that a rule has named in a history, and
 * counts the transitions between them. Names with fewer than 40 bars are left out. Memberships are held: nothing is moved
 * to where it would be more likely. Throws `AllostatError` `REGIME.SHORT_HISTORY` when no name has 40 bars.
 */
export function fitByRule(
  bars: readonly RegimeFeatures[],
  labels: readonly (FourRegime | undefined)[],
  returns: readonly string[],
  slow: readonly string[],
  base: FitBase,
): { names: FourRegime[]; fit: StudentTHmmFit; blocks: SampleBlock[]; degreesOfFreedom: number } {
  const names = FOUR_REGIMES.filter((name) => labels.filter((label) => label === name).length >= STATE_BARS_MIN);
  if (names.length === 0) {
    throw new AllostatError(
      'REGIME.SHORT_HISTORY',
      `the naming rule gives no regime ${STATE_BARS_MIN} bars in a history of ${bars.length}`,
      'give a longer history',
    );
  }
  const k = names.length;
  const blocks = [standardise(bars, returns, RETURNS_WEIGHT), standardise(bars, slow, SLOW_WEIGHT)];
  const start = new Float64Array(bars.length * k);
  labels.forEach((label, t) => {
    const own = label === undefined ? -1 : names.indexOf(label);
    for (let j = 0; j < k; j++) start[t * k + j] = own < 0 ? 1 / k : j === own ? 1 : 0;
  });
  const transition = priorTransition(names);
  const transitionPrior = transition.map((p) => p * PRIOR_BARS);
  const fit = fitStudentTHmm(blocks, { ...base, start, states: k, transition, transitionPrior, holdMembership: true });
  return { names, fit, blocks, degreesOfFreedom: base.degreesOfFreedom };
}
