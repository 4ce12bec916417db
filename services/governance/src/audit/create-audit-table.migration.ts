import type { MigrationInterface, QueryRunner } from 'typeorm';

const ROLE = 'allostat_governance';

/** The audit log: entries are appended, contiguous and chained; nothing else is possible for any service. */
export class CreateAuditTable1764100000002 implements MigrationInterface {
  readonly name = 'CreateAuditTable1764100000002';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table audit_record (
        sequence bigint primary key check (sequence >= 1),
        at timestamptz not null,
        actor text not null,
        action text not null,
        subject text not null,
        record text not null,
        leaf_hash text not null,
        previous_hash text not null,
        hash text not null unique
      );
      create index audit_record_subject on audit_record (subject, sequence);

      create function audit_is_append_only() returns trigger language plpgsql as $$
      begin
        raise exception 'the audit log is append-only' using errcode = '42501';
      end $$;
      create trigger audit_no_change before update or delete on audit_record
        for each row execute function audit_is_append_only();
      create trigger audit_no_truncate before truncate on audit_record
        for each statement execute function audit_is_append_only();

      revoke update, delete, truncate on audit_record from ${ROLE}`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table audit_record; drop function audit_is_append_only()');
  }
}
