import { InputError, invariant, type IsoDate } from '@allostat/kernel';
import type { SignalSnapshotPublished } from '@allostat/pipeline';
import {
  addForecast,
  applyHysteresis,
  changePointDetector,
  decayOfHalfLife,
  hiddenMarkovDetector,
  initialProbabilityScore,
  jumpDetector,
  markovSwitchingDetector,
  reliabilityTable,
  startHysteresis,
  TWO_STATE_HYSTERESIS,
  type DetectorState,
  type HysteresisState,
  type ProbabilityScore,
  type RegimeDetector,
} from '@allostat/quant';
import type { RegimeAlertRow, RegimePath } from './regime-path';

/** What challengers tell apart: they know how wild the equity market is, and no names. */
const STATES = ['calm', 'wild'] as const;
const EQUITY = 'return.equity.1d';
const RETURNS_MIN = 500;
const HORIZONS = [1, 21, 63] as const;
const JUMP_HALF_LIVES = [5, 10, 20];
const DRIVER_HALF_LIFE = 20;

/** One bar of the equity proxy as a challenger sees it; nothing when the bar has no return. */
interface Bar {
  readonly asOf: IsoDate;
  readonly seen?: { readonly change: number; readonly observation: readonly number[] };
}

/** A challenger with what it reads of a path of returns; row t of the result uses returns up to t. */
interface Challenger {
  readonly detector: RegimeDetector<unknown>;
  readonly observe: (returns: readonly number[]) => (readonly number[])[];
}

const challenger = <M, S extends DetectorState>(
  detector: RegimeDetector<M, S>,
  observe: Challenger['observe'],
): Challenger => ({ detector: detector as unknown as RegimeDetector<unknown>, observe });

const plain = (returns: readonly number[]): number[][] => returns.map((change) => [change]);

export const CHALLENGERS: Readonly<Record<string, () => Challenger>> = {
  'gaussian-hmm': () => challenger(hiddenMarkovDetector({ states: 2, degreesOfFreedom: Infinity }), plain),
  'student-t-hmm-2': () => challenger(hiddenMarkovDetector({ states: 2 }), plain),
  jump: () =>
    challenger(jumpDetector({ states: 2, jumpPenalty: 20 }), (returns) => logVolatilities(returns, JUMP_HALF_LIVES)),
  'markov-switching': () => challenger(markovSwitchingDetector({ states: 2 }), plain),
  'markov-switching-tvtp': () =>
    challenger(markovSwitchingDetector({ states: 2 }), (returns) => {
      const drivers = logVolatilities(returns, [DRIVER_HALF_LIFE]);
      return returns.map((change, t) => [change, ...drivers[t]]);
    }),
  'change-point': () => challenger(changePointDetector(), plain),
};

/** Log of the EW volatility for each half-life, a row a return. */
function logVolatilities(returns: readonly number[], halfLives: readonly number[]): number[][] {
  const variances = halfLives.map(() => 0);
  return returns.map((change, t) =>
    halfLives.map((halfLife, i) => {
      const gain = Math.max(1 - decayOfHalfLife(halfLife), 1 / (t + 1));
      variances[i] += gain * (change * change - variances[i]);
      return Math.log(Math.max(variances[i], Number.MIN_VALUE)) / 2;
    }),
  );
}

/**
 * The path of a challenger on the equity proxy: fitted on the bars up to `trainUntil`, then filtered forward through its one interface.
 * States are calm and wild, with the hysteresis for two; a bar without a return leaves the belief as it is.
 */
export function challengerPath(
  name: string,
  snapshots: readonly SignalSnapshotPublished[],
  { trainUntil }: { readonly trainUntil: IsoDate },
): RegimePath {
  const { detector, observe } = CHALLENGERS[name]();
  const bars = barsOf(snapshots, observe);
  const history = bars.flatMap(({ asOf, seen }) => (asOf <= trainUntil && seen ? [seen.observation] : []));
  if (history.length < RETURNS_MIN)
    throw new InputError(
      `the training window has ${history.length} returns of the equity proxy, ${name} needs ${RETURNS_MIN}`,
      { field: 'train-until' },
      'give a longer price file, or a later --train-until',
      'REGIME.SHORT_HISTORY',
    );
  const model = detector.fit(history);
  let state = detector.start(model);
  let held: HysteresisState | undefined;
  const scores = HORIZONS.map((horizonBars) => new HorizonScore(horizonBars));
  const rows: { asOf: IsoDate; probabilities: readonly number[]; current: number }[] = [];
  const alerts: RegimeAlertRow[] = [];
  for (const { asOf, seen } of bars) {
    const before = state.probabilities;
    if (seen !== undefined) state = detector.update(model, state, seen.observation);
    const { probabilities } = state;
    const last: number | undefined = held?.current;
    held =
      held === undefined ? startHysteresis(probabilities) : applyHysteresis(held, probabilities, TWO_STATE_HYSTERESIS);
    if (asOf <= trainUntil) continue;
    const { current } = held;
    if (last !== undefined && last !== current && seen !== undefined) {
      const contribution = logOdds(probabilities, current) - logOdds(before, current);
      const causes = [{ feature: EQUITY, value: seen.change, contribution }];
      alerts.push({ at: asOf, from: STATES[last], to: STATES[current], probability: probabilities[current], causes });
    }
    for (const score of scores) score.add(detector.forecast(model, state, score.horizonBars), current);
    rows.push({ asOf, probabilities, current });
  }
  return {
    model: name,
    states: STATES,
    dates: rows.map(({ asOf }) => asOf),
    probabilities: rows.map(({ probabilities }) => probabilities),
    regime: rows.map(({ current }) => STATES[current]),
    alerts,
    logScore: null,
    forecasts: scores.flatMap((score) => score.report()),
    training: { from: bars[0].asOf, to: trainUntil },
  };
}

function barsOf(snapshots: readonly SignalSnapshotPublished[], observe: Challenger['observe']): Bar[] {
  const read = snapshots.map(({ asOf, signals }) => ({
    asOf,
    change: signals.find((signal) => signal.name === EQUITY)?.value,
  }));
  const observations = observe(read.flatMap(({ change }) => (change === undefined ? [] : [change]))).values();
  return read.map(({ asOf, change }) => {
    if (change === undefined) return { asOf };
    const next = observations.next();
    invariant(next.done !== true, 'a challenger reads one row a return');
    return { asOf, seen: { change, observation: next.value } };
  });
}

/** Beyond this a probability is certainty, and its odds are no number. */
const CERTAIN = 1 - 1e-12;

function logOdds(probabilities: readonly number[], state: number): number {
  const p = Math.min(Math.max(probabilities[state], 1 - CERTAIN), CERTAIN);
  return Math.log(p / (1 - p));
}

/** Scores what was forecast for a bar against the state that was held when it came. */
class HorizonScore {
  private score: ProbabilityScore = initialProbabilityScore();
  private stays = 0;
  private readonly pending: { readonly said: readonly number[]; readonly held: number }[] = [];

  constructor(readonly horizonBars: number) {}

  add(said: readonly number[], held: number): void {
    if (this.pending.length === this.horizonBars) {
      const due = this.pending.shift();
      invariant(due, 'a forecast is due');
      this.score = addForecast(this.score, due.said, held);
      this.stays += due.held === held ? 0 : 2;
    }
    this.pending.push({ said, held });
  }

  report(): RegimePath['forecasts'] {
    const { forecasts, logSum, brierSum } = this.score;
    if (forecasts === 0) return [];
    return [
      {
        horizonBars: this.horizonBars,
        forecasts,
        logScore: logSum / forecasts,
        brier: brierSum / forecasts,
        persistenceBrier: this.stays / forecasts,
        reliability: reliabilityTable(this.score),
      },
    ];
  }
}
