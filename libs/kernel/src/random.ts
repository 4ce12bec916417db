import { invariant } from './invariant';

/** A stream of random numbers that is fully determined by its seed. */
export interface Rng {
  /** Uniform on [0, 1) with 53 random bits. */
  uniform(): number;
  /** Standard normal. */
  normal(): number;
  /** Student-t with `degreesOfFreedom` > 0 (not scaled to unit variance). */
  studentT(degreesOfFreedom: number): number;
  /** Gamma with `shape` > 0 and scale 1. */
  gamma(shape: number): number;
  /** Integer on [0, bound). */
  integer(bound: number): number;
  /** An independent stream derived from this seed and a name. */
  fork(name: string): Rng;
}

/** sfc32 of Chris Doty-Humphrey (PractRand), seeded by splitmix-style mixing of seed and stream name. */
export function createRng(seed: number, stream = ''): Rng {
  invariant(Number.isSafeInteger(seed), `seed must be a safe integer, got ${seed}`);
  const state = mixSeed(seed, stream);
  let spare: number | undefined;

  const next32 = (): number => {
    const t = (((state[0] + state[1]) | 0) + state[3]) | 0;
    state[3] = (state[3] + 1) | 0;
    state[0] = state[1] ^ (state[1] >>> 9);
    state[1] = (state[2] + (state[2] << 3)) | 0;
    state[2] = ((state[2] << 21) | (state[2] >>> 11)) + t;
    return t >>> 0;
  };
  for (let i = 0; i < 20; i++) next32();

  const uniform = (): number => ((next32() >>> 5) * 67108864 + (next32() >>> 6)) / 9007199254740992;
  const normal = (): number => {
    if (spare !== undefined) {
      const value = spare;
      spare = undefined;
      return value;
    }
    for (;;) {
      // Marsaglia's polar method
      const u = 2 * uniform() - 1;
      const v = 2 * uniform() - 1;
      const s = u * u + v * v;
      if (s > 0 && s < 1) {
        const f = Math.sqrt((-2 * Math.log(s)) / s);
        spare = v * f;
        return u * f;
      }
    }
  };
  const gamma = (shape: number): number => {
    invariant(shape > 0, `gamma shape must be > 0, got ${shape}`);
    if (shape < 1) return gamma(shape + 1) * Math.pow(1 - uniform(), 1 / shape);
    const d = shape - 1 / 3; // Marsaglia and Tsang (2000)
    const c = 1 / Math.sqrt(9 * d);
    for (;;) {
      const x = normal();
      const root = 1 + c * x;
      const v = root * root * root; // a product, not a power: engines round powers differently
      if (v > 0 && Math.log(1 - uniform()) < 0.5 * x * x + d - d * v + d * Math.log(v)) return d * v;
    }
  };
  return {
    uniform,
    normal,
    gamma,
    studentT: (degreesOfFreedom) => normal() / Math.sqrt((2 * gamma(degreesOfFreedom / 2)) / degreesOfFreedom),
    integer: (bound) => {
      invariant(Number.isSafeInteger(bound) && bound > 0, `bound must be a positive integer, got ${bound}`);
      return Math.floor(uniform() * bound);
    },
    fork: (name) => createRng(seed, `${stream}/${name}`),
  };
}

function mixSeed(seed: number, stream: string): Int32Array {
  let h = (seed ^ Math.floor(seed / 4294967296)) | 0;
  for (let i = 0; i < stream.length; i++) h = Math.imul(h ^ stream.charCodeAt(i), 0x01000193);
  const state = new Int32Array(4);
  for (let i = 0; i < 4; i++) {
    h = (h + 0x9e3779b9) | 0;
    let z = h;
    z = Math.imul(z ^ (z >>> 16), 0x85ebca6b);
    z = Math.imul(z ^ (z >>> 13), 0xc2b2ae35);
    state[i] = z ^ (z >>> 16);
  }
  return state;
}
