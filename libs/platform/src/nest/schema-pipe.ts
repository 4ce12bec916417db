import type { PipeTransform } from '@nestjs/common';
import { InputError } from '@allostat/kernel';
import type { z } from 'zod';

/**
 * Gives a route a part of its request as a schema says, as in `@Body(new SchemaPipe(orderBody)) order`. Throws
 * `InputError` that names the field. The schema is also what the description of the interface says of the part.
 */
export class SchemaPipe<T> implements PipeTransform<unknown, T> {
  constructor(readonly schema: z.ZodType<T>) {}

  transform(given: unknown): T {
    const parsed = this.schema.safeParse(given ?? {});
    if (parsed.success) return parsed.data;
    const [issue] = parsed.error.issues;
    const field = issue.path.map(String).join('.');
    throw new InputError(`${field || 'request'}: ${issue.message}`, { field });
  }
}
