import { canonicalJson } from '@allostat/kernel';
import { isErased, type PeopleEntry } from './people-file';

/** What a record may say of a person: his id, which for whom was added here is a salted hash, and what he may do. */
export interface PersonFacts {
  readonly id: string;
  readonly roles: readonly string[];
  /** Absent for all. */
  readonly mandates?: readonly string[];
  readonly universes?: readonly string[];
  /** Whether he can sign in without the provider. */
  readonly local: boolean;
}

export interface PeopleChange {
  readonly added: readonly PersonFacts[];
  readonly removed: readonly string[];
  readonly changed: readonly PersonFacts[];
}

/** People as records may name them, by their ids; the erased are no more. */
export function factsOf(entries: readonly PeopleEntry[]): PersonFacts[] {
  return entries
    .flatMap((entry): PersonFacts[] => {
      if (isErased(entry)) return [];
      const { id, roles, mandates, universes, tokenSha256 } = entry;
      const scope = { ...(mandates && { mandates }), ...(universes && { universes }) };
      return [{ id, roles, ...scope, local: tokenSha256 !== undefined }];
    })
    .sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** Who came, who went, and who may do something else; undefined when nothing of it happened. */
export function peopleChange(before: readonly PersonFacts[], after: readonly PersonFacts[]): PeopleChange | undefined {
  const old = new Map(before.map((person) => [person.id, person]));
  const now = new Set(after.map(({ id }) => id));
  const added = after.filter(({ id }) => !old.has(id));
  const removed = before.flatMap(({ id }) => (now.has(id) ? [] : [id]));
  const changed = after.filter((person) => {
    const known = old.get(person.id);
    return known !== undefined && canonicalJson(known) !== canonicalJson(person);
  });
  return added.length + removed.length + changed.length === 0 ? undefined : { added, removed, changed };
}
