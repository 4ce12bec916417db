import type { RegimeAlertHandled, RegimeAlertMoved, RegimeOutput } from '@allostat/pipeline';

/** Anything that runs SQL: a unit's manager, or the data source between units. */
export interface Sql {
  query(text: string, parameters?: unknown[]): Promise<unknown>;
}

export type AlertEvent = RegimeAlertMoved | RegimeAlertHandled;

/** How far the alerts of a universe go, and the last bar that was assessed. */
export interface Pulse {
  readonly universeId: string;
  readonly asOf: string;
  readonly sequence: number;
}

const PAGE = 200;

/** Keeps what a decision told, in the decision's own transaction: sequences are contiguous in commit order. */
export async function recordAlerts(sql: Sql, events: readonly RegimeOutput[], at: string): Promise<void> {
  for (const event of events) {
    if (event.type === 'RegimeAssessed') {
      await sql.query(
        `insert into regime_pulse (universe_id, as_of, sequence) values ($1, $2, 0)
         on conflict (universe_id) do update set as_of = excluded.as_of`,
        [event.universeId, event.asOf],
      );
    } else if (event.type === 'RegimeAlertMoved' || event.type === 'RegimeAlertHandled') {
      await sql.query('insert into regime_alert (universe_id, sequence, told_at, body) values ($1, $2, $3, $4)', [
        event.universeId,
        event.sequence,
        at,
        JSON.stringify(event),
      ]);
      await sql.query('update regime_pulse set sequence = $2 where universe_id = $1', [
        event.universeId,
        event.sequence,
      ]);
    }
  }
}

/** The alerts of a universe after a sequence number, in order; at most a page. */
export async function alertsAfter(sql: Sql, universeId: string, sequence: number): Promise<AlertEvent[]> {
  const rows = (await sql.query(
    `select body from regime_alert where universe_id = $1 and sequence > $2 order by sequence limit ${PAGE}`,
    [universeId, sequence],
  )) as { body: AlertEvent }[];
  return rows.map(({ body }) => body);
}

/** The pulse of one universe, or of all of them. */
export async function readPulses(sql: Sql, universeId?: string): Promise<Pulse[]> {
  const rows = (await sql.query(
    `select universe_id, as_of::text, sequence::int from regime_pulse where $1::text is null or universe_id = $1
     order by universe_id`,
    [universeId ?? null],
  )) as { universe_id: string; as_of: string; sequence: number }[];
  return rows.map((row) => ({ universeId: row.universe_id, asOf: row.as_of, sequence: row.sequence }));
}
