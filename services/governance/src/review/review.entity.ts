import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A review as lists and the database's own rules see it; the decision logic works on the state of its subject. */
@Entity('review')
export class ReviewEntity {
  @PrimaryColumn('text', { name: 'proposal_id' }) proposalId: string;
  /** `allocation`, or the kind of thing that a change is about. */
  @Column('text') kind: string;
  /** The mandate of an allocation; the subject of a change. */
  @Column('text', { name: 'mandate_id' }) mandateId: string;
  @Column('text') maker: string;
  @Column('text', { name: 'content_hash' }) contentHash: string;
  @Column('text') status: string;
  @Column('text') tier: string;
  @Column('int', { name: 'required_approvals' }) requiredApprovals: number;
  @Column('jsonb') functions: readonly string[];
  @Column('jsonb') questions: readonly string[];
  @Column('jsonb') challenges: unknown;
  /** Why an approved review does not leave. */
  @Column('jsonb', { nullable: true }) held: unknown;
  @Column('timestamptz', { name: 'opened_at' }) openedAt: Date;
  @Column('timestamptz', { name: 'expires_at' }) expiresAt: Date;
  @Column('text', { name: 'instruction_id', nullable: true }) instructionId: string | null;
  @Column('jsonb') proposal: unknown;
}
