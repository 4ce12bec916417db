import type { IsoDate } from '@allostat/kernel';
import type { Observation } from '../observation/events';
import { quarantinedRow, type QuarantinedRow } from '../observation/quarantined-row';
import { adoptUniverse } from './adopt-universe';
import { readBar } from './read-bar';
import { initialSignalState, type SignalState } from './signal-state';

/**
 * Runs the price rules of the live line (jump, bad tick, unit, gap, stale) over the prices of a file, bar by bar.
 *
 * Each series is judged against its own past and the move of the others on the same day; nothing later is used, except
 * that a bad tick is known one bar after it. `jumpFloor` is the least absolute log move that can be a jump: .045 for funds
 * (default), .35 for single stocks. Returns findings with the row each value came from, where one is known.
 */
export function inspectPrices(
  observations: readonly Observation[],
  options: { readonly jumpFloor?: number } = {},
): QuarantinedRow[] {
  const prices = observations.filter((o) => o.kind === 'price' || o.kind === 'total-return-index');
  const ids = [...new Set(prices.map((price) => price.seriesId))];
  const instruments = ids.map((id) => ({ id, assetClass: 'equity' as const }));
  const byDate = new Map<IsoDate, Observation[]>();
  for (const price of prices) {
    const bar = byDate.get(price.eventTime);
    if (bar === undefined) byDate.set(price.eventTime, [price]);
    else bar.push(price);
  }
  const rows: QuarantinedRow[] = [];
  let state: SignalState = adoptUniverse(initialSignalState(), {
    id: 'file',
    version: 1,
    currency: 'XXX',
    instruments,
  });
  for (const date of [...byDate.keys()].sort()) {
    const delivered = byDate.get(date) ?? [];
    const bar = readBar(state, delivered, date, `${date}T21:00:00.000Z`, options.jumpFloor);
    state = { ...state, bar: state.bar + 1, lastBar: date, instruments: bar.instruments };
    for (const { observation, rule, reason } of bar.findings) {
      // a missing value has no row of its own: it is told with the first value of its day
      rows.push(quarantinedRow(observation, rule, reason, observation.origin ?? delivered[0].origin));
    }
  }
  return rows;
}
