import { z } from 'zod';
import { InputError } from '@allostat/kernel';

/** A request's body as its schema says; throws `InputError` that names the field. Unknown fields are refused. */
export function parseBody<T>(schema: z.ZodType<T>, body: unknown): T {
  const parsed = schema.safeParse(body ?? {});
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const field = issue.path.map(String).join('.');
  throw new InputError(`${field || 'body'}: ${issue.message}`, { field });
}
