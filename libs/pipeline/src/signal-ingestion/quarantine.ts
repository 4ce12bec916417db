import type { Observation } from '../observation/events';
import type { ObservationQuarantined, QuarantineRule } from './events';
import { CLOSES_KEPT, type SignalState } from './signal-state';

const WARNINGS: ReadonlySet<QuarantineRule> = new Set([
  'stale',
  'gap',
  'duplicate',
  'repeated-row',
  'unknown-series',
  'unordered',
  'no-volume',
  'revised',
  'off-calendar',
  'reused-symbol',
  'survivorship',
  'averaged',
  'wrong-class',
]);
const NEIGHBOURS = 3;

/** What a rule found wrong with an observation. */
export interface Finding {
  readonly observation: Observation;
  readonly rule: QuarantineRule;
  readonly observed: number;
  readonly limit: number;
  readonly reason: string;
}

/** The event that sets an observation aside, with the last accepted values of its series. */
export function quarantined(
  state: SignalState,
  feed: string,
  universeId: string,
  finding: Finding,
): ObservationQuarantined {
  return {
    type: 'ObservationQuarantined',
    universeId,
    feed,
    observation: finding.observation,
    rule: finding.rule,
    severity: WARNINGS.has(finding.rule) ? 'warning' : 'error',
    observed: finding.observed,
    limit: finding.limit,
    reason: finding.reason,
    neighbours: neighbours(state, finding.observation.seriesId),
    // what a feed did wrong goes to its operator, what a value says to those who know values
    owner: WARNINGS.has(finding.rule) ? 'feed-operator' : 'data-team',
  };
}

function neighbours(state: SignalState, seriesId: string): ObservationQuarantined['neighbours'] {
  const context = state.context.find((series) => series.seriesId === seriesId);
  if (context !== undefined)
    return context.months.slice(-NEIGHBOURS).map(({ eventTime, value }) => ({ eventTime, value }));
  const at = state.universe?.instruments.findIndex((instrument) => instrument.id === seriesId) ?? -1;
  if (at < 0) return [];
  const found: { eventTime: string; value: number }[] = [];
  for (let back = Math.min(NEIGHBOURS, state.recentBars.length); back > 0; back--) {
    const value = state.closes[at * CLOSES_KEPT + ((state.bar - back) % CLOSES_KEPT)];
    if (!Number.isNaN(value)) found.push({ eventTime: state.recentBars[state.recentBars.length - back], value });
  }
  return found;
}
