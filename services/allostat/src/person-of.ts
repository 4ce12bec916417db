import type { Role } from '@allostat/contracts';
import { InputError } from '@allostat/kernel';
import { NotAllowedError, People, type Person } from '@allostat/platform';
import { Home } from './home';

/** Who asks, by their token. Throws `InputError` without one, `NotAllowedError` for somebody who has none of the roles. */
export function personOf({ as: token }: { readonly as?: string }, roles: readonly Role[]): Person {
  if (token === undefined) throw new InputError('--as TOKEN is missing', { field: 'as' }, 'or set ALLOSTAT_TOKEN');
  const person = People.fromFile(new Home().people().file).authenticate(`Bearer ${token}`);
  if (person.roles.some((role) => roles.includes(role))) return person;
  throw new NotAllowedError(403, `${person.id} has none of the roles ${roles.join(', ')}`, 'ask somebody who has one');
}
