import { Encoder } from 'cbor-x';
import { invariant } from '@allostat/kernel';

const TYPED = new Set(['Float64Array', 'Float32Array', 'Int32Array', 'Uint32Array', 'Uint8Array', 'Buffer']);
const JSON_OBJECT = '{'.charCodeAt(0);
const JSON_KINDS = { Float64Array, Float32Array, Int32Array, Uint32Array, Uint8Array } as const;
const codec = new Encoder({ useRecords: false, variableMapSize: true });

/** CBOR would write the members of a class instance and forget its class. */
function assertPlain(value: unknown): void {
  if (typeof value === 'number') invariant(!Number.isNaN(value), 'state holds NaN outside of a typed array');
  if (typeof value !== 'object' || value === null) return;
  const prototype: unknown = Object.getPrototypeOf(value);
  if (Array.isArray(value)) return value.forEach(assertPlain);
  if (ArrayBuffer.isView(value)) return invariant(TYPED.has(value.constructor.name), () => refusal(value));
  invariant(prototype === Object.prototype || prototype === null, () => refusal(value));
  Object.values(value).forEach(assertPlain);
}

function refusal(value: object): string {
  return `state must be plain data, found a ${value.constructor.name}; typed arrays may be ${[...TYPED].join(', ')}`;
}

/**
 * Bytes of a state: CBOR (RFC 8949), typed arrays by their memory (RFC 8746, little-endian), members in their order.
 * A window of numbers costs eight bytes a number and no conversion to decimals.
 * Throws `InvariantError` for what would not come back as it was: NaN outside of typed arrays, dates, maps, instances.
 */
export function encodeState(state: unknown): Buffer {
  assertPlain(state);
  return codec.encode(state);
}

/** The state that `encodeState` was given; also of bytes that version 0.1 wrote as JSON. */
export function decodeState<S>(bytes: Uint8Array): S {
  return (bytes[0] === JSON_OBJECT ? JSON.parse(Buffer.from(bytes).toString(), reviveTyped) : codec.decode(bytes)) as S;
}

function reviveTyped(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || !('$typed' in value)) return value;
  const { $typed, base64 } = value as { $typed: keyof typeof JSON_KINDS; base64: string };
  return new JSON_KINDS[$typed](new Uint8Array(Buffer.from(base64, 'base64')).buffer);
}
