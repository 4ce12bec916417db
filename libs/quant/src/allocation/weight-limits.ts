import { InputError } from '@allostat/kernel';
import type { LinearRow } from '../optimization/dual-active-set';

/** Least and greatest weight, decimals (0.05 is five percent); left out means no limit of its own. */
export interface WeightRange {
  readonly min?: number;
  readonly max?: number;
}

/** Limits on the sum of weights of some assets; groups may overlap. */
export interface GroupLimit extends WeightRange {
  readonly name: string;
  readonly assets: readonly string[];
}

/** Limits on weights. Weights that no limit names lie in 0..1. */
export interface WeightLimits {
  /** Holds for every asset without a limit of its own. */
  readonly default?: WeightRange;
  readonly byAsset?: Readonly<Record<string, WeightRange>>;
  readonly groups?: readonly GroupLimit[];
}

/** One statement of the person who set the limits: its rows stand or fall together. */
export interface NamedLimit {
  readonly name: string;
  readonly rows: readonly LinearRow[];
}

export interface ResolvedLimits {
  readonly min: Float64Array;
  readonly max: Float64Array;
  readonly groups: readonly {
    readonly name: string;
    readonly members: readonly number[];
    readonly min: number;
    readonly max: number;
  }[];
  /** Everything above as named statements `row . w >= bound`; "weights are not negative" included. */
  readonly named: readonly NamedLimit[];
}

/** Limits as arrays in the order of `assets`; throws `InputError` on an unknown asset, a bound outside 0..1 or a minimum above its maximum. */
export function resolveWeightLimits(limits: WeightLimits, assets: readonly string[]): ResolvedLimits {
  const n = assets.length;
  const position = new Map(assets.map((asset, i) => [asset, i]));
  checkRange('default', limits.default ?? {});
  const min = new Float64Array(n).fill(limits.default?.min ?? 0);
  const max = new Float64Array(n).fill(limits.default?.max ?? 1);
  const low: NamedLimit[] = [];
  const own = { min: new Set<number>(), max: new Set<number>() };
  for (const [asset, range] of Object.entries(limits.byAsset ?? {}).sort(([a], [b]) => (a < b ? -1 : 1))) {
    const i = position.get(asset);
    if (i === undefined) throw unknownAsset(asset, 'weight limits');
    checkRange(asset, range);
    if (range.min !== undefined) {
      min[i] = range.min;
      own.min.add(i);
      low.push({ name: `minimum weight of ${asset}`, rows: [atLeast([i], range.min)] });
    }
    if (range.max !== undefined) {
      max[i] = range.max;
      own.max.add(i);
      low.push({ name: `maximum weight of ${asset}`, rows: [atMost([i], range.max)] });
    }
  }
  const others = (set: Set<number>): number[] => Array.from({ length: n }, (_, i) => i).filter((i) => !set.has(i));
  const named: NamedLimit[] = [
    {
      name: limits.default?.min === undefined ? 'weights are not negative' : 'minimum weight',
      rows: others(own.min).map((i) => atLeast([i], min[i])),
    },
    {
      name: limits.default?.max === undefined ? 'weights are at most 1' : 'maximum weight',
      rows: others(own.max).map((i) => atMost([i], max[i])),
    },
    ...low,
  ];
  const groups = (limits.groups ?? []).map((group) => {
    checkRange(`group ${group.name}`, group);
    const members = [...new Set(group.assets)].map((asset) => {
      const i = position.get(asset);
      if (i === undefined) throw unknownAsset(asset, `group ${group.name}`);
      return i;
    });
    members.sort((a, b) => a - b);
    if (group.min !== undefined)
      named.push({ name: `minimum of group ${group.name}`, rows: [atLeast(members, group.min)] });
    if (group.max !== undefined)
      named.push({ name: `maximum of group ${group.name}`, rows: [atMost(members, group.max)] });
    return { name: group.name, members, min: group.min ?? 0, max: group.max ?? 1 };
  });
  return { min, max, groups, named: named.filter((limit) => limit.rows.length > 0) };
}

function atLeast(members: readonly number[], bound: number): LinearRow {
  return { indices: members, coefficients: members.map(() => 1), bound };
}

function atMost(members: readonly number[], bound: number): LinearRow {
  return { indices: members, coefficients: members.map(() => -1), bound: -bound };
}

function checkRange(where: string, { min = 0, max = 1 }: WeightRange): void {
  for (const [name, value] of [['min', min] as const, ['max', max] as const]) {
    if (!(value >= 0 && value <= 1)) {
      throw new InputError(
        `${name} weight of ${where} is ${value}; it must lie in 0..1`,
        { field: where },
        value > 1 && value <= 100 ? `weights are decimals: ${value} percent is ${value / 100}` : undefined,
      );
    }
  }
  if (min > max) throw new InputError(`min weight of ${where} (${min}) is above its max (${max})`, { field: where });
}

function unknownAsset(asset: string, where: string): InputError {
  return new InputError(`${where} name the asset ${asset}, which is not in the universe`, { field: asset });
}
