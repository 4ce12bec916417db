import { createHash, timingSafeEqual } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { ROLES } from '@allostat/contracts';
import { InputError } from '@allostat/kernel';
import { NotAllowedError } from './not-allowed-error';
import { PeopleDirectory } from './people-directory';

const NAME = /^[a-z][a-z0-9.-]*$/;
const personSchema = z.strictObject({
  id: z.string().regex(NAME, 'lower-case letters, digits, dots and dashes, letter first'),
  name: z.string().min(1),
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

/** Those whom the services know: what they may do, and the hashes of their local tokens. */
export class People {
  private readonly directory: PeopleDirectory;

  constructor(private readonly people: readonly Person[]) {
    this.directory = new PeopleDirectory(people);
  }

  /** Reads a JSON file: a list of people. Throws `InputError` that names the entry and the field. Without a file nobody is known. */
  static fromFile(file: string | undefined): People {
    if (file === undefined) return new People([]);
    const parsed = z.array(personSchema).safeParse(JSON.parse(readFileSync(file, 'utf8')));
    if (!parsed.success) {
      const [issue] = parsed.error.issues;
      throw new InputError(`${file}: ${issue.path.join('.')}: ${issue.message}`, { file, field: issue.path.join('.') });
    }
    return new People(parsed.data);
  }

  /** The person whose local token an `Authorization: Bearer ...` header carries. */
  authenticate(authorization: string | undefined): Person {
    const token = /^Bearer (\S+)$/.exec(authorization ?? '')?.[1];
    const digest = createHash('sha256')
      .update(token ?? '')
      .digest();
    const person = this.people.find(
      ({ tokenSha256 }) => tokenSha256 !== undefined && timingSafeEqual(digest, Buffer.from(tokenSha256, 'hex')),
    );
    if (token === undefined || !person) {
      throw new NotAllowedError(401, 'the token is missing or not known', 'send `Authorization: Bearer TOKEN`');
    }
    return person;
  }

  /** The person that a provider's subject names, by the name he has or one he had. */
  bySubject(subject: string): Person | undefined {
    const id = this.directory.resolve(subject);
    return this.people.find((person) => person.id === id);
  }
}
