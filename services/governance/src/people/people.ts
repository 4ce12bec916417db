import { createHash, timingSafeEqual } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { AllostatError, InputError } from '@allostat/kernel';

export const ROLES = ['portfolio-manager', 'risk', 'committee', 'compliance', 'operator'] as const;
export type Role = (typeof ROLES)[number];

/** Roles that may approve, reject and override. */
export const DECIDING_ROLES: readonly Role[] = ['portfolio-manager', 'risk', 'committee'];

const personSchema = z.strictObject({
  id: z.string().regex(/^[a-z][a-z0-9.-]*$/, 'lower-case letters, digits, dots and dashes, letter first'),
  name: z.string().min(1),
  roles: z.array(z.enum(ROLES)).min(1),
  /** SHA-256 of the person's token, hexadecimal; the token itself is never stored here. */
  tokenSha256: z.string().regex(/^[0-9a-f]{64}$/, '64 hexadecimal digits'),
});
export type Person = z.infer<typeof personSchema>;

/** Thrown when a request carries no valid token, or a person's roles do not allow what was asked. */
export class NotAllowedError extends AllostatError {
  constructor(
    readonly status: 401 | 403,
    message: string,
    hint: string,
  ) {
    super(status === 401 ? 'GOVERNANCE.NOT_AUTHENTICATED' : 'GOVERNANCE.NOT_AUTHORIZED', message, hint);
  }
}

/** The people of a governance service, known by the hashes of their tokens. */
export class People {
  constructor(private readonly people: readonly Person[]) {}

  /** Reads a JSON file: a list of people. Throws `InputError` that names the entry and the field. */
  static fromFile(file: string): People {
    const parsed = z.array(personSchema).safeParse(JSON.parse(readFileSync(file, 'utf8')));
    if (!parsed.success) {
      const [issue] = parsed.error.issues;
      throw new InputError(`${file}: ${issue.path.join('.')}: ${issue.message}`, { file, field: issue.path.join('.') });
    }
    return new People(parsed.data);
  }

  /** The person that an `Authorization: Bearer ...` header names. */
  authenticate(authorization: string | undefined): Person {
    const token = /^Bearer (\S+)$/.exec(authorization ?? '')?.[1];
    const digest = createHash('sha256')
      .update(token ?? '')
      .digest();
    const person = this.people.find(({ tokenSha256 }) => timingSafeEqual(digest, Buffer.from(tokenSha256, 'hex')));
    if (token === undefined || !person) {
      throw new NotAllowedError(401, 'the token is missing or not known', 'send `Authorization: Bearer TOKEN`');
    }
    return person;
  }
}

export function requireRole(person: Person, roles: readonly Role[]): void {
  if (person.roles.some((role) => roles.includes(role))) return;
  throw new NotAllowedError(
    403,
    `${person.id} has the roles ${person.roles.join(', ')}; one of ${roles.join(', ')} is needed`,
    'ask somebody who has the role',
  );
}
