import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A review as lists and the database's own rules see it; the decision logic works on the mandate's state. */
@Entity('review')
export class ReviewEntity {
  @PrimaryColumn('text', { name: 'proposal_id' }) proposalId: string;
  @Column('text', { name: 'mandate_id' }) mandateId: string;
  @Column('text') maker: string;
  @Column('text', { name: 'content_hash' }) contentHash: string;
  @Column('text') status: string;
  @Column('int', { name: 'required_approvals' }) requiredApprovals: number;
  @Column('timestamptz', { name: 'opened_at' }) openedAt: Date;
  @Column('timestamptz', { name: 'expires_at' }) expiresAt: Date;
  @Column('text', { name: 'instruction_id', nullable: true }) instructionId: string | null;
  @Column('jsonb') proposal: unknown;
}
