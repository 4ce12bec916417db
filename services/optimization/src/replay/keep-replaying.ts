import { replayProposal, type DomainEvent } from '@allostat/pipeline';
import { ArtefactStore, LOGGER, type Logger, type RunningStage, type UnitRunner } from '@allostat/platform';
import { findProposal, sampleProposals } from './proposal-source.store';

export interface ReplaySample {
  readonly replayed: number;
  readonly identical: number;
  readonly different: readonly string[];
}

/** Makes random past proposals again and counts those that come out bit for bit. */
export async function replaySample(
  units: UnitRunner<DomainEvent>,
  { count, seed }: { readonly count: number; readonly seed: string },
): Promise<ReplaySample> {
  const artefacts = new ArtefactStore();
  const ids = await units.run((unit) => sampleProposals(unit.manager, count, seed));
  const different: string[] = [];
  for (const id of ids) {
    const kept = await units.run((unit) => findProposal(unit.manager, artefacts, id));
    if (!kept || !replayProposal(kept.proposed, kept.sources).identical) different.push(id);
  }
  return { replayed: ids.length, identical: ids.length - different.length, different };
}

const DAY_MS = 24 * 60 * 60 * 1000;

/**
 * Once a day makes `count` random past proposals again and publishes the rate as a metric; a proposal that comes out different
 * is logged as an error with its id. Returns how to stop.
 */
export function keepReplaying(
  stage: RunningStage<DomainEvent>,
  { count, now }: { readonly count: number; readonly now: () => string },
): () => void {
  const logger = stage.get<Logger>(LOGGER);
  const rate = stage.metrics.gauge(
    'allostat_replay_identical_ratio',
    'Share of past proposals that came out bit for bit when they were made again',
  );
  const sampled = stage.metrics.gauge('allostat_replay_proposals', 'Proposals made again the last time');
  const run = async (): Promise<void> => {
    const { replayed, identical, different } = await replaySample(stage.units, { count, seed: now().slice(0, 10) });
    sampled.set(replayed);
    if (replayed > 0) rate.set(identical / replayed);
    for (const id of different) logger.error({ proposalId: id }, 'a past proposal comes out different when made again');
  };
  const timer = setInterval(() => {
    run().catch((error: unknown) =>
      logger.warn({ error }, 'past proposals could not be made again; it is tried tomorrow'),
    );
  }, DAY_MS);
  return () => clearInterval(timer);
}
