import { invariant, halfLifeDecay } from '@allostat/kernel';

/** A signal as the fusion knows it: its name and the family whose share is capped. */
export interface FusedSignal {
  readonly name: string;
  readonly family: string;
}

export interface FusionOptions {
  /** Bars over which a signal is meant to foretell the outcome. */
  readonly horizonBars: number;
  /** Standardised values are cut off here. */
  readonly winsor: number;
  /** Bars of history before a signal is standardised, and before its information coefficient counts. */
  readonly warmUpBars: number;
  /** Independent outcomes that stand against the information coefficient: IC · n / (n + shrinkage). */
  readonly shrinkage: number;
  /** Half-life of the information coefficient, in bars. */
  readonly halfLifeBars: number;
  /** Largest share of the total weight that one family may have. */
  readonly familyCap: number;
}

export const DEFAULT_FUSION: FusionOptions = {
  horizonBars: 21,
  winsor: 3,
  warmUpBars: 252,
  shrinkage: 40,
  halfLifeBars: 1260,
  familyCap: 0.4,
};

/** Running moments of one signal, and of its products with later outcomes; plain data. */
interface SignalTrack {
  readonly count: number;
  readonly mean: number;
  readonly squares: number;
  /** Standardised values of the last bars, newest last; null where the signal was missing. */
  readonly recent: readonly (number | null)[];
  readonly pairs: number;
  readonly cross: number;
  readonly own: number;
}

export interface FusionState {
  readonly tracks: readonly SignalTrack[];
  /** Outcomes of the last bars, newest last; null where the target had none. */
  readonly outcomes: readonly (number | null)[];
  /** EW mean square of the outcome over the horizon. */
  readonly outcomeSquare: number;
  readonly outcomeCount: number;
}

/** The fused score of one bar and what each signal gave to it; the contributions sum to the score. */
export interface Fusion {
  /** Absent until some signal has proved itself. */
  readonly score?: number;
  readonly contributions: readonly {
    readonly name: string;
    readonly standardised: number;
    readonly weight: number;
    readonly contribution: number;
  }[];
}

export function initialFusion(signals: readonly FusedSignal[]): FusionState {
  const track: SignalTrack = { count: 0, mean: 0, squares: 0, recent: [], pairs: 0, cross: 0, own: 0 };
  return { tracks: signals.map(() => track), outcomes: [], outcomeSquare: 0, outcomeCount: 0 };
}

/**
 * Fuses the signals of one bar: each is standardised on its own past (the bar itself excluded), winsorised, and weighted by
 * its information coefficient with the outcome so far, shrunk towards zero by the number of independent outcomes, with
 * every family capped. A missing signal has no part.
 *
 * `values` has one entry a signal, `outcome` is what the target returned on this bar (it settles earlier bars only). Uses
 * only what is given up to this bar. The score is in standard deviations; the weights' absolute values sum to at most 1, because
 * what a capped family gives up goes to nobody: noise must not inherit it.
 */
export function fuseSignals(
  state: FusionState,
  signals: readonly FusedSignal[],
  values: readonly (number | undefined)[],
  outcome: number | undefined,
  options: FusionOptions = DEFAULT_FUSION,
): { readonly state: FusionState; readonly fusion: Fusion } {
  invariant(values.length === signals.length && state.tracks.length === signals.length, 'one value a signal is needed');
  const settled = settle(state, outcome, options);
  const standardised = values.map((value, i) => standardise(settled.tracks[i], value, options));
  const weights = capFamilies(
    signals,
    settled.tracks.map((track, i) =>
      standardised[i] === undefined ? 0 : coefficient(track, settled.outcomeSquare, options),
    ),
    options.familyCap,
  );
  const contributions = signals.flatMap(({ name }, i) => {
    const z = standardised[i];
    return z === undefined || weights[i] === 0
      ? []
      : [{ name, standardised: z, weight: weights[i], contribution: weights[i] * z }];
  });
  const tracks = settled.tracks.map((track, i) => remember(track, values[i], standardised[i], options));
  const score = contributions.reduce((sum, { contribution }) => sum + contribution, 0);
  return {
    state: { ...settled, tracks },
    fusion: { contributions, ...(contributions.length === 0 ? {} : { score }) },
  };
}

/** Pairs the values of `horizonBars` ago with the return since; a bar without an outcome adds nothing to that return. */
function settle(state: FusionState, outcome: number | undefined, options: FusionOptions): FusionState {
  const { horizonBars, halfLifeBars } = options;
  const outcomes = [...state.outcomes, outcome === undefined ? null : outcome].slice(-horizonBars);
  if (outcomes.length < horizonBars || outcome === undefined) return { ...state, outcomes };
  const sum = outcomes.reduce<number>((a, b) => (b === null ? a : a + b), 0);
  const decay = halfLifeDecay(halfLifeBars);
  const blend = (old: number, value: number, count: number) =>
    old + Math.max(1 - decay, 1 / (count + 1)) * (value - old);
  const tracks = state.tracks.map((track) => {
    const z = track.recent.length < horizonBars ? null : track.recent[track.recent.length - horizonBars];
    if (z === null) return track;
    return {
      ...track,
      pairs: track.pairs + 1,
      cross: blend(track.cross, z * sum, track.pairs),
      own: blend(track.own, z * z, track.pairs),
    };
  });
  return {
    tracks,
    outcomes,
    outcomeSquare: blend(state.outcomeSquare, sum * sum, state.outcomeCount),
    outcomeCount: state.outcomeCount + 1,
  };
}

function standardise(track: SignalTrack, value: number | undefined, options: FusionOptions): number | undefined {
  if (value === undefined || track.count < options.warmUpBars || !(track.squares > 0)) return undefined;
  const z = (value - track.mean) / Math.sqrt(track.squares / track.count);
  return Math.max(-options.winsor, Math.min(options.winsor, z));
}

/** Shrunk information coefficient; overlapping outcomes count as pairs / horizon independent ones. */
function coefficient(track: SignalTrack, outcomeSquare: number, options: FusionOptions): number {
  if (track.pairs < options.warmUpBars || !(track.own > 0) || !(outcomeSquare > 0)) return 0;
  const independent = track.pairs / options.horizonBars;
  const ic = track.cross / Math.sqrt(track.own * outcomeSquare);
  return (ic * independent) / (independent + options.shrinkage);
}

function remember(
  track: SignalTrack,
  value: number | undefined,
  z: number | undefined,
  options: FusionOptions,
): SignalTrack {
  const recent = [...track.recent, z === undefined ? null : z].slice(-options.horizonBars);
  if (value === undefined) return { ...track, recent };
  const count = track.count + 1;
  const change = value - track.mean;
  const mean = track.mean + change / count;
  return { ...track, count, mean, squares: track.squares + change * (value - mean), recent };
}

/** Scales weights to an absolute sum of 1 and cuts families to the cap; what they give up goes to nobody. */
function capFamilies(signals: readonly FusedSignal[], raw: readonly number[], cap: number): number[] {
  const total = raw.reduce((sum, w) => sum + Math.abs(w), 0);
  if (total === 0) return raw.map(() => 0);
  return raw.map((w, i) => {
    const family = raw.reduce(
      (sum, other, j) => sum + (signals[j].family === signals[i].family ? Math.abs(other) : 0),
      0,
    );
    return (w / total) * Math.min(1, (cap * total) / Math.max(family, Number.MIN_VALUE));
  });
}
