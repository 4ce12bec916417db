import type { MigrationInterface, QueryRunner } from 'typeorm';

const ROLE = 'allostat_governance';
const TABLES = ['audit_record', 'audit_node', 'audit_checkpoint', 'audit_cosignature'];

/**
 * The audit log: records, the inner nodes of their Merkle tree, signed checkpoints and the co-signatures of witnesses.
 * All are appended; nothing else is possible for any service.
 */
export class CreateAuditLog1764100000002 implements MigrationInterface {
  readonly name = 'CreateAuditLog1764100000002';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table audit_record (
        sequence bigint primary key check (sequence >= 1),
        at timestamptz not null,
        actor text not null,
        action text not null,
        subject text not null,
        -- proposal or instruction that the record is about
        reference text,
        record text not null,
        leaf_hash bytea not null check (length(leaf_hash) = 32)
      );
      create index audit_record_subject on audit_record (subject, sequence);
      create index audit_record_reference on audit_record (reference, sequence) where reference is not null;

      create table audit_node (
        level smallint not null check (level >= 1),
        index bigint not null check (index >= 0),
        hash bytea not null check (length(hash) = 32),
        primary key (level, index)
      );

      create table audit_checkpoint (
        size bigint primary key check (size >= 1),
        root bytea not null check (length(root) = 32),
        note text not null,
        at timestamptz not null
      );

      create table audit_cosignature (
        size bigint not null references audit_checkpoint (size),
        witness text not null,
        line text not null,
        primary key (size, witness)
      );

      create function audit_is_append_only() returns trigger language plpgsql as $$
      begin
        raise exception 'the audit log is append-only' using errcode = '42501';
      end $$`);
    for (const table of TABLES) {
      await runner.query(`
        create trigger ${table}_no_change before update or delete on ${table}
          for each row execute function audit_is_append_only();
        create trigger ${table}_no_truncate before truncate on ${table}
          for each statement execute function audit_is_append_only();
        revoke update, delete, truncate on ${table} from ${ROLE}`);
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      'drop table audit_cosignature, audit_checkpoint, audit_node, audit_record; drop function audit_is_append_only()',
    );
  }
}
