import { InputError } from '@allostat/kernel';

/** weights . w >= bound, and the words it came from. */
export interface SpokenLimit {
  readonly name: string;
  readonly weights: Float64Array;
  readonly bound: number;
}

/**
 * Reads a relation between weights: sums of names with factors and numbers, joined by <=, >= or ==.
 * `"Equity <= 0.5 * Bond"`, `"A + 2 B >= 0.1"`, `"0.2 <= Gold"`. A name is an asset or a group; names with blanks or
 * signs stand in quotes. An equation gives two limits. Throws `InputError` that points at the word it cannot read.
 */
export function readLinearLimit(
  text: string,
  { assets, groups }: { readonly assets: readonly string[]; readonly groups: ReadonlyMap<string, readonly string[]> },
): readonly SpokenLimit[] {
  const sides = text.split(/<=|>=|==|=|≤|≥/);
  const sign = /<=|>=|==|=|≤|≥/.exec(text)?.[0];
  if (sides.length !== 2 || sign === undefined) {
    throw new InputError(
      `"${text}" must have exactly one of <=, >= or ==`,
      { field: text },
      'for example "Equity <= 0.5 * Bond"',
    );
  }
  const position = new Map(assets.map((asset, i) => [asset, i]));
  const weights = new Float64Array(assets.length);
  let constant = 0;
  sides.forEach((side, k) => {
    for (const { factor, name } of terms(side, text)) {
      const value = k === 0 ? factor : -factor;
      if (name === undefined) constant += value;
      else for (const i of members(name, position, groups, text)) weights[i] += value;
    }
  });
  const above = { name: text, weights, bound: -constant };
  const below = { name: text, weights: weights.map((value) => -value), bound: constant };
  if (sign === '>=' || sign === '≥') return [above];
  return sign === '<=' || sign === '≤' ? [below] : [above, below];
}

function members(
  name: string,
  position: ReadonlyMap<string, number>,
  groups: ReadonlyMap<string, readonly string[]>,
  text: string,
): number[] {
  const own = position.get(name);
  if (own !== undefined) return [own];
  const group = groups.get(name);
  if (group === undefined) {
    const known = [...groups.keys(), ...position.keys()];
    throw new InputError(
      `"${text}" names ${name}, which is neither an asset nor a group`,
      { field: name },
      `known names begin ${known.slice(0, 8).join(', ')}`,
    );
  }
  return group.map((asset) => position.get(asset)).filter((i) => i !== undefined);
}

/** Signed terms `factor`, `name`, `factor * name` or `factor name` of one side. */
function terms(side: string, text: string): { factor: number; name?: string }[] {
  const pattern =
    /\s*([+-])?\s*(?:(\d+\.?\d*(?:[eE][+-]?\d+)?|\.\d+)\s*\*?\s*)?(?:"([^"]+)"|([\p{L}_][\p{L}\p{N}_.&/]*))?/uy;
  const found: { factor: number; name?: string }[] = [];
  while (pattern.lastIndex < side.trimEnd().length) {
    const start = pattern.lastIndex;
    const match = pattern.exec(side);
    const [, sign, number, quoted, plain] = match ?? [];
    const name = quoted ?? plain;
    if (match === null || (number === undefined && name === undefined) || (found.length > 0 && sign === undefined)) {
      throw new InputError(`cannot read "${side.slice(start).trim()}" in "${text}"`, { field: text });
    }
    const factor = (sign === '-' ? -1 : 1) * (number === undefined ? 1 : Number(number));
    found.push(name === undefined ? { factor } : { factor, name });
  }
  if (found.length === 0) throw new InputError(`one side of "${text}" is empty`, { field: text });
  return found;
}
