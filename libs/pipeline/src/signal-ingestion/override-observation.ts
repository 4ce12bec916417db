import { InputError, type Instant, type IsoDate } from '@allostat/kernel';
import type { Observation } from '../observation/events';
import type { Decision } from '../stage';
import type { ObservationOverridden, OverrideAction, QuarantineRule } from './events';
import { CLOSES_KEPT, type InstrumentState, type SignalState } from './signal-state';
import { updateMacro } from './update-context';

/** A person's order on a value that was set aside. */
export interface OverrideObservation {
  readonly type: 'OverrideObservation';
  readonly universeId: string;
  readonly findingId: string;
  readonly action: OverrideAction;
  /** The value from now on, numbered as the next revision of what is stored. */
  readonly observation: Observation;
  readonly rule: QuarantineRule;
  readonly replaced?: number;
  readonly actor: string;
  readonly reason: string;
}

const REASON_MIN = 5;
/** Names that no person has. */
const NOT_A_PERSON = /^(service|group):/;
/** Findings about a whole row or a delivery: there is no single value to put in its place. */
const NOT_ABOUT_A_VALUE: ReadonlySet<QuarantineRule> = new Set(['repeated-row', 'unknown-series']);

/**
 * Puts a released or corrected value in the place of what the signals have carried since. Snapshots that were cut before stay as
 * they are: the value is used from the next bar on, and its return counts in none of the moments. A value older than the history
 * that is kept is stored, and changes no signal.
 *
 * Throws `InputError` without a reason, for an order of a program, and for a value that no signal could read.
 */
export function overrideObservation(
  state: SignalState,
  order: OverrideObservation,
  now: Instant,
): Decision<SignalState, ObservationOverridden> {
  const { universeId, findingId, action, observation, rule, replaced, actor, reason } = order;
  check(state, order, now);
  const next = withValue(state, observation);
  const used = next !== undefined;
  return {
    state: used
      ? { ...next, overrides: [...(state.overrides ?? []), { by: actor, bar: barOf(state, observation) }] }
      : state,
    events: [
      {
        type: 'ObservationOverridden',
        universeId,
        findingId,
        action,
        observation,
        rule,
        ...(replaced !== undefined && { replaced }),
        by: actor,
        reason,
        at: now,
        used,
      },
    ],
  };
}

/** People whose overrides are among the values that the signals read; undefined when there are none. */
export function dataOverriders({ overrides = [] }: SignalState): string[] | undefined {
  return overrides.length === 0 ? undefined : [...new Set(overrides.map(({ by }) => by))].sort();
}

/** The overrides whose values are still in the history after `bar` bars. */
export function keptOverrides(state: SignalState, bar: number): Pick<SignalState, 'overrides'> {
  const kept = state.overrides?.filter((override) => override.bar >= bar - CLOSES_KEPT);
  return kept === undefined || kept.length === 0 ? {} : { overrides: kept };
}

function check(state: SignalState, order: OverrideObservation, now: Instant): void {
  const { observation, reason, actor, rule, action } = order;
  const refuse = (message: string, field: string, hint?: string): never => {
    throw new InputError(message, { field }, hint);
  };
  if (reason.trim().length < REASON_MIN) refuse(`a reason of at least ${REASON_MIN} letters is needed`, 'reason');
  if (NOT_A_PERSON.test(actor)) refuse(`${actor} is not a person`, 'actor', 'sign in as yourself');
  if (NOT_ABOUT_A_VALUE.has(rule))
    refuse(`a finding of ${rule} is not about one value`, 'findingId', 'ask the feed to deliver the row again');
  const { seriesId, value, eventTime } = observation;
  if (value === undefined || !Number.isFinite(value))
    refuse(`${seriesId} of ${eventTime} has no value to ${action}`, 'value', 'correct it with a value');
  if (!/^\d{4}-\d{2}-\d{2}$/.test(eventTime) || eventTime > now.slice(0, 10))
    refuse(`${seriesId} is dated "${eventTime}", which is no day that has been`, 'eventTime');
  const instrument = positionOf(state, seriesId) >= 0;
  if (!instrument && state.universe?.context?.some((series) => series.seriesId === seriesId) !== true)
    refuse(`${seriesId} is no series of the universe`, 'seriesId');
  if (instrument && !(Number(value) > 0)) refuse(`${seriesId} is ${value}; a level must be > 0`, 'value');
}

const positionOf = (state: SignalState, seriesId: string): number =>
  state.universe?.instruments.findIndex(({ id }) => id === seriesId) ?? -1;

/** Number of the bar that a value is about, as far as it is known; macro values count as of now. */
function barOf(state: SignalState, { eventTime }: Observation): number {
  const at = state.recentBars.indexOf(eventTime);
  return at < 0 ? state.bar : state.bar - state.recentBars.length + at;
}

/** The state that reads the value; undefined when nothing in it would. */
function withValue(state: SignalState, observation: Observation): SignalState | undefined {
  const at = positionOf(state, observation.seriesId);
  if (at < 0) {
    const { context } = updateMacro(state.context, [observation]);
    const read = context.some(
      (series) =>
        series.seriesId === observation.seriesId &&
        series.months.some((month) => month.eventTime === observation.eventTime && month.value === observation.value),
    );
    return read ? { ...state, context } : undefined;
  }
  if (state.lastBar === undefined || observation.eventTime > state.lastBar)
    return { ...state, waiting: [...state.waiting, observation] };
  const counted = state.recentBars.at(-1);
  if (counted === undefined || observation.eventTime > counted) {
    // its bar was refused: the level waits, and the next bar is measured from it
    return withInstrument(state, at, { ...unjudged(state.instruments[at]), jump: { observation, sigmas: 0 } });
  }
  return withClose(state, at, observation.eventTime, Number(observation.value));
}

/** Replaces the close of one bar, and of the bars after it that only carried it. */
function withClose(state: SignalState, at: number, eventTime: IsoDate, value: number): SignalState | undefined {
  const { recentBars, bar } = state;
  const from = recentBars.indexOf(eventTime);
  if (from < 0) return undefined;
  const own = state.instruments[at];
  const newest = own.closeDate === undefined || own.closeDate <= eventTime;
  const closes = Float64Array.from(state.closes);
  const placeOf = (i: number): number => at * CLOSES_KEPT + ((bar - recentBars.length + i) % CLOSES_KEPT);
  const before = closes[placeOf(from)];
  for (let i = from; i < (newest ? recentBars.length : from + 1); i++) closes[placeOf(i)] = value;
  const peak = own.peak === before ? highest(closes, at) : Math.max(own.peak, value);
  const instrument: InstrumentState = newest
    ? {
        ...unjudged(own),
        close: value,
        closeDate: eventTime,
        staleBars: recentBars.length - 1 - from,
        unchangedBars: 0,
        peak,
      }
    : { ...own, peak };
  return withInstrument({ ...state, closes }, at, instrument);
}

const withInstrument = (state: SignalState, at: number, instrument: InstrumentState): SignalState => ({
  ...state,
  instruments: state.instruments.map((kept, i) => (i === at ? instrument : kept)),
});

/** The highest close that is kept of an instrument. */
function highest(closes: Float64Array, at: number): number {
  let peak = 0;
  for (const close of closes.subarray(at * CLOSES_KEPT, (at + 1) * CLOSES_KEPT)) if (close > peak) peak = close;
  return peak;
}

/** A person has spoken: no earlier value waits for the next bar's word. */
function unjudged({ jump: _jump, watched: _watched, ...rest }: InstrumentState): InstrumentState {
  return rest;
}
