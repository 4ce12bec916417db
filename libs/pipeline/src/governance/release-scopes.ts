import type { AllocationReleased } from './events';

/** What the kill switch can take hold of in a release. */
export interface ReleaseScopes {
  readonly mandateId: string;
  /** Models by name, and by `NAME@VERSION`. */
  readonly models: readonly string[];
  readonly venues: readonly string[];
}

/** Model scopes of versions in use: each is stopped by its name, and by name and version. */
export function modelScopes(versions: readonly string[]): string[] {
  return [...new Set(versions.flatMap((version) => [version.split('@')[0], version]))];
}

/** What an instruction falls under, from the instruction alone. */
export function scopesOfInstruction({
  mandateId,
  terms,
}: Pick<AllocationReleased, 'mandateId' | 'terms'>): ReleaseScopes {
  const venues = (terms?.orders ?? []).flatMap(({ venue }) => venue ?? []);
  return { mandateId, models: modelScopes(terms?.provenance.models ?? []), venues: [...new Set(venues)] };
}

/** Every name under which the kill switch can stop this. */
export function scopeNames({ mandateId, models, venues }: ReleaseScopes): string[] {
  return [
    'all',
    `mandate:${mandateId}`,
    ...models.map((model) => `model:${model}`),
    ...venues.map((venue) => `venue:${venue}`),
  ];
}
