import { fromDecimal } from '@allostat/kernel';
import type { DescEnum } from '@bufbuild/protobuf';
import { UndecodableMessageError } from './undecodable-message-error';

const DATE = /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/;
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/;
const HASH = /^[0-9a-f]{64}$/;

/** Tolerance on sums that must be one: far above rounding of doubles, far below a basis point. */
export const SUM_TOLERANCE = 1e-9;

/** Reads the fields of one message and refuses what is missing, not finite or out of range, naming the field. */
export class FieldReader {
  constructor(private readonly messageType: string) {}

  fail(field: string, reason: string): never {
    throw new UndecodableMessageError(this.messageType, field, reason);
  }

  text(field: string, value: string): string {
    return value === '' ? this.fail(field, 'is missing') : value;
  }

  date(field: string, value: string): string {
    return DATE.test(value) ? value : this.fail(field, `must be a date YYYY-MM-DD, got "${value}"`);
  }

  instant(field: string, value: string): string {
    const known = INSTANT.test(value) && !Number.isNaN(Date.parse(value));
    return known ? value : this.fail(field, `must be an instant in UTC such as 2024-01-31T21:00:00Z, got "${value}"`);
  }

  hash(field: string, value: string): string {
    return HASH.test(value) ? value : this.fail(field, `must be 64 hexadecimal digits, got "${value}"`);
  }

  finite(field: string, value: number): number {
    return Number.isFinite(value) ? value : this.fail(field, `must be finite, got ${value}`);
  }

  between(field: string, value: number, min: number, max: number): number {
    return value >= min && value <= max ? value : this.fail(field, `must lie in [${min}, ${max}], got ${value}`);
  }

  decimal(field: string, value: string): number {
    return fromDecimal(value) ?? this.fail(field, `must be a plain decimal such as 0.05, got "${value}"`);
  }

  safeInteger(field: string, value: bigint): number {
    const number = Number(value);
    return Number.isSafeInteger(number) ? number : this.fail(field, `is too large: ${value}`);
  }

  present<T>(field: string, value: T | undefined): T {
    return value === undefined ? this.fail(field, 'is missing') : value;
  }

  sumsToOne(field: string, values: readonly number[]): void {
    const sum = values.reduce((total, value) => total + value, 0);
    if (!(Math.abs(sum - 1) <= SUM_TOLERANCE)) this.fail(field, `must sum to 1, sum is ${sum}`);
  }

  /** The enum member's name in our words: `DECISION_TRIGGER_REGIME_CHANGE` is `regime-change`. */
  enumName<T extends string>(field: string, schema: DescEnum, number: number): T {
    const member = number === 0 ? undefined : schema.values.find((value) => value.number === number);
    return member ? (kebab(member.localName) as T) : this.fail(field, `has the unknown value ${number}`);
  }
}

/** Inverse of `FieldReader.enumName`. */
export function enumNumber(schema: DescEnum, name: string): number {
  const member = schema.values.find((value) => value.number !== 0 && kebab(value.localName) === name);
  if (!member) throw new UndecodableMessageError(schema.typeName, name, 'is not a value of the enum');
  return member.number;
}

function kebab(localName: string): string {
  return localName.toLowerCase().replaceAll('_', '-');
}

/** `{ [key]: value }` when the value is present, else nothing: absent members stay absent. */
export function optional<K extends string, V>(key: K, value: V | undefined): { [P in K]?: NoInfer<V> };
export function optional<K extends string, V, R>(
  key: K,
  value: V | undefined,
  map: (value: V) => R,
): { [P in K]?: NoInfer<R> };
export function optional(key: string, value: unknown, map?: (value: unknown) => unknown): Record<string, unknown> {
  if (value === undefined) return {};
  return { [key]: map ? map(value) : value };
}
