import { Column, Entity, PrimaryColumn } from 'typeorm';

/** One value as it became known. Rows are never changed: a revision is a row of its own. */
@Entity('observation')
export class ObservationEntity {
  @PrimaryColumn('text', { name: 'series_id' }) seriesId: string;
  @PrimaryColumn('date', { name: 'event_time' }) eventTime: string;
  @PrimaryColumn('int') revision: number;
  /** Several headlines may share a series and a day; a volume has number 1, other kinds have one row, number 0. */
  @PrimaryColumn('int') ordinal: number;
  @Column('text') kind: string;
  @Column('timestamptz', { name: 'known_time' }) knownTime: Date;
  @Column('double precision', { nullable: true }) value: number | null;
  @Column('text', { nullable: true }) text: string | null;
  @Column('text', { name: 'origin_file', nullable: true }) originFile: string | null;
  @Column('int', { name: 'origin_row', nullable: true }) originRow: number | null;
  /** How the value was made from what was read; null when it is as read. */
  @Column('text', { nullable: true }) derivation: string | null;
}
