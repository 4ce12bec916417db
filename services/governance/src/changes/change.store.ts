import type { EntityManager } from 'typeorm';
import { DEFAULT_POLICY_SET, type Change, type ChangeKind, type PolicySet } from '@allostat/pipeline';
import { AggregateStore } from '@allostat/platform';

/** The open change of a subject, or the last one, by kind and id. */
export const CHANGES = new AggregateStore<{ readonly change?: Change }>({ name: 'change' });

export interface ApprovedVersion {
  readonly version: number;
  readonly body: unknown;
  readonly contentHash: string;
  readonly changeId: string;
  readonly approvedAt: string;
}

/** Approved versions of a subject, oldest first; with `asOf` only the one that held at that instant. */
export async function readVersions(
  manager: EntityManager,
  kind: ChangeKind,
  id: string,
  asOf?: string,
): Promise<ApprovedVersion[]> {
  const rows = await manager.query<
    { version: number; body: unknown; content_hash: string; change_id: string; approved_at: Date }[]
  >(
    `select version, body, content_hash, change_id, approved_at from approved_version
     where kind = $1 and id = $2 and approved_at <= $3::timestamptz order by version`,
    [kind, id, asOf ?? 'infinity'],
  );
  const versions = rows.map((row) => ({
    version: row.version,
    body: row.body,
    contentHash: row.content_hash,
    changeId: row.change_id,
    approvedAt: row.approved_at.toISOString(),
  }));
  return asOf === undefined ? versions : versions.slice(-1);
}

/** The version of a subject that holds now; undefined before the first. */
export async function latestVersion(
  manager: EntityManager,
  kind: ChangeKind,
  id: string,
): Promise<ApprovedVersion | undefined> {
  return (await readVersions(manager, kind, id)).at(-1);
}

/** Everything of a kind as it holds now, by id. */
export async function currentBodies<T>(manager: EntityManager, kind: ChangeKind): Promise<T[]> {
  const rows = await manager.query<{ body: T }[]>(
    'select distinct on (id) body from approved_version where kind = $1 order by id, version desc',
    [kind],
  );
  return rows.map(({ body }) => body);
}

/** The policy set that holds now. */
export async function currentPolicySet(manager: EntityManager): Promise<PolicySet> {
  const latest = await latestVersion(manager, 'policies', DEFAULT_POLICY_SET.id);
  return latest ? (latest.body as PolicySet) : DEFAULT_POLICY_SET;
}

export async function insertVersion(manager: EntityManager, change: Change, at: string): Promise<void> {
  const { changeId, content, contentHash } = change;
  await manager.query(
    `insert into approved_version (kind, id, version, body, content_hash, change_id, approved_at)
     values ($1, $2, $3, $4, $5, $6, $7)`,
    [content.kind, content.body.id, content.body.version, JSON.stringify(content.body), contentHash, changeId, at],
  );
}
