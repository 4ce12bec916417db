import type { DomainEvent, ModelStanding, ModelUse } from '@allostat/pipeline';
import { AggregateStore, type UnitOfWork } from '@allostat/platform';

type Known = Pick<ModelStanding, 'trainedTo' | 'developers' | 'suspended'>;

/** What the registry has told of each version of a model, under `NAME@VERSION`. */
export const MODEL_STANDINGS = new AggregateStore<Known>({ name: 'model-standing' });

export function standingKey({ name, version }: ModelUse): string {
  return `${name}@${version}`;
}

/** What is known of versions; one that the registry has told nothing of has no `trainedTo`. */
export async function modelStandings(
  unit: UnitOfWork<DomainEvent>,
  uses: readonly ModelUse[],
): Promise<ModelStanding[]> {
  const standings: ModelStanding[] = [];
  for (const use of uses) {
    const known = await MODEL_STANDINGS.peek(unit, standingKey(use));
    standings.push({ ...use, ...(known ?? { developers: [] }) });
  }
  return standings;
}
