import { AllostatError, InputError } from '@allostat/kernel';
import { CODE_VERSION, findProposal, optimizationStage, replaySample, RUNTIME_VERSION } from '@allostat/optimization';
import { replayProposal, type DomainEvent } from '@allostat/pipeline';
import { ArtefactStore, type RunningStage } from '@allostat/platform';
import { EXIT_REFUSED, printResult } from '../cli/output';
import { Home } from '../home';
import { readOnly } from '../line/line-stages';
import { withStage } from '../line/with-stage';
import type { ReplayOptions } from './replay';

const OTHERWISE = 'decides the same to the last bit, and this version of the code explains it otherwise';

/** Makes one past proposal, or a random sample of them, again. */
export async function runReplay(proposalId: string | undefined, options: ReplayOptions): Promise<void> {
  if ((proposalId === undefined) === (options.sample === undefined)) {
    throw new InputError('give either a proposal or --sample', { field: 'proposal' }, 'see `allostat review list`');
  }
  const stage = readOnly(optimizationStage({ threads: 0 }));
  const identical = await withStage(stage, { home: new Home() }, (running) =>
    proposalId === undefined ? replayMany(running, options) : replayOne(running, proposalId, options),
  );
  if (!identical) process.exitCode = EXIT_REFUSED;
}

async function replayOne(
  { units }: RunningStage<DomainEvent>,
  proposalId: string,
  options: ReplayOptions,
): Promise<boolean> {
  const kept = await units.run((unit) => findProposal(unit.manager, new ArtefactStore(), proposalId));
  if (!kept) {
    throw new AllostatError(
      'REPLAY.UNKNOWN_PROPOSAL',
      `the optimizer made no proposal with the id ${proposalId}`,
      'weights that a person typed have nothing to be made from again; see `allostat review show`',
    );
  }
  const { identical, sameDecision, difference } = replayProposal(kept.proposed, kept.sources);
  const versions = [
    { field: 'codeVersion', was: kept.codeVersion, now: CODE_VERSION },
    { field: 'runtimeVersion', was: kept.runtimeVersion, now: RUNTIME_VERSION },
  ];
  const lines = identical
    ? [`${proposalId} comes out the same, bit for bit`]
    : [`${proposalId} ${sameDecision ? OTHERWISE : 'comes out different'}:`, ...[...difference, ...versions].map(line)];
  printResult({ proposalId, identical, sameDecision, difference, versions }, lines, options);
  return identical;
}

async function replayMany({ units }: RunningStage<DomainEvent>, options: ReplayOptions): Promise<boolean> {
  const { replayed, identical, sameDecision, different } = await replaySample(units, {
    count: options.sample as number,
    seed: options.seed,
  });
  const explained = sameDecision > 0 ? [`${sameDecision} of another version of the code: each ${OTHERWISE}`] : [];
  const lines = [
    `${identical} of ${replayed} past proposals come out the same, bit for bit`,
    ...explained,
    ...different,
  ];
  const all = identical === replayed;
  printResult({ identical: all, replayed, same: identical, sameDecision, different }, lines, options);
  return all;
}

function line({ field, was, now }: { readonly field: string; readonly was: unknown; readonly now: unknown }): string {
  return `  ${field}: was ${JSON.stringify(was)}, now ${JSON.stringify(now)}`;
}
