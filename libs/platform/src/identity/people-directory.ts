import { InputError } from '@allostat/kernel';

/** A person as governance knows him: one identity for ever, whatever he is called. */
export interface DirectoryEntry {
  readonly id: string;
  /** Names he logged in with before; they stay his and are given to nobody else. */
  readonly formerIds?: readonly string[];
  readonly roles: readonly string[];
  /** Groups whose roles he has too. */
  readonly groups?: readonly string[];
}

/** People and groups; resolves any name ever used to the one person it belongs to. */
export class PeopleDirectory {
  private readonly byName = new Map<string, DirectoryEntry>();

  /** Throws `InputError` when two people claim one name. */
  constructor(
    entries: readonly DirectoryEntry[],
    private readonly groupRoles: Readonly<Record<string, readonly string[]>> = {},
  ) {
    for (const entry of entries) {
      for (const name of [entry.id, ...(entry.formerIds ?? [])]) {
        const other = this.byName.get(name);
        if (other) {
          throw new InputError(
            `the name ${name} belongs to ${other.id} and to ${entry.id}`,
            { field: 'formerIds' },
            'a name that was once used is never given to another person',
          );
        }
        this.byName.set(name, entry);
      }
    }
  }

  /** Identity behind a name; undefined for a stranger, a group or a machine. */
  resolve(name: string): string | undefined {
    return this.byName.get(name)?.id;
  }

  /** Roles of a person, his groups' included. */
  rolesOf(name: string): readonly string[] {
    const entry = this.byName.get(name);
    if (!entry) return [];
    return [...new Set([...entry.roles, ...(entry.groups ?? []).flatMap((group) => this.groupRoles[group] ?? [])])];
  }
}
