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
}
