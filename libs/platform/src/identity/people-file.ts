import { createHash, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { ROLES } from '@allostat/contracts';
import { InputError } from '@allostat/kernel';

const NAME = /^[a-z][a-z0-9.-]*$/;
const personSchema = z.strictObject({
  id: z.string().regex(NAME, 'lower-case letters, digits, dots and dashes, letter first'),
  name: z.string().min(1),
  /** What the identity provider calls the person; absent when it is the id. */
  subject: z.string().min(1).exactOptional(),
  /** What the id was made of, together with the subject: without it nobody can tell whose id it is. */
  salt: z
    .string()
    .regex(/^[0-9a-f]{32,}$/, 'at least 32 hexadecimal digits')
    .exactOptional(),
  roles: z.array(z.enum(ROLES)).min(1),
  /** Names the person had before; they stay his. */
  formerIds: z.array(z.string().regex(NAME)).exactOptional(),
  /** Mandates that the person may see and act on; absent for all. */
  mandates: z.array(z.string().min(1)).exactOptional(),
  /** Universes whose data and alerts the person may see and act on; absent for all. */
  universes: z.array(z.string().min(1)).exactOptional(),
  /** SHA-256 of the person's token, hexadecimal; the token itself is never stored here. Absent: only by the provider. */
  tokenSha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/, '64 hexadecimal digits')
    .exactOptional(),
});
export type Person = z.infer<typeof personSchema>;

/** What is left of somebody whose data were erased: the id stays taken, and says nothing of anybody. */
const erasedSchema = z.strictObject({ id: personSchema.shape.id, erasedAt: z.iso.date() });
export type Erased = z.infer<typeof erasedSchema>;
export type PeopleEntry = Person | Erased;

export const isErased = (entry: PeopleEntry): entry is Erased => 'erasedAt' in entry;

const HASH_DIGITS = 16;

/** Reads a people file: a JSON list. Throws `InputError` that names the entry and the field. */
export function readPeopleFile(file: string): PeopleEntry[] {
  const given = z.array(z.looseObject({})).safeParse(parsedJson(file));
  if (!given.success) throw new InputError(`${file}: a list of people is needed`, { file });
  return given.data.map((entry, at) => {
    const parsed = ('erasedAt' in entry ? erasedSchema : personSchema).safeParse(entry);
    if (parsed.success) return parsed.data;
    const [issue] = parsed.error.issues;
    const field = [at, ...issue.path].map(String).join('.');
    throw new InputError(`${file}: ${field}: ${issue.message}`, { file, field });
  });
}

function parsedJson(file: string): unknown {
  const text = readFileSync(file, 'utf8');
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new InputError(`${file}: it is not JSON: ${(cause as Error).message}`, { file });
  }
}

/** A new person under a salted hash of his subject: records can name him for ever without saying who he is. */
export function pseudonymous(person: Omit<Person, 'id' | 'salt'> & { readonly subject: string }): Person {
  const salt = randomBytes(16).toString('hex');
  return { id: pseudonymOf(person.subject, salt), salt, ...person };
}

/** The id that a subject and a salt give: who has both can prove whose records they are. */
export function pseudonymOf(subject: string, salt: string): string {
  return `p-${createHash('sha256').update(`${salt}:${subject}`).digest('hex').slice(0, HASH_DIGITS)}`;
}
