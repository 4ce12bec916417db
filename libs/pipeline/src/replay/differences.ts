/** One place in which two records differ. */
export interface Difference {
  /** Path of the field, such as `weights.3.targetWeight`. */
  readonly field: string;
  /** Undefined where the record has no such field. */
  readonly was: unknown;
  readonly now: unknown;
}

/** Fields in which two plain records differ, in the order of the first; nothing is rounded. */
export function differences(was: unknown, now: unknown, field = ''): Difference[] {
  if (Object.is(was, now)) return [];
  if (!isTree(was) || !isTree(now) || Array.isArray(was) !== Array.isArray(now)) return [{ field, was, now }];
  const keys = [...new Set([...Object.keys(was), ...Object.keys(now)])];
  return keys.flatMap((key) => differences(was[key], now[key], field === '' ? key : `${field}.${key}`));
}

function isTree(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
