import { AllostatError } from '@allostat/kernel';
import type { Universe } from '../universe/universe';
import { initialMarketRisk } from './market-risk';
import { CLOSES_KEPT, type InstrumentState, type SignalState } from './signal-state';

const FRESH: InstrumentState = { staleBars: 0, unchangedBars: 0, variance: 0, returns: 0, peak: 0 };

/** Takes over a universe or its next version; instruments that stay keep their history, new ones start empty. */
export function adoptUniverse(state: SignalState, universe: Universe): SignalState {
  if (state.universe !== undefined && state.universe.id !== universe.id) {
    throw new AllostatError(
      'INGESTION.OTHER_UNIVERSE',
      `state of universe ${state.universe.id} was given universe ${universe.id}`,
      'keep one state per universe',
    );
  }
  const before = (state.universe?.instruments ?? []).map((instrument) => instrument.id);
  const from = universe.instruments.map((instrument) => before.indexOf(instrument.id));
  const n = from.length;
  const closes = new Float64Array(n * CLOSES_KEPT).fill(NaN);
  from.forEach((old, i) => {
    if (old >= 0) closes.set(state.closes.subarray(old * CLOSES_KEPT, (old + 1) * CLOSES_KEPT), i * CLOSES_KEPT);
  });
  const { risk, ...rest } = state;
  const { basis: _basis, basisAssets: _assets, ...kept } = risk ?? initialMarketRisk(); // before the first bar
  return {
    ...rest,
    ...(risk !== undefined && { risk: kept }),
    universe,
    instruments: from.map((old) => (old >= 0 ? state.instruments[old] : FRESH)),
    closes,
    fastMoments: reorder(state.fastMoments, before.length, from),
    slowMoments: reorder(state.slowMoments, before.length, from),
  };
}

function reorder(matrix: Float64Array, size: number, from: readonly number[]): Float64Array {
  const n = from.length;
  const next = new Float64Array(n * n);
  for (let i = 0; i < n; i++)
    for (let j = 0; j < n; j++) if (from[i] >= 0 && from[j] >= 0) next[i * n + j] = matrix[from[i] * size + from[j]];
  return next;
}
