import type { EntityManager } from 'typeorm';

/** What an alias pointed at, from when until when, and by which change. */
export interface AliasPeriod {
  readonly alias: string;
  readonly version: string;
  readonly from: string;
  /** Absent while the alias still points there. */
  readonly to?: string;
  readonly recordedAt: string;
  readonly actor: string;
  readonly reason: string;
  readonly approvalId: string | null;
}

export interface StateEntry {
  readonly version: string;
  readonly state: string;
  readonly at: string;
  readonly actor: string;
  readonly reason: string;
  readonly approvalId: string | null;
}

export interface ModelHistory {
  readonly model: string;
  readonly asOf?: string;
  readonly aliases: readonly AliasPeriod[];
  readonly states: readonly StateEntry[];
}

interface AliasRow {
  readonly alias: string;
  readonly version: string;
  readonly from_time: Date;
  readonly recorded_at: Date;
  readonly actor: string;
  readonly reason: string;
  readonly approval_id: string | null;
}

interface StateRow {
  readonly version: string;
  readonly state: string;
  readonly at: Date;
  readonly actor: string;
  readonly reason: string;
  readonly approval_id: string | null;
}

/**
 * What happened to a model's aliases and versions; with `asOf`, what held at that instant: the version that each alias
 * pointed at and the state of each version. `knownAt` answers from what had been recorded by then.
 */
export async function readHistory(
  manager: EntityManager,
  model: string,
  { asOf, knownAt }: { readonly asOf?: string; readonly knownAt?: string } = {},
): Promise<ModelHistory> {
  const known = knownAt ?? 'infinity';
  const aliases = await manager.query<AliasRow[]>(
    'select * from model_alias where model = $1 and recorded_at <= $2::timestamptz order by from_time, id',
    [model, known],
  );
  const states = await manager.query<StateRow[]>(
    'select * from model_state where model = $1 and recorded_at <= $2::timestamptz order by at, id',
    [model, known],
  );
  const periods = periodsOf(aliases);
  const entries = states.map((row) => ({
    version: row.version,
    state: row.state,
    at: row.at.toISOString(),
    actor: row.actor,
    reason: row.reason,
    approvalId: row.approval_id,
  }));
  if (asOf === undefined) return { model, aliases: periods, states: entries };
  const instant = new Date(asOf).toISOString();
  return {
    model,
    asOf: instant,
    aliases: periods.filter(({ from, to }) => from <= instant && (to === undefined || instant < to)),
    states: latestOfEach(entries.filter(({ at }) => at <= instant)),
  };
}

function periodsOf(rows: readonly AliasRow[]): AliasPeriod[] {
  return rows.map((row, i) => {
    const next = rows.slice(i + 1).find(({ alias }) => alias === row.alias);
    return {
      alias: row.alias,
      version: row.version,
      from: row.from_time.toISOString(),
      ...(next && { to: next.from_time.toISOString() }),
      recordedAt: row.recorded_at.toISOString(),
      actor: row.actor,
      reason: row.reason,
      approvalId: row.approval_id,
    };
  });
}

function latestOfEach(entries: readonly StateEntry[]): StateEntry[] {
  return [...new Map(entries.map((entry) => [entry.version, entry])).values()];
}
