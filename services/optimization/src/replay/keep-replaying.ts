import { replayProposal, type DomainEvent } from '@allostat/pipeline';
import { ArtefactStore, LOGGER, type Logger, type RunningStage, type UnitRunner } from '@allostat/platform';
import { CODE_VERSION, findProposal, sampleProposals } from './proposal-source.store';

export interface ReplaySample {
  readonly replayed: number;
  readonly identical: number;
  /** Those that decide the same and are explained otherwise, by a later version of the code. */
  readonly sameDecision: number;
  readonly different: readonly string[];
}

/** Makes random past proposals again and counts those that come out bit for bit, and those that decide the same. */
export async function replaySample(
  units: UnitRunner<DomainEvent>,
  { count, seed }: { readonly count: number; readonly seed: string },
): Promise<ReplaySample> {
  const artefacts = new ArtefactStore();
  const ids = await units.run((unit) => sampleProposals(unit.manager, count, seed));
  const different: string[] = [];
  let [identical, sameDecision] = [0, 0];
  for (const id of ids) {
    const kept = await units.run((unit) => findProposal(unit.manager, artefacts, id));
    const replay = kept && replayProposal(kept.proposed, kept.sources);
    if (replay?.identical) identical++;
    else if (replay?.sameDecision && kept?.codeVersion !== CODE_VERSION) sameDecision++;
    else different.push(id);
  }
  return { replayed: ids.length, identical, sameDecision, different };
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
  const decided = stage.metrics.gauge(
    'allostat_replay_same_decision_ratio',
    'Share that decided the same; what a later version of the code explains otherwise counts as the same',
  );
  const sampled = stage.metrics.gauge('allostat_replay_proposals', 'Proposals made again the last time');
  const run = async (): Promise<void> => {
    const { replayed, identical, sameDecision, different } = await replaySample(stage.units, {
      count,
      seed: now().slice(0, 10),
    });
    sampled.set(replayed);
    if (replayed > 0) rate.set(identical / replayed);
    if (replayed > 0) decided.set((identical + sameDecision) / replayed);
    for (const id of different) logger.error({ proposalId: id }, 'a past proposal comes out different when made again');
  };
  const timer = setInterval(() => {
    run().catch((error: unknown) =>
      logger.warn({ error }, 'past proposals could not be made again; it is tried tomorrow'),
    );
  }, DAY_MS);
  return () => clearInterval(timer);
}
