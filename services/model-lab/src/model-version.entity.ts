import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A version of a model. Written once. */
@Entity('model_version')
export class ModelVersionEntity {
  @PrimaryColumn('text') model: string;
  @PrimaryColumn('text') version: string;
  @Column('text') artefact: string;
  @Column('date', { name: 'trained_from' }) trainedFrom: string;
  @Column('date', { name: 'trained_to' }) trainedTo: string;
  @Column('int') observations: number;
  @Column('double precision', { name: 'log_likelihood' }) logLikelihood: number;
  @Column('boolean') converged: boolean;
  @Column('bigint') seed: string;
  /** Left to the database's default when nobody is named. */
  @Column('jsonb') developers?: readonly string[];
  @Column('timestamptz', { name: 'registered_at' }) registeredAt: Date;
}
