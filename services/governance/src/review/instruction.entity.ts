import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A released instruction. The database refuses one without the approvals that its review requires. */
@Entity('instruction')
export class InstructionEntity {
  @PrimaryColumn('text', { name: 'instruction_id' }) instructionId: string;
  @Column('text', { name: 'mandate_id' }) mandateId: string;
  @Column('int') sequence: number;
  @Column('text', { name: 'proposal_id' }) proposalId: string;
  @Column('text', { name: 'content_hash' }) contentHash: string;
  @Column('timestamptz', { name: 'released_at' }) releasedAt: Date;
  @Column('jsonb') body: unknown;
}
