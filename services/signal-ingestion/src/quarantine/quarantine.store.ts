import { deterministicId } from '@allostat/kernel';
import type { DomainEvent, ObservationOverridden, ObservationQuarantined } from '@allostat/pipeline';
import type { Envelope } from '@allostat/platform';

/** Anything that runs SQL: a unit's manager, or the data source between units. */
export interface Sql {
  query(text: string, parameters?: unknown[]): Promise<unknown>;
}

/** A value that was set aside, and what people have said about it since, oldest first. */
export interface QuarantineCase {
  readonly id: string;
  /** Cases are numbered as they are found. */
  readonly number: number;
  readonly foundAt: string;
  readonly finding: Omit<ObservationQuarantined, 'type'>;
  readonly overrides: readonly Omit<ObservationOverridden, 'type' | 'universeId' | 'findingId'>[];
}

export interface CaseFilter {
  readonly universeId?: string;
  readonly seriesId?: string;
  readonly severity?: 'warning' | 'error';
  /** Only cases about which nobody has said anything. */
  readonly open?: boolean;
  /** Cases after this number. */
  readonly after?: number;
}

const PAGE = 200;

const CASES = `select f.id, f.number::int as number, f.found_at as "foundAt", f.body as finding,
    coalesce((select json_agg(o.body order by o.revision) from observation_override o where o.finding_id = f.id), '[]') as overrides
  from quarantine_finding f`;

/** Keeps the findings among the events of one decision; the same decision again adds nothing. */
export async function recordFindings(
  sql: Sql,
  events: readonly DomainEvent[],
  { id: cause, time }: Pick<Envelope, 'id' | 'time'>,
): Promise<void> {
  for (const [index, event] of events.entries()) {
    if (event.type !== 'ObservationQuarantined') continue;
    const { type: _type, ...body } = event;
    await sql.query(
      `insert into quarantine_finding (id, universe_id, series_id, event_time, rule, severity, found_at, body)
       values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict do nothing`,
      [
        deterministicId('finding', cause, String(index)),
        body.universeId,
        body.observation.seriesId,
        body.observation.eventTime,
        body.rule,
        body.severity,
        time,
        JSON.stringify(body),
      ],
    );
  }
}

export async function recordOverride(sql: Sql, event: ObservationOverridden): Promise<void> {
  const { type: _type, universeId: _universe, findingId, ...body } = event;
  await sql.query(
    'insert into observation_override (finding_id, revision, decided_by, decided_at, body) values ($1, $2, $3, $4, $5)',
    [findingId, body.observation.revision, body.by, body.at, JSON.stringify(body)],
  );
}

/** One page of cases, in the order in which they were found. */
export async function listCases(sql: Sql, filter: CaseFilter): Promise<QuarantineCase[]> {
  const rows = await sql.query(
    `${CASES} where ($1::text is null or f.universe_id = $1) and ($2::text is null or f.series_id = $2)
       and ($3::text is null or f.severity = $3) and f.number > $4
       and ($5::boolean is not true or not exists (select from observation_override o where o.finding_id = f.id))
     order by f.number limit ${PAGE}`,
    [
      filter.universeId ?? null,
      filter.seriesId ?? null,
      filter.severity ?? null,
      filter.after ?? 0, // from the first
      filter.open === true,
    ],
  );
  return (rows as CaseRow[]).map(caseOf);
}

export async function findCase(sql: Sql, id: string): Promise<QuarantineCase | undefined> {
  const [row] = (await sql.query(`${CASES} where f.id = $1`, [id])) as CaseRow[];
  return row === undefined ? undefined : caseOf(row);
}

type CaseRow = Omit<QuarantineCase, 'foundAt'> & { readonly foundAt: Date };

const caseOf = (row: CaseRow): QuarantineCase => ({ ...row, foundAt: row.foundAt.toISOString() });
