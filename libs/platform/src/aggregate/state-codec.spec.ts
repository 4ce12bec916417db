import { decodeState, encodeState } from './state-codec';

describe('state codec', () => {
  it('gives back numbers bit for bit, NaN and minus zero inside typed arrays included', () => {
    const state = {
      mean: new Float64Array([0.1 + 0.2, -0, Number.NaN, Number.MIN_VALUE, Infinity]),
      nested: [{ counts: new Int32Array([1, -2]) }, null, 'text', true, 1e-300],
    };
    const back = decodeState<typeof state>(encodeState(state));
    expect(back).toEqual(state);
    expect(Object.is(back.mean[1], -0)).toBe(true);
    expect(back.mean).toBeInstanceOf(Float64Array);
  });

  it('gives the same state the same bytes, also after it was stored', () => {
    const state = { x: 1, y: new Float64Array([2]), deep: [{ a: 0.1 }, { b: 2 ** 40 }] };
    const bytes = encodeState(state);
    expect(encodeState(decodeState(bytes)).equals(bytes)).toBe(true);
  });

  it('writes a window of numbers in eight bytes each', () => {
    const window = Float64Array.from({ length: 1000 }, (_, i) => Math.sin(i));
    expect(encodeState({ window }).length).toBeLessThan(8 * window.length + 30);
  });

  it('reads a state that was stored as JSON', () => {
    const stored = '{"bars":3,"window":{"$typed":"Float64Array","base64":"AAAAAAAA8D8AAAAAAAAAQA=="}}';
    expect(decodeState(Buffer.from(stored))).toEqual({ bars: 3, window: new Float64Array([1, 2]) });
  });

  it('encodes a view as the part it shows', () => {
    const view = new Float64Array([1, 2, 3, 4]).subarray(1, 3);
    expect(decodeState<Float64Array>(encodeState(view))).toEqual(new Float64Array([2, 3]));
  });

  it.each([
    ['NaN', { x: Number.NaN }],
    ['a date', { at: new Date(0) }],
    ['a map', { m: new Map() }],
    ['an array type it does not know', { b: new BigInt64Array(1) }],
  ])('refuses %s, which would be lost', (_name, state) => {
    expect(() => encodeState(state)).toThrow();
  });
});
