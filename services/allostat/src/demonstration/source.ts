import { join } from 'node:path';
import { InputError, type IsoDate } from '@allostat/kernel';
import {
  currencySeries,
  feedFromObservations,
  simulatedFeed,
  simulatedUniverse,
  type DomainEvent,
  type Mandate,
  type ObservationsRecorded,
  type RegimeName,
  type Universe,
} from '@allostat/pipeline';
import type { UnitRunner } from '@allostat/platform';
import { simulateMarket } from '@allostat/quant';
import { readObservations } from '@allostat/signal-ingestion';
import { examplesFolder } from '../files/examples-folder';
import { readMandate } from '../files/read-mandate';
import { readUniverse } from '../files/read-universe';

/** What a line runs on: a universe, its mandates, and the deliveries of its feed from the first to the last. */
export interface Source {
  readonly universe: Universe;
  readonly mandates: readonly Mandate[];
  readonly deliveries: readonly ObservationsRecorded[];
  /** The true regime of each day, which only a simulated market has. */
  readonly truth?: { readonly dates: readonly IsoDate[]; readonly regimes: readonly RegimeName[] };
}

/** The demonstration: a simulated market with its own mandate on it, or with others of its universe. */
export function demonstrationSource(seed: number, years: number, mandateFiles: readonly string[] = []): Source {
  const market = simulateMarket({ seed, years });
  const universe = simulatedUniverse(market);
  return {
    universe,
    mandates: (mandateFiles.length > 0 ? mandateFiles : [join(examplesFolder(), 'mandates/demo-balanced.yaml')]).map(
      (file) => readMandate(file, universe),
    ),
    deliveries: simulatedFeed(market),
    truth: { dates: market.dates, regimes: market.regimes },
  };
}

/** Observations that were read in before, as the universe and mandate files ask for them. */
export async function ownSource(
  universeFile: string,
  mandateFiles: readonly string[],
  ingestion: UnitRunner<DomainEvent>,
  now: string,
): Promise<Source> {
  const universe = readUniverse(universeFile);
  const mandates = mandateFiles.map((file) => readMandate(file, universe));
  const series = [
    ...universe.instruments.map(({ id }) => id),
    ...(universe.context ?? []).map(({ seriesId }) => seriesId),
    ...currencySeries(universe),
  ];
  const observations = await ingestion.run((unit) => readObservations(unit.manager, series, now));
  const deliveries = feedFromObservations(observations, universe);
  if (deliveries.length === 0) {
    throw new InputError(
      `no price of universe ${universe.id} has been read in`,
      { file: universeFile },
      'read files first: allostat ingest FILE --profile PROFILE',
    );
  }
  return { universe, mandates, deliveries };
}
