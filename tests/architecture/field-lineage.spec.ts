import { FIELD_LINEAGE, STAGES, TOPICS, type TopicField, type TopicName } from '@allostat/contracts';
import { MAPPERS } from '@allostat/wire';

/** Fields of all messages of a topic, by the descriptors of the contracts. */
const fieldsOf = (topic: TopicName): Set<string> =>
  new Set(MAPPERS.filter((m) => m.topic === topic).flatMap(({ schema }) => schema.fields.map(({ name }) => name)));

const missing = (fields: readonly TopicField[]): string[] =>
  fields.filter(({ topic, field }) => !fieldsOf(topic).has(field)).map(({ topic, field }) => `${topic}.${field}`);

const entries = Object.entries(FIELD_LINEAGE) as [TopicName, Record<string, readonly TopicField[]>][];

describe('the lineage of fields', () => {
  it('names fields that the contracts have', () => {
    const written = entries.flatMap(([topic, fields]) => Object.keys(fields).map((field) => ({ topic, field })));
    expect(missing(written)).toEqual([]);
    expect(missing(entries.flatMap(([, fields]) => Object.values(fields).flat()))).toEqual([]);
    expect(missing([{ topic: 'risk.budget.v1', field: 'guess' }])).toEqual(['risk.budget.v1.guess']);
  });

  it('has only sources that stages of the line read or are given', () => {
    const outside = ['mandate.version.v1', 'market.override.v1', 'allocation.status.v1'];
    const read = new Set<string>([...STAGES.flatMap(({ consumes }) => consumes), ...outside]);
    const unread = entries
      .flatMap(([, fields]) => Object.values(fields).flat())
      .filter(({ topic }) => !read.has(topic));
    expect(unread).toEqual([]);
  });

  it('leads from the targets of an instruction to observations', () => {
    const seen = new Set<string>();
    const walk = (topic: TopicName, field: string): void => {
      if (seen.has(`${topic}.${field}`)) return;
      seen.add(`${topic}.${field}`);
      for (const source of FIELD_LINEAGE[topic]?.[field] ?? []) walk(source.topic, source.field);
    };
    walk('allocation.instruction.v1', 'targets');
    expect(seen).toContain('market.observation.v1.observations');
    expect(TOPICS.some(({ name }) => name === 'allocation.instruction.v1')).toBe(true);
  });
});
