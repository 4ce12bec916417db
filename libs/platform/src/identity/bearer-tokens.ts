import { createHash, timingSafeEqual } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { InputError } from '@allostat/kernel';
import { RequestRefusedError, type Authenticator, type Caller } from './authenticator';

const callers = z.array(
  z.object({
    id: z.string().min(1),
    roles: z.array(z.string()).min(1),
    /** Absent for people who sign in elsewhere: they are not known here. */
    tokenSha256: z
      .string()
      .regex(/^[0-9a-f]{64}$/, '64 hexadecimal digits')
      .exactOptional(),
  }),
);

/** Callers known by the hashes of their tokens: the people file of governance, or one of the same form. */
export class BearerTokens implements Authenticator {
  constructor(private readonly callers: readonly (Caller & { readonly tokenSha256?: string })[]) {}

  /** Reads a JSON file. Throws `InputError` that names the entry and the field. Without a file nobody is known. */
  static fromFile(file: string | undefined): BearerTokens {
    if (file === undefined) return new BearerTokens([]);
    const parsed = callers.safeParse(JSON.parse(readFileSync(file, 'utf8')));
    if (parsed.success) return new BearerTokens(parsed.data);
    const [issue] = parsed.error.issues;
    throw new InputError(`${file}: ${issue.path.join('.')}: ${issue.message}`, { file, field: issue.path.join('.') });
  }

  authenticate(authorization: string | undefined): Caller {
    const token = /^Bearer (\S+)$/.exec(authorization ?? '')?.[1];
    const digest = createHash('sha256')
      .update(token ?? '')
      .digest();
    const caller = this.callers.find(
      ({ tokenSha256 }) => tokenSha256 !== undefined && timingSafeEqual(digest, Buffer.from(tokenSha256, 'hex')),
    );
    if (token === undefined || caller === undefined)
      throw new RequestRefusedError(401, 'the token is missing or not known', 'send `Authorization: Bearer TOKEN`');
    return caller;
  }
}
