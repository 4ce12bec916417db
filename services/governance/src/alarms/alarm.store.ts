import type { EntityManager } from 'typeorm';
import type { AlarmHistory, GovernanceAlarmMoved } from '@allostat/pipeline';

/** Anything that runs SQL: a unit's manager, or the data source between units. */
interface Sql {
  query(text: string, parameters?: unknown[]): Promise<unknown>;
}

interface Row {
  readonly sequence: string;
  readonly body: Omit<GovernanceAlarmMoved, 'sequence'>;
}

const PAGE = 200;

/** Steps follow each other: nobody else reads or adds one until the caller has committed. */
export async function lockAlarms(manager: EntityManager): Promise<void> {
  await manager.query(`select pg_advisory_xact_lock(hashtextextended('allostat governance alarms', 0))`);
}

/** Appends a step to the stream, which the caller has locked; sequences are contiguous in commit order. */
export async function appendAlarm(
  manager: EntityManager,
  step: Omit<GovernanceAlarmMoved, 'sequence'>,
): Promise<GovernanceAlarmMoved> {
  const [{ sequence }] = await manager.query<{ sequence: string }[]>(
    `insert into alarm_event (sequence, alarm_id, step, mandate_id, at, body)
     select coalesce(max(sequence), 0) + 1, $1, $2, $3, $4, $5 from alarm_event returning sequence`,
    [step.alarmId, step.step, step.mandateId ?? null, step.at, JSON.stringify(step)],
  );
  return { ...step, sequence: Number(sequence) };
}

/** Everything that was told of an alarm, oldest first. */
export async function alarmHistory(manager: EntityManager, alarmId: string): Promise<AlarmHistory> {
  const rows = await manager.query<Row[]>(
    'select sequence, body from alarm_event where alarm_id = $1 order by sequence',
    [alarmId],
  );
  return rows.map(stepOf);
}

/** Last step of every alarm, newest first; with `open` only of those that nobody has acknowledged. */
export async function listAlarms(manager: EntityManager, { open = false } = {}): Promise<GovernanceAlarmMoved[]> {
  const rows = await manager.query<Row[]>(
    `select sequence, body from (select distinct on (alarm_id) * from alarm_event order by alarm_id, sequence desc) last
     where not $1 or step <> 'acknowledged' order by sequence desc limit 1000`,
    [open],
  );
  return rows.map(stepOf);
}

/** Steps after a number, in order; at most a page. */
export async function alarmsAfter(sql: Sql, sequence: number): Promise<GovernanceAlarmMoved[]> {
  const rows = (await sql.query(
    `select sequence, body from alarm_event where sequence > $1 order by sequence limit ${PAGE}`,
    [sequence],
  )) as Row[];
  return rows.map(stepOf);
}

function stepOf({ sequence, body }: Row): GovernanceAlarmMoved {
  return { ...body, sequence: Number(sequence) };
}
