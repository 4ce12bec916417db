import type { IsoDate } from '@allostat/kernel';
import type { Observation } from '../observation/events';
import type { AssetClass } from '../universe/universe';
import type { Finding } from './quarantine';
import type { InstrumentState } from './signal-state';

/** Limits of the price rules; chosen so that clean prices give fewer than one false finding in 10,000 values. */
export const PRICE_LIMITS = {
  /** A jump is at least this many standard deviations, and at least `jumpFloor` in absolute log return. */
  jumpSigmas: 9,
  jumpFloor: 0.045,
  /** The least jump of a single stock, which news can move by a third. */
  singleNameJumpFloor: 0.35,
  /** An accepted move is watched from this many standard deviations on; the next bar must take back this share of it. */
  watchSigmas: 6,
  watchFloor: 0.045,
  takenBack: 0.8,
  /** When the whole market moves, a move up to this multiple of its peers' median, in standard deviations, is no jump. */
  peerMultiple: 4,
  /** Returns needed before the jump rule applies. */
  jumpHistory: 20,
  /** How near to 10, 100 or 1000 times the last close a value must be to count as a change of unit, in log. */
  unitTolerance: 0.12,
  staleBars: 5,
  unchangedBars: 10,
} as const;

const UNIT_FACTORS = [100, 0.01, 1000, 0.001] as const;

/** The verdict on one instrument's price of one bar. */
export interface PriceVerdict {
  /** Value to use; absent when there is none. */
  readonly accepted?: number;
  /** Close that the bar's return is measured from, when it is not the last accepted one. */
  readonly returnBase?: number;
  /** An accepted move that is large enough to be judged again on the next bar. */
  readonly watched?: InstrumentState['watched'];
  /** Value that waits for the next bar's word. */
  readonly jump?: InstrumentState['jump'];
  readonly findings: readonly Finding[];
}

/** Judges the price of one instrument against its own past; `marketSigmas` is the median standardised move of its peers. */
export function checkPrice(
  observation: Observation & { readonly value: number },
  instrument: InstrumentState,
  options: { readonly marketSigmas: number; readonly jumpFloor: number },
): PriceVerdict {
  const { seriesId, value, eventTime } = observation;
  const set = (rule: Finding['rule'], observed: number, limit: number, reason: string): PriceVerdict => ({
    findings: [{ observation, rule, observed, limit, reason }],
  });
  if (value <= 0)
    return set('negative-price', value, 0, `${seriesId} is ${value} on ${eventTime}; a level must be > 0`);
  if (instrument.close === undefined) return { accepted: value, findings: [] };
  const move = Math.log(value / instrument.close);
  for (const factor of UNIT_FACTORS) {
    if (Math.abs(move - Math.log(factor)) < PRICE_LIMITS.unitTolerance)
      return set('unit', value / instrument.close, factor, `${seriesId} is about ${factor} times its last close`);
  }
  const limit = jumpLimit(instrument, options);
  const sigmas = Math.abs(move) / Math.max(Math.sqrt(instrument.variance), 1e-12);
  const waiting = instrument.jump?.observation.value;
  const fromWaiting = waiting === undefined ? Infinity : Math.abs(Math.log(value / waiting));
  // nearer to the waiting value than to the old close: the jump was real, and the bar's return is measured from it
  if (fromWaiting <= limit && fromWaiting < Math.abs(move))
    return { accepted: value, ...(waiting === undefined ? {} : { returnBase: waiting }), findings: [] };
  const reversal = instrument.jump === undefined ? [] : judgeWaiting(instrument.jump, move, limit);
  if (Math.abs(move) <= limit) {
    const watched = instrument.returns >= PRICE_LIMITS.jumpHistory ? watch(observation, move, sigmas, options) : {};
    return { accepted: value, ...watched, findings: [...reversal, ...judgeWatched(instrument.watched, move)] };
  }
  return {
    jump: { observation, sigmas },
    findings: [
      ...reversal,
      {
        observation,
        rule: 'jump',
        observed: Math.abs(move),
        limit,
        reason: `${seriesId} moved ${percent(move)} in a bar, ${sigmas.toFixed(1)} standard deviations, and its peers did not${splitLike(value / instrument.close)}`,
      },
    ],
  };
}

/** Shares that a split leaves of a price, and how it is called. */
const SPLITS = [2, 3, 4, 5, 7, 8, 10, 15, 20, 25, 50].flatMap((n) => [
  { ratio: 1 / n, name: `${n} for 1` },
  { ratio: n, name: `1 for ${n}` },
]);
const UNEVEN_SPLITS = [
  { ratio: 2 / 3, name: '3 for 2' },
  { ratio: 3 / 4, name: '4 for 3' },
  { ratio: 4 / 5, name: '5 for 4' },
];
const SPLIT_TOLERANCE = 0.02;

/** A large fall or rise is often a corporate action that the prices were not carried over: what to look for, and what to do then. */
function splitLike(ratio: number): string {
  const split = [...SPLITS, ...UNEVEN_SPLITS].find((known) => Math.abs(ratio / known.ratio - 1) < SPLIT_TOLERANCE);
  if (split !== undefined) return `; it looks like a split of ${split.name} that the price is not adjusted for`;
  return ratio < 0.75 ? '; it may be a spin-off or a dividend that the price is not adjusted for' : '';
}

/** Largest believable absolute log move of the next value; wider after missing bars; unlimited without history. */
function jumpLimit(
  instrument: InstrumentState,
  { marketSigmas, jumpFloor }: { readonly marketSigmas: number; readonly jumpFloor: number },
): number {
  if (instrument.returns < PRICE_LIMITS.jumpHistory) return Infinity;
  const bars = Math.sqrt(1 + instrument.staleBars);
  const sigmas = Math.max(PRICE_LIMITS.jumpSigmas, PRICE_LIMITS.peerMultiple * marketSigmas);
  return Math.max(jumpFloor, sigmas * Math.sqrt(instrument.variance)) * bars;
}

function watch(
  observation: Observation,
  move: number,
  sigmas: number,
  { marketSigmas }: { readonly marketSigmas: number },
): Pick<PriceVerdict, 'watched'> {
  const unusual = Math.max(PRICE_LIMITS.watchSigmas, PRICE_LIMITS.peerMultiple * marketSigmas);
  return Math.abs(move) > PRICE_LIMITS.watchFloor && sigmas > unusual ? { watched: { observation, move, sigmas } } : {};
}

/** An accepted move that this bar takes back was a bad tick: it has been published, so that people must know. */
function judgeWatched(watched: InstrumentState['watched'], move: number): Finding[] {
  if (watched === undefined) return [];
  const takenBack = -move / watched.move;
  if (takenBack < PRICE_LIMITS.takenBack || takenBack > 2 - PRICE_LIMITS.takenBack) return [];
  const { seriesId, eventTime } = watched.observation;
  return [
    {
      observation: watched.observation,
      rule: 'bad-tick',
      observed: watched.sigmas,
      limit: PRICE_LIMITS.watchSigmas,
      reason: `${seriesId} moved ${percent(watched.move)} on ${eventTime} and the next bar took it back; the value had been used`,
    },
  ];
}

const percent = (move: number): string => `${(100 * Math.expm1(move)).toFixed(2)} %`;

/** A waiting jump whose successor is back at the old level was a bad tick. */
function judgeWaiting(jump: NonNullable<InstrumentState['jump']>, move: number, limit: number): Finding[] {
  if (Math.abs(move) > limit || jump.observation.value === undefined) return [];
  const { seriesId, eventTime } = jump.observation;
  return [
    {
      observation: jump.observation,
      rule: 'bad-tick',
      observed: jump.sigmas,
      limit: PRICE_LIMITS.jumpSigmas,
      reason: `${seriesId} jumped on ${eventTime} and was back at its old level on the next bar`,
    },
  ];
}

/** Findings on a close that stands still although it is delivered, told once a run. Cash may stand still. */
export function checkUnchanged(
  instrument: InstrumentState,
  assetClass: AssetClass,
  observation: Observation,
): readonly Finding[] {
  if (assetClass === 'cash' || instrument.unchangedBars !== PRICE_LIMITS.unchangedBars) return [];
  return [
    {
      observation,
      rule: 'stale',
      observed: instrument.unchangedBars,
      limit: PRICE_LIMITS.unchangedBars - 1,
      reason: `${observation.seriesId} has not changed for ${instrument.unchangedBars} bars`,
    },
  ];
}

/** Findings on an instrument that has no usable value on a bar: a gap on the first such bar, stale on the fifth. */
export function checkMissing(
  seriesId: string,
  staleBars: number,
  bar: IsoDate,
  knownTime: string,
  delivered: boolean,
): readonly Finding[] {
  const observation: Observation = { seriesId, kind: 'price', eventTime: bar, knownTime, revision: 0 };
  if (staleBars === PRICE_LIMITS.staleBars)
    return [
      {
        observation,
        rule: 'stale',
        observed: staleBars,
        limit: PRICE_LIMITS.staleBars - 1,
        reason: `${seriesId} has had no usable value for ${staleBars} bars`,
      },
    ];
  if (staleBars !== 1 || delivered) return [];
  return [{ observation, rule: 'gap', observed: 1, limit: 0, reason: `${seriesId} has no value on ${bar}` }];
}
