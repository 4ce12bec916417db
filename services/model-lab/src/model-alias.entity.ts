import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';

/** From when an alias pointed at a version. A ledger: a later row ends an earlier one, no row is ever changed. */
@Entity('model_alias')
export class ModelAliasEntity {
  @PrimaryGeneratedColumn('identity', { type: 'bigint' }) id: string;
  @Column('text') model: string;
  @Column('text') alias: string;
  @Column('text') version: string;
  @Column('timestamptz', { name: 'from_time' }) from: Date;
  @Column('text') reason: string;
}
