import 'reflect-metadata';
import { People } from '@allostat/platform';
import { lineStages } from '@allostat/allostat';
import { STAGES, TOPICS, type Topic } from '@allostat/contracts';

const PATTERN = 'microservices:pattern';

/** Topics that a stage's controllers really listen to, read from Nest's own metadata. */
function subscriptions(controllers: readonly (new (...args: never[]) => object)[]): string[] {
  return controllers
    .flatMap(({ prototype }) =>
      Object.getOwnPropertyNames(prototype).flatMap((name) => {
        const method = (prototype as Record<string, unknown>)[name];
        return typeof method === 'function'
          ? ((Reflect.getMetadata(PATTERN, method) as string[] | undefined) ?? [])
          : [];
      }),
    )
    .sort();
}

const definitions = lineStages({
  people: new People([]),
  clock: { now: () => '2024-01-01T00:00:00.000Z' },
  commandTime: 'wall',
});
const names = STAGES.map(({ name }) => name as string);

describe('the stage table', () => {
  it.each(STAGES.map((stage) => [stage.name, stage] as const))('says what %s listens to', (name, stage) => {
    const definition = definitions.find((candidate) => candidate.name === name);
    expect(subscriptions((definition?.controllers ?? []) as never)).toEqual([...stage.consumes].sort());
  });

  it('has every stage of the line, and beside it only the order system', () => {
    expect(definitions.map(({ name }) => name).filter((name) => !names.includes(name))).toEqual(['order-system']);
  });

  it('has no step back: nobody listens to a stage that comes after it', () => {
    expect(backEdges(STAGES)).toEqual([]);
  });

  it('would show a step back', () => {
    const wrong = STAGES.map((stage) =>
      stage.name === 'signal-ingestion'
        ? { ...stage, consumes: [...stage.consumes, 'risk.budget.v1' as const] }
        : stage,
    );
    expect(backEdges(wrong)).toEqual(['signal-ingestion listens to risk.budget.v1 of risk-budgeting']);
  });

  it('lets each topic be published by its owner, and by those that it names besides', () => {
    const topics: readonly Topic[] = TOPICS;
    const publishers = topics.flatMap(({ name, owner, alsoFrom = [] }) =>
      [owner, ...alsoFrom].filter((stage) => names.includes(stage)).map((stage) => `${stage} ${name}`),
    );
    const emitted = STAGES.flatMap((stage) => stage.emits.map((topic) => `${stage.name} ${topic}`));
    expect(emitted.filter((each) => !publishers.includes(each))).toEqual([]);
  });
});

/** What people have approved beforehand reaches the line from the side: models, and versions of universes and mandates. */
const FROM_THE_SIDE: readonly string[] = ['universe.version.v1', 'mandate.version.v1'];
function backEdges(
  stages: readonly { name: string; consumes: readonly string[]; emits: readonly string[] }[],
): string[] {
  return stages.flatMap((stage, i) =>
    stages
      .slice(i + 1)
      .filter(({ name }) => name !== 'model-lab')
      .flatMap((later) =>
        later.emits
          .filter((topic) => stage.consumes.includes(topic) && !FROM_THE_SIDE.includes(topic))
          .map((topic) => `${stage.name} listens to ${topic} of ${later.name}`),
      ),
  );
}
