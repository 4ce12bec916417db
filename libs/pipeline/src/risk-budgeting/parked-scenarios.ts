import type { RegimeAssessed } from '../regime-detection/events';
import { REGIME_NAMES } from '../regime-detection/events';
import { initialScenarios, updateScenarios, type ScenarioState } from './scenario-window';

/** Bars that wait before they are put to the scenarios: a month. */
const WAITING_BARS = 21;

/** Bars since the scenarios were last brought up to date, row by row as in `ScenarioState`; a few kilobytes. */
export interface WaitingBars {
  readonly assets: readonly string[];
  readonly rows: Float64Array;
}

/**
 * Scenarios of a universe of which no mandate asks for risk by regime: nobody reads them, so a bar only joins those that wait, and once a
 * month they are all put in. A mandate that asks later finds the scenarios that it would have had.
 */
export interface ParkedScenarios {
  /** As of the bar before the first that waits; absent when none has been put in yet. */
  readonly scenarios?: ScenarioState;
}

type Bar = Pick<RegimeAssessed, 'instruments' | 'probabilities'>;

/** Adds a bar to those that wait. */
export function addWaiting(waiting: WaitingBars | undefined, { instruments, probabilities }: Bar): WaitingBars {
  const assets = waiting?.assets ?? instruments.map(({ id }) => id);
  const before = waiting?.rows ?? new Float64Array(0);
  const own = [
    ...instruments.map((instrument) => instrument.return ?? NaN),
    ...REGIME_NAMES.map((name) => probabilities[name]),
  ];
  const rows = new Float64Array(before.length + own.length);
  rows.set(before);
  rows.set(own, before.length);
  return { assets, rows };
}

/** True when a month of bars waits. */
export function isFull({ assets, rows }: WaitingBars): boolean {
  return rows.length >= WAITING_BARS * (assets.length + REGIME_NAMES.length);
}

/** The scenarios with all bars that wait: what they would be had they been updated bar by bar. */
export function withWaiting(
  { scenarios }: ParkedScenarios,
  waiting: WaitingBars | undefined,
): ScenarioState | undefined {
  if (waiting === undefined) return scenarios;
  const { assets, rows } = waiting;
  const n = assets.length;
  const width = n + REGIME_NAMES.length;
  let state = scenarios ?? initialScenarios(assets);
  for (let from = 0; from < rows.length; from += width) {
    const returns = Array.from(rows.subarray(from, from + n), (value) => (Number.isNaN(value) ? undefined : value));
    const [expansion, tightening, crisis, recovery] = rows.subarray(from + n, from + width);
    state = updateScenarios(state, returns, { expansion, tightening, crisis, recovery });
  }
  return state;
}
