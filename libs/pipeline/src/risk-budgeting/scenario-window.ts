import { invariant } from '@allostat/kernel';
import { REGIME_NAMES, type RegimeProbabilities } from '../regime-detection/events';

/** Bars that are scenarios because they are recent: two years. */
const RECENT_BARS = 504;

/** Older bars that stay scenarios because they were the worst: a month of stress. */
const STRESSED_BARS = 21;

/** Bars that stand against the memberships of a regime, so that a regime rarely seen does not hang on a few bars. */
const PRIOR_BARS = 63;

/** A bar as a scenario: returns by instrument, NaN where there was none, and what was believed of the regime at its close. */
interface ScenarioRow {
  readonly returns: Float64Array;
  readonly probabilities: Float64Array;
}

/** Bars kept as scenarios, oldest first. Replaced and never changed by an update; the rows are shared. */
export interface ScenarioState {
  readonly assets: readonly string[];
  readonly recent: readonly ScenarioRow[];
  /** Worst bars that have left the recent ones, by the mean return of all instruments. */
  readonly stressed: readonly ScenarioRow[];
}

/** Scenarios of one bar for the assets of a universe: returns row by row, with the belief about the regime of each. */
export interface Scenarios {
  readonly assets: readonly string[];
  /** `null` where an instrument had no return. */
  readonly returns: readonly (readonly (number | null)[])[];
  /** In the order of `REGIME_NAMES`. */
  readonly probabilities: readonly (readonly number[])[];
  /** How many of the rows, the first ones, are stressed. */
  readonly stressed: number;
}

export function initialScenarios(assets: readonly string[]): ScenarioState {
  return { assets: [...assets], recent: [], stressed: [] };
}

/** Adds one bar; the oldest recent one leaves, and stays as a stressed scenario when it is among the worst. */
export function updateScenarios(
  state: ScenarioState,
  returns: readonly (number | undefined)[],
  probabilities: RegimeProbabilities,
): ScenarioState {
  const { assets, recent, stressed } = state;
  invariant(
    returns.length === assets.length,
    () => `${assets.length} assets need as many returns, got ${returns.length}`,
  );
  const row = {
    returns: Float64Array.from(returns, (value) => value ?? NaN),
    probabilities: Float64Array.from(REGIME_NAMES, (name) => probabilities[name]),
  };
  if (recent.length < RECENT_BARS) return { assets, recent: [...recent, row], stressed };
  const [leaving, ...kept] = recent;
  return { assets, recent: [...kept, row], stressed: worst([...stressed, leaving]) };
}

/** The worst rows in the order in which they came. */
function worst(rows: readonly ScenarioRow[]): readonly ScenarioRow[] {
  if (rows.length <= STRESSED_BARS) return rows;
  const means = rows.map(({ returns }) => meanOf(returns));
  const best = means.reduce((found, mean, k) => (mean > means[found] ? k : found), 0);
  return rows.filter((_, k) => k !== best);
}

/** Mean of the returns that there are; a bar without any is no stress. */
function meanOf(returns: Float64Array): number {
  let sum = 0;
  let count = 0;
  for (const value of returns) {
    if (Number.isNaN(value)) continue;
    sum += value;
    count++;
  }
  return count === 0 ? Infinity : sum / count;
}

/** A row in plain numbers, made once: it stays the same for as long as it is a scenario. */
interface PlainRow {
  readonly returns: readonly (number | null)[];
  readonly probabilities: readonly number[];
}

const plainRows = new WeakMap<ScenarioRow, PlainRow>();

function plainRow(row: ScenarioRow): PlainRow {
  const known = plainRows.get(row);
  if (known !== undefined) return known;
  const made = {
    returns: Array.from(row.returns, (value) => (Number.isNaN(value) ? null : value)),
    probabilities: Array.from(row.probabilities),
  };
  plainRows.set(row, made);
  return made;
}

/** The bars kept as scenarios: stressed ones first, so that time rises through the rows. */
export function scenariosOf({ assets, recent, stressed }: ScenarioState): Scenarios {
  const rows = [...stressed, ...recent].map(plainRow);
  return {
    assets,
    returns: rows.map(({ returns }) => returns),
    probabilities: rows.map(({ probabilities }) => probabilities),
    stressed: stressed.length,
  };
}

/**
 * Probability of each scenario under a forecast: sum over regimes of the forecast times the scenario's share of all that was seen of
 * the regime; each regime's shares are pulled to equal ones by 63 bars. Sums to 1.
 */
export function scenarioWeights(
  { probabilities }: Pick<Scenarios, 'probabilities'>,
  forecast: RegimeProbabilities,
): Float64Array {
  const count = probabilities.length;
  invariant(count > 0, 'scenario weights need scenarios');
  const weights = new Float64Array(count);
  REGIME_NAMES.forEach((name, k) => {
    const seen = probabilities.reduce((sum, row) => sum + row[k], 0);
    probabilities.forEach((row, s) => {
      weights[s] += (forecast[name] * (row[k] + PRIOR_BARS / count)) / (seen + PRIOR_BARS);
    });
  });
  return weights;
}
