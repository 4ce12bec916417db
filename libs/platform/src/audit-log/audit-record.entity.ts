import { Column, Entity, PrimaryColumn } from 'typeorm';

/** One entry of the audit log. `record` is the canonical JSON that `leafHash` is the RFC 6962 leaf hash of. */
@Entity('audit_record')
export class AuditRecordEntity {
  @PrimaryColumn('bigint') sequence: string;
  @Column('timestamptz') at: Date;
  @Column('text') actor: string;
  @Column('text') action: string;
  @Column('text') subject: string;
  /** Proposal or instruction that the record is about. */
  @Column('text', { nullable: true }) reference: string | null;
  @Column('text') record: string;
  @Column('bytea', { name: 'leaf_hash' }) leafHash: Buffer;
}
