import { canonicalJson, invariant } from '@allostat/kernel';

const KINDS = { Float64Array, Float32Array, Int32Array, Uint32Array, Uint8Array } as const;
type Kind = keyof typeof KINDS;
const TAG = '$typed';

function pack(value: unknown): unknown {
  if (ArrayBuffer.isView(value)) {
    const kind = value.constructor.name === 'Buffer' ? 'Uint8Array' : value.constructor.name;
    invariant(kind in KINDS, `state cannot hold a ${kind}; allowed are ${Object.keys(KINDS).join(', ')}`);
    return { [TAG]: kind, base64: Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('base64') };
  }
  if (Array.isArray(value)) return value.map(pack);
  if (typeof value !== 'object' || value === null) return value;
  const prototype: unknown = Object.getPrototypeOf(value);
  invariant(
    prototype === Object.prototype || prototype === null,
    () => `state must be plain data, found a ${value.constructor.name}`,
  );
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, pack(member)]));
}

function revive(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || !(TAG in value)) return value;
  const { [TAG]: kind, base64 } = value as { [TAG]: Kind; base64: string };
  const bytes = Buffer.from(base64, 'base64');
  const Typed = KINDS[kind];
  // A copy, because the decoder's memory is not aligned to the size of a number.
  return new Typed(new Uint8Array(bytes).buffer);
}

/**
 * Bytes of a state: canonical JSON, typed arrays as base64 of their memory (little-endian). Equal states give equal
 * bytes. Throws `InvariantError` for what JSON would lose: NaN outside of typed arrays, dates, maps, class instances.
 */
export function encodeState(state: unknown): Buffer {
  return Buffer.from(canonicalJson(pack(state)), 'utf8');
}

/** The state that `encodeState` was given. */
export function decodeState<S>(bytes: Uint8Array): S {
  return JSON.parse(Buffer.from(bytes).toString('utf8'), revive) as S;
}
