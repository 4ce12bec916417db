import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { InputError, sha256Hex } from '@allostat/kernel';
import type { DomainEvent } from '@allostat/pipeline';
import {
  factsOf,
  People,
  peopleChange,
  UnitRunner,
  type PeopleEntry,
  type PeopleLedger,
  type PersonFacts,
} from '@allostat/platform';
import type { EntityManager } from 'typeorm';
import { raiseInUnit } from '../alarms/alarm-in-unit';
import { CommandCauses } from '../command-cause';
import { recordOf, recordOutputs } from '../govern-in-unit';

const SERVICE = 'service:governance';
const CHANGED = 'people.changed';
const SUBJECT = 'people';
const TURN = `select pg_advisory_xact_lock(hashtextextended('allostat people ' || current_schema(), 0))`;

/** Whether changes of the people are records; not in a replay of the past. */
export const RECORDS_PEOPLE = Symbol('records people');

/**
 * Tells the audit log who may decide: at the start when it is not who the log says, and before each change comes into force.
 * A people file that cannot be used calls a person.
 */
@Injectable()
export class PeopleRecord implements PeopleLedger, OnModuleInit {
  constructor(
    private readonly people: People,
    private readonly units: UnitRunner<DomainEvent>,
    private readonly causes: CommandCauses,
    @Inject(RECORDS_PEOPLE) private readonly records: boolean,
  ) {}

  async onModuleInit(): Promise<void> {
    if (this.records) await this.people.keepIn(this);
  }

  async changed(entries: readonly PeopleEntry[]): Promise<void> {
    await this.units.run(async (unit) => {
      await unit.manager.query(TURN);
      const people = factsOf(entries);
      const change = peopleChange(await peopleAsTold(unit.manager), people);
      if (!change) return;
      const cause = this.causes.free([CHANGED, JSON.stringify(people)]);
      recordOutputs(unit, [recordOf(cause.time, SERVICE, CHANGED, SUBJECT, { ...change, people })], cause);
    });
  }

  async broken(error: unknown): Promise<void> {
    // the message may name people: the alarm is a record, and says only where to look
    const place = error instanceof InputError && error.where.field !== undefined ? ` at ${error.where.field}` : '';
    const text = `the people file cannot be used${place}; those it named before stay in force, and the log of the service says what is wrong`;
    const subject = `people/${sha256Hex(String(error)).slice(0, 16)}`;
    const cause = this.causes.free(['alarm', 'people-file-broken', subject]);
    await this.units.run((unit) => raiseInUnit(unit, { kind: 'people-file-broken', subject, text }, cause));
  }
}

/** The people in force as the log tells it. */
async function peopleAsTold(manager: EntityManager): Promise<readonly PersonFacts[]> {
  const [row]: { record: string }[] = await manager.query(
    'select record from audit_record where subject = $1 and action = $2 order by sequence desc limit 1',
    [SUBJECT, CHANGED],
  );
  return row ? (JSON.parse(row.record) as { body: { people: PersonFacts[] } }).body.people : [];
}
