import type { IsoDate } from '@allostat/kernel';
import type { Observation } from '../observation/events';
import { checkMissing, checkPrice, checkUnchanged, PRICE_LIMITS, type PriceVerdict } from './check-price';
import type { Finding } from './quarantine';
import type { InstrumentState, SignalState } from './signal-state';

/** Of the EWMA of squared returns. */
export const VOLATILITY_DECAY = 0.94;
const REPEATED_SHARE = 0.9;

/** What one closed bar says about every instrument. */
export interface ReadBar {
  /** The whole bar repeats the one before: the market was closed, and no bar is counted. */
  readonly repeated: boolean;
  readonly instruments: readonly InstrumentState[];
  /** Simple returns since the last close, carried ones included; absent where this bar has no usable value. */
  readonly returns: readonly (number | undefined)[];
  /** The same, only where the last close is one bar old: what moments may be estimated from. */
  readonly oneBarReturns: readonly (number | undefined)[];
  readonly findings: readonly Finding[];
}

type Priced = Observation & { readonly value: number };

/** Picks, checks and applies the prices of the bar that closes on `bar`. */
export function readBar(
  state: SignalState,
  prices: readonly Observation[],
  bar: IsoDate,
  knownTime: string,
  jumpFloor: number = PRICE_LIMITS.jumpFloor,
): ReadBar {
  const listed = state.universe?.instruments ?? [];
  const findings: Finding[] = [];
  const values = pickPrices(prices, bar, findings);
  const repeated = repeatedRow(
    state,
    listed.map((instrument) => values.get(instrument.id)),
  );
  if (repeated !== undefined)
    return {
      repeated: true,
      instruments: state.instruments,
      returns: [],
      oneBarReturns: [],
      findings: [...findings, repeated],
    };
  const medians = peerMedians(listed.map(({ id }, i) => sigmas(values.get(id), state.instruments[i])));
  const returns: (number | undefined)[] = [];
  const instruments = listed.map(({ id, assetClass }, i) => {
    const before = state.instruments[i];
    const observation = values.get(id);
    if (observation === undefined || observation.value === undefined) {
      returns.push(undefined);
      if (before.close === undefined) return before;
      const next = carried(before);
      findings.push(...checkMissing(id, next.staleBars, bar, knownTime, deliveredBadly(id, prices, bar)));
      return next;
    }
    const verdict = checkPrice(observation as Priced, before, { marketSigmas: medians[i], jumpFloor });
    findings.push(...verdict.findings);
    if (verdict.accepted === undefined) {
      returns.push(undefined);
      if (before.close === undefined) return before;
      const next = carried(before, verdict.jump);
      findings.push(...checkMissing(id, next.staleBars, bar, knownTime, true));
      return next;
    }
    const base = verdict.returnBase ?? before.close;
    const change = base === undefined ? undefined : verdict.accepted / base - 1;
    returns.push(change);
    const next = accepted(before, verdict, verdict.accepted, bar, change);
    findings.push(...checkUnchanged(next, assetClass, observation));
    return next;
  });
  const oneBarReturns = returns.map((change, i) => (state.instruments[i].staleBars === 0 ? change : undefined));
  return { repeated: false, instruments, returns, oneBarReturns, findings };
}

/** One price an instrument: the one about this bar; what is delivered twice or about a closed bar is set aside. */
function pickPrices(prices: readonly Observation[], bar: IsoDate, findings: Finding[]): Map<string, Observation> {
  const picked = new Map<string, Observation>();
  for (const price of prices) {
    const first = picked.get(price.seriesId);
    const late = price.eventTime !== bar;
    if (late || (first !== undefined && price.revision <= first.revision)) {
      const reason = late
        ? `${price.seriesId} of ${price.eventTime} arrived with the bar of ${bar}, after its own bar was closed`
        : `${price.seriesId} of ${bar} was delivered twice${price.value === first?.value ? '' : ' with different values; the first is kept'}`;
      findings.push({ observation: price, rule: 'duplicate', observed: late ? 1 : 2, limit: late ? 0 : 1, reason });
    } else picked.set(price.seriesId, price);
  }
  return picked;
}

function repeatedRow(state: SignalState, row: readonly (Observation | undefined)[]): Finding | undefined {
  let compared = 0;
  let same = 0;
  let witness: Observation | undefined;
  row.forEach((observation, i) => {
    const close = state.instruments[i].close;
    if (observation?.value === undefined || close === undefined || state.instruments[i].staleBars > 0) return;
    compared++;
    if (observation.value !== close) return;
    same++;
    witness ??= observation;
  });
  if (compared < 2 || witness === undefined || same / compared < (compared < 5 ? 1 : REPEATED_SHARE)) return undefined;
  return {
    observation: witness,
    rule: 'repeated-row',
    observed: same / compared,
    limit: REPEATED_SHARE,
    reason: `${same} of ${compared} instruments repeat their last close on ${witness.eventTime}: the market was closed`,
  };
}

function sigmas(observation: Observation | undefined, instrument: InstrumentState): number | undefined {
  if (observation?.value === undefined || !(observation.value > 0) || instrument.close === undefined) return undefined;
  if (!(instrument.variance > 0)) return undefined;
  return Math.abs(Math.log(observation.value / instrument.close)) / Math.sqrt(instrument.variance);
}

/** For each instrument the median standardised move of the others; 0 when fewer than three have one. */
function peerMedians(moves: readonly (number | undefined)[]): number[] {
  const sorted = moves.flatMap((move, i) => (move === undefined ? [] : [{ move, i }])).sort((a, b) => a.move - b.move);
  const rank = new Map(sorted.map(({ i }, at) => [i, at]));
  return moves.map((_, i) => {
    const own = rank.get(i);
    const others = sorted.length - (own === undefined ? 0 : 1);
    if (others < 3) return 0;
    const middle = Math.floor((others - 1) / 2);
    return sorted[own !== undefined && own <= middle ? middle + 1 : middle].move;
  });
}

function deliveredBadly(id: string, prices: readonly Observation[], bar: IsoDate): boolean {
  return prices.some((price) => price.seriesId === id && price.eventTime === bar && price.value !== undefined);
}

/** An instrument after a bar that has no usable value of it. */
export function carried(before: InstrumentState, jump?: InstrumentState['jump']): InstrumentState {
  const rest = Object.fromEntries(
    Object.entries(before).filter(([key]) => key !== 'jump' && key !== 'watched'),
  ) as Omit<InstrumentState, 'jump'>;
  return { ...rest, staleBars: before.staleBars + 1, ...(jump === undefined ? {} : { jump }) };
}

function accepted(
  before: InstrumentState,
  verdict: PriceVerdict,
  value: number,
  bar: IsoDate,
  change: number | undefined,
): InstrumentState {
  const gain = Math.max(1 - VOLATILITY_DECAY, 1 / (before.returns + 1));
  // a return over several bars counts as that many bars' variance
  const square = change === undefined ? undefined : (change * change) / (1 + before.staleBars);
  return {
    close: value,
    closeDate: bar,
    staleBars: 0,
    unchangedBars: value === before.close ? before.unchangedBars + 1 : 0,
    variance: square === undefined ? before.variance : before.variance + gain * (square - before.variance),
    returns: before.returns + (change === undefined ? 0 : 1),
    peak: Math.max(before.peak, value),
    ...(verdict.watched === undefined ? {} : { watched: verdict.watched }),
  };
}
