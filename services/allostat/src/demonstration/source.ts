import { join } from 'node:path';
import type { IsoDate } from '@allostat/kernel';
import {
  simulatedFeed,
  simulatedUniverse,
  type Mandate,
  type ObservationsRecorded,
  type RegimeName,
  type Universe,
} from '@allostat/pipeline';
import { simulateMarket } from '@allostat/quant';
import { readMandate } from '../files/read-mandate';
import { examplesFolder } from '../files/examples-folder';

/** What a line runs on: a universe, its mandates, and the deliveries of its feed from the first to the last. */
export interface Source {
  readonly universe: Universe;
  readonly mandates: readonly Mandate[];
  readonly deliveries: readonly ObservationsRecorded[];
  /** The true regime of each day, which only a simulated market has. */
  readonly truth?: { readonly dates: readonly IsoDate[]; readonly regimes: readonly RegimeName[] };
}

/** The demonstration: a simulated market of twenty years with one mandate on it. */
export function demonstrationSource(seed: number, years: number): Source {
  const market = simulateMarket({ seed, years });
  const universe = simulatedUniverse(market);
  return {
    universe,
    mandates: [readMandate(join(examplesFolder(), 'mandates/demo-balanced.yaml'), universe)],
    deliveries: simulatedFeed(market),
    truth: { dates: market.dates, regimes: market.regimes },
  };
}
