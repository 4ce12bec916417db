import { join } from 'node:path';
import type { EntityManager } from 'typeorm';
import { canonicalJson } from '@allostat/kernel';
import type { AllocationProposed, ProposalSources } from '@allostat/pipeline';
import { codeVersion, type ArtefactStore } from '@allostat/platform';

/** Version of the code that decides, and what it runs on; both are kept with every proposal. */
export const CODE_VERSION = codeVersion(
  join(__dirname, '..', '..', 'package.json'),
  ['@allostat/kernel', '@allostat/quant', '@allostat/pipeline'].map((name) => require.resolve(name)),
);
export const RUNTIME_VERSION = `node ${process.versions.node}, v8 ${process.versions.v8}, ${process.arch}`;

/** A proposal as it was made, with all it was made from. */
export interface KeptProposal {
  readonly proposed: AllocationProposed;
  readonly sources: ProposalSources;
  readonly codeVersion: string;
  readonly runtimeVersion: string;
}

/** Keeps what a proposal was made from, in the transaction that makes it. */
export async function keepProposal(
  manager: EntityManager,
  artefacts: ArtefactStore,
  proposed: AllocationProposed,
  sources: ProposalSources,
): Promise<void> {
  const put = (value: unknown): Promise<string> =>
    artefacts.put(manager, Buffer.from(canonicalJson(value), 'utf8'), 'application/json');
  await manager.query(
    `insert into proposal_source (proposal_id, mandate_id, as_of, budget, risk_model, universe, mandate, proposal,
       code_version, runtime_version) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) on conflict do nothing`,
    [
      proposed.proposalId,
      proposed.mandateId,
      proposed.asOf,
      await put(sources.budget),
      sources.budget.riskModel,
      await put(sources.universe),
      await put(sources.mandate),
      await put(proposed),
      CODE_VERSION,
      RUNTIME_VERSION,
    ],
  );
}

/** Reads a proposal back; undefined for one that no optimizer made. Throws when an artefact is not what was stored. */
export async function findProposal(
  manager: EntityManager,
  artefacts: ArtefactStore,
  proposalId: string,
): Promise<KeptProposal | undefined> {
  const [row]: Record<string, string>[] = await manager.query('select * from proposal_source where proposal_id = $1', [
    proposalId,
  ]);
  if (!row) return undefined;
  const read = async <T>(hash: string): Promise<T> =>
    JSON.parse((await artefacts.get(manager, hash)).toString('utf8')) as T;
  return {
    proposed: await read(row.proposal),
    sources: {
      budget: await read(row.budget),
      riskModel: await read(row.risk_model),
      universe: await read(row.universe),
      mandate: await read(row.mandate),
    },
    codeVersion: row.code_version,
    runtimeVersion: row.runtime_version,
  };
}

/** Ids of `count` proposals drawn at random; the same seed draws the same ones from the same proposals. */
export async function sampleProposals(manager: EntityManager, count: number, seed: string): Promise<string[]> {
  const rows: { proposal_id: string }[] = await manager.query(
    `select proposal_id from proposal_source order by md5(proposal_id || $2), proposal_id limit $1`,
    [count, seed],
  );
  return rows.map(({ proposal_id }) => proposal_id);
}
