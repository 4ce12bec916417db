import { InvariantError } from './errors';

/** Throws `InvariantError` when `condition` is false; the message names the argument and its allowed range. */
export function invariant(condition: unknown, message: string | (() => string)): asserts condition {
  if (!condition) throw new InvariantError(typeof message === 'string' ? message : message());
}

/** Ends an exhaustive switch: a new union member is a compile error here. */
export function assertNever(value: never): never {
  throw new InvariantError(`unexpected value ${JSON.stringify(value)}`);
}
