import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A person who had a hand in the content of a review. The database lets none of them decide on it. */
@Entity('review_party')
export class ReviewPartyEntity {
  @PrimaryColumn('text', { name: 'proposal_id' }) proposalId: string;
  @PrimaryColumn('text') person: string;
  @Column('text', { primary: true }) part: string;
}
