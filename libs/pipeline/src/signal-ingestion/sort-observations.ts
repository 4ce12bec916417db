import type { Instant } from '@allostat/kernel';
import type { Observation } from '../observation/events';
import { currencySeries } from '../universe/universe';
import type { Finding } from './quarantine';
import type { SignalState } from './signal-state';

const ISO_DATE = /^\d{4}-\d{2}-\d{2}$/;
const PRICE_KINDS: ReadonlySet<Observation['kind']> = new Set(['price', 'total-return-index']);

/** The observations of one delivery, by what is done with them. */
export interface Sorted {
  readonly prices: Observation[];
  readonly volumes: Observation[];
  readonly macro: Observation[];
  readonly headlines: Observation[];
  /** Exchange rates and short rates. */
  readonly rates: Observation[];
  readonly findings: Finding[];
}

/** Sorts a delivery by kind and sets aside what cannot be used whatever its value: unknown, malformed, from the future. */
export function sortObservations(observations: readonly Observation[], state: SignalState, now: Instant): Sorted {
  const sorted: Sorted = { prices: [], volumes: [], macro: [], headlines: [], rates: [], findings: [] };
  const instruments = new Set(state.universe?.instruments.map((instrument) => instrument.id));
  const context = new Set(state.universe?.context?.map((series) => series.seriesId));
  const rates = new Set(state.universe === undefined ? [] : currencySeries(state.universe));
  const known = new Set([...context, ...rates]);
  for (const observation of observations) {
    const finding = unusable(observation, instruments, known, now);
    if (finding !== undefined) sorted.findings.push(finding);
    else if (instruments.has(observation.seriesId)) {
      if (PRICE_KINDS.has(observation.kind)) sorted.prices.push(observation);
      else if (observation.kind === 'volume') sorted.volumes.push(observation);
    } else if (observation.kind === 'headline') sorted.headlines.push(observation);
    else {
      if (rates.has(observation.seriesId)) sorted.rates.push(observation);
      if (context.has(observation.seriesId)) sorted.macro.push(observation);
    }
  }
  return sorted;
}

function unusable(
  observation: Observation,
  instruments: ReadonlySet<string>,
  context: ReadonlySet<string>,
  now: Instant,
): Finding | undefined {
  const { seriesId, eventTime, knownTime, value, kind } = observation;
  const found = (rule: Finding['rule'], observed: number, limit: number, reason: string): Finding => ({
    observation: Number.isFinite(value) || value === undefined ? observation : withoutValue(observation),
    rule,
    observed,
    limit,
    reason,
  });
  if (!instruments.has(seriesId) && !context.has(seriesId))
    return found('unknown-series', 1, 0, `${seriesId} is neither an instrument nor a context series of the universe`);
  if (!ISO_DATE.test(eventTime) || !Number.isFinite(Date.parse(eventTime)))
    return found('malformed', 1, 0, `the date of ${seriesId} is "${eventTime}", not YYYY-MM-DD`);
  if (value !== undefined && !Number.isFinite(value))
    return found('malformed', 1, 0, `the value of ${seriesId} on ${eventTime} is not a finite number`);
  if (kind === 'headline' && observation.text === undefined)
    return found('malformed', 1, 0, `the headline of ${eventTime} has no text`);
  if (kind === 'headline' && value !== undefined && Math.abs(value) > 1)
    return found('malformed', value, 1, `the tone of the headline of ${eventTime} is ${value}, not from -1 to 1`);
  const known = knownTime < now ? knownTime : now;
  if (eventTime > known.slice(0, 10)) {
    const days = (Date.parse(eventTime) - Date.parse(known.slice(0, 10))) / 86_400_000;
    return found('future-dated', days, 0, `${seriesId} is dated ${eventTime}, ${days} days after it was delivered`);
  }
  return undefined;
}

/** NaN and infinities cannot travel on the bus; the reason says what was there. */
function withoutValue(observation: Observation): Observation {
  const { seriesId, kind, eventTime, knownTime, revision, origin } = observation;
  return { seriesId, kind, eventTime, knownTime, revision, ...(origin === undefined ? {} : { origin }) };
}
