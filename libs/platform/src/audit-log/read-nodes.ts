import type { EntityManager } from 'typeorm';
import { invariant, foldSubtrees, perfectSubtrees, type LeafRange, type NodeId } from '@allostat/kernel';

/** Hashes of perfect subtrees, in the order asked for; one query. Throws when the tree lacks one. */
export async function readNodes(manager: EntityManager, ids: readonly NodeId[]): Promise<Uint8Array[]> {
  if (ids.length === 0) return [];
  const rows: { hash: Buffer | null }[] = await manager.query(
    `select case when i.level = 0 then r.leaf_hash else n.hash end as hash
     from unnest($1::int[], $2::bigint[]) with ordinality as i (level, index, position)
     left join audit_record r on i.level = 0 and r.sequence = i.index + 1
     left join audit_node n on n.level = i.level and n.index = i.index
     order by i.position`,
    [ids.map(({ level }) => level), ids.map(({ index }) => index)],
  );
  return rows.map(({ hash }, k) => {
    invariant(hash, () => `the audit tree has no node ${ids[k].index} on level ${ids[k].level}`);
    return hash;
  });
}

/** Hashes of ranges of leaves, in the order asked for; one query. */
export async function readRanges(manager: EntityManager, ranges: readonly LeafRange[]): Promise<Uint8Array[]> {
  const parts = ranges.map(perfectSubtrees);
  const hashes = await readNodes(manager, parts.flat());
  let at = 0;
  return parts.map(({ length }) => foldSubtrees(hashes.slice(at, (at += length))));
}
