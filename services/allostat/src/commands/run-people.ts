import { createHash, randomBytes } from 'node:crypto';
import { renameSync, writeFileSync } from 'node:fs';
import { ROLES, type Role } from '@allostat/contracts';
import { InputError, toInstant } from '@allostat/kernel';
import { isErased, People, pseudonymous, readPeopleFile, type PeopleEntry, type Person } from '@allostat/platform';
import { printResult, type OutputOptions } from '../cli/output';
import { Home } from '../home';

export interface NewPerson {
  readonly subject: string;
  readonly name: string;
  readonly role: readonly string[];
  readonly mandate?: string[];
  readonly universe?: string[];
  readonly local?: boolean;
}

export async function list(options: OutputOptions): Promise<void> {
  const { entries } = open();
  const people = entries.map((entry) => {
    if (isErased(entry)) return entry;
    const { tokenSha256, salt: _salt, ...shown } = entry;
    return { ...shown, local: tokenSha256 !== undefined };
  });
  const lines = people.map((entry) =>
    isErased(entry)
      ? `${entry.id}: erased on ${entry.erasedAt}`
      : `${entry.id}: ${entry.name}, ${entry.roles.join(', ')}`,
  );
  printResult({ people }, lines, options);
}

export async function add(wanted: NewPerson & OutputOptions): Promise<void> {
  const { subject, name, mandate, universe, local } = wanted;
  const roles = wanted.role.map(roleOf);
  const { file, entries } = open();
  const token = local ? randomBytes(24).toString('base64url') : undefined;
  const person: Person = pseudonymous({
    subject,
    name,
    roles,
    ...(mandate && { mandates: mandate }),
    ...(universe && { universes: universe }),
    ...(token !== undefined && { tokenSha256: createHash('sha256').update(token).digest('hex') }),
  });
  replace(file, [...entries, person]);
  const { id } = person;
  printResult(
    { id, ...(token !== undefined && { token }) },
    [`${name} is ${id}`, ...(token === undefined ? [] : [`token, shown this once: ${token}`]), READ_AGAIN],
    wanted,
  );
}

export async function erase(options: OutputOptions, id: string): Promise<void> {
  const { file, entries } = open();
  const person = entries.find((entry) => entry.id === id);
  if (!person) throw new InputError(`there is nobody with the id ${id}`, { field: 'id' }, 'see `allostat people list`');
  if (isErased(person)) throw new InputError(`${id} was erased on ${person.erasedAt}`, { field: 'id' });
  const erasedAt = toInstant(Date.now()).slice(0, 10);
  replace(
    file,
    entries.map((entry) => (entry.id === id ? { id, erasedAt } : entry)),
  );
  printResult({ id, erasedAt }, [`nothing but ${id} is left of this person`, READ_AGAIN], options);
}

const READ_AGAIN = 'services that run read the file again within a second';

function open(): { readonly file: string; readonly entries: readonly PeopleEntry[] } {
  const { file } = new Home().people();
  return { file, entries: readPeopleFile(file) };
}

/** Writes the whole file beside the old one and puts it in its place: a service that starts meanwhile reads either. */
function replace(file: string, entries: readonly PeopleEntry[]): void {
  new People(entries);
  writeFileSync(`${file}.new`, JSON.stringify(entries, null, 2), { mode: 0o640 });
  renameSync(`${file}.new`, file);
}

function roleOf(text: string): Role {
  const role = ROLES.find((known) => known === text);
  if (role) return role;
  throw new InputError(`there is no role ${text}`, { field: 'role' }, `use one of ${ROLES.join(', ')}`);
}
