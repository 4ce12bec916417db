import { InputError } from '@allostat/kernel';
import type { z } from 'zod';

/** Checks a parsed document against a schema; throws `InputError` with every wrong field. */
export function checkDocument<T extends z.ZodType>(schema: T, document: unknown, file: string): z.infer<T> {
  const result = schema.safeParse(document);
  if (result.success) return result.data;
  const lines = result.error.issues.map((issue) => `${issue.path.join('.') || 'document'}: ${issue.message}`);
  throw new InputError(`${file}: ${lines.join('; ')}`, { file, field: result.error.issues[0].path.join('.') });
}
