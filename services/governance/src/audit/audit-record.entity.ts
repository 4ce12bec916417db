import { Column, Entity, PrimaryColumn } from 'typeorm';

/** One entry of the audit log. `record` is the canonical JSON that `leafHash` is the SHA-256 of. */
@Entity('audit_record')
export class AuditRecordEntity {
  @PrimaryColumn('bigint') sequence: string;
  @Column('timestamptz') at: Date;
  @Column('text') actor: string;
  @Column('text') action: string;
  @Column('text') subject: string;
  @Column('text') record: string;
  @Column('text', { name: 'leaf_hash' }) leafHash: string;
  @Column('text', { name: 'previous_hash' }) previousHash: string;
  @Column('text') hash: string;
}
