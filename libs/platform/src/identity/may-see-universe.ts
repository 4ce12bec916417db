import { AllostatError } from '@allostat/kernel';
import type { Person } from './people-file';

type Sight = Pick<Person, 'universes'>;

/** Thrown for a universe that is not there, or that the caller may not see: he shall not learn which. */
class UniverseNotFoundError extends AllostatError {
  readonly status = 404;

  constructor(universeId: string) {
    super('IDENTITY.UNIVERSE_NOT_FOUND', `there is no universe ${universeId}`, 'check the id, or ask for access to it');
  }
}

/** Whether a person may see and act on the data and the alerts of a universe. */
export function maySeeUniverse({ universes }: Sight, universeId: string): boolean {
  return universes === undefined || universes.includes(universeId);
}

/** Throws, with HTTP status 404, unless the caller may see the universe. */
export function requireUniverse(caller: Sight, universeId: string): void {
  if (!maySeeUniverse(caller, universeId)) throw new UniverseNotFoundError(universeId);
}
