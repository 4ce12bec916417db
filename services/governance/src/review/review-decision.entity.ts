import type { EvidenceView } from '@allostat/pipeline';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** One person's decision. Written once: the database lets nobody change it. */
@Entity('review_decision')
export class ReviewDecisionEntity {
  @PrimaryColumn('text', { name: 'proposal_id' }) proposalId: string;
  @PrimaryColumn('text') actor: string;
  @Column('text') maker: string;
  @Column('text') decision: string;
  @Column('text') reason: string;
  @Column('text', { name: 'content_hash' }) contentHash: string;
  @Column('timestamptz') at: Date;
  @Column('text', { nullable: true }) function: string | null;
  @Column('text', { name: 'on_behalf_of', nullable: true }) onBehalfOf: string | null;
  @Column('text', { name: 'reason_code', nullable: true }) reasonCode: string | null;
  @Column('jsonb', { nullable: true }) answers: Readonly<Record<string, boolean>> | null;
  @Column('jsonb', { nullable: true }) evidence: readonly string[] | null;
  @Column('jsonb', { nullable: true }) viewed: readonly EvidenceView[] | null;
  @Column('text', { nullable: true }) authentication: string | null;
  @Column('jsonb', { nullable: true }) resolutions: readonly string[] | null;
}
