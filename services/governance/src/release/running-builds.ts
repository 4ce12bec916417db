import { randomUUID } from 'node:crypto';
import type { EntityManager } from 'typeorm';

/** What this process was built from: `ALLOSTAT_BUILD`, a digest in a real deployment. */
export const BUILD = process.env.ALLOSTAT_BUILD ?? 'unversioned';
const INSTANCE = randomUUID();

/** Says that this process runs its build. */
export async function announceBuild(manager: EntityManager): Promise<void> {
  await manager.query(
    `insert into running_build (instance, build) values ($1, $2)
     on conflict (instance) do update set build = excluded.build, seen_at = clock_timestamp()`,
    [INSTANCE, BUILD],
  );
}

/** Builds of the processes that were seen in the last two minutes, this one among them. */
export async function runningBuilds(manager: EntityManager): Promise<string[]> {
  const rows = await manager.query<{ build: string }[]>(
    `select distinct build from running_build where instance <> $1 and seen_at > clock_timestamp() - interval '2 minutes'`,
    [INSTANCE],
  );
  return [...new Set([BUILD, ...rows.map(({ build }) => build)])].sort();
}
