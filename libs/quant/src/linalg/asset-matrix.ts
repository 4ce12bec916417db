import { InputError, invariant } from '@allostat/kernel';

/** A symmetric matrix whose rows and columns are assets; element (i, j) stands at `values[i * n + j]`. */
export interface AssetMatrix {
  readonly assets: readonly string[];
  readonly values: Float64Array;
}

/** Wraps a symmetric matrix with its asset names; throws `InputError` on a duplicate name, a wrong length, a value that is not finite or asymmetry above 1e-9 of the diagonal. */
export function assetMatrix(assets: readonly string[], values: ArrayLike<number>): AssetMatrix {
  const n = assets.length;
  checkAssetNames(assets);
  invariant(values.length === n * n, () => `${n} assets need ${n * n} matrix values, got ${values.length}`);
  const copy = Float64Array.from(values);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      const a = copy[i * n + j];
      const b = copy[j * n + i];
      if (!Number.isFinite(a) || !Number.isFinite(b)) {
        throw new InputError(
          `matrix element (${assets[i]}, ${assets[j]}) is ${Number.isFinite(a) ? b : a}; every element must be finite`,
          { field: assets[i] },
          'drop the asset or repair its series before estimating',
        );
      }
      const scale = Math.sqrt(Math.abs(copy[i * n + i] * copy[j * n + j]));
      if (Math.abs(a - b) > 1e-9 * Math.max(scale, Math.abs(a))) {
        throw new InputError(`matrix is not symmetric at (${assets[i]}, ${assets[j]}): ${a} and ${b}`, {
          field: assets[i],
        });
      }
    }
  }
  return { assets, values: copy };
}

/** Throws `InputError` when there is no asset or a name occurs twice. */
export function checkAssetNames(assets: readonly string[]): void {
  if (assets.length === 0) throw new InputError('there is no asset; at least one is needed');
  const seen = new Set<string>();
  for (const asset of assets) {
    if (seen.has(asset)) throw new InputError(`asset ${asset} occurs twice; names must be unique`, { field: asset });
    seen.add(asset);
  }
}

/**
 * Positions of the assets in canonical order: by name, by UTF-16 code unit.
 * Every allocation is computed in this order, so the order of input columns cannot change a bit of the result.
 */
export function canonicalOrder(assets: readonly string[]): Int32Array {
  const order = Int32Array.from(assets, (_, i) => i);
  return order.sort((a, b) => (assets[a] < assets[b] ? -1 : assets[a] > assets[b] ? 1 : 0));
}

/** The matrix with rows and columns taken in `order` (positions in the old matrix). */
export function reorderAssets(source: AssetMatrix, order: ArrayLike<number>): AssetMatrix {
  const n = source.assets.length;
  const m = order.length;
  const values = new Float64Array(m * m);
  for (let i = 0; i < m; i++) {
    const from = order[i] * n;
    for (let j = 0; j < m; j++) values[i * m + j] = source.values[from + order[j]];
  }
  return { assets: Array.from({ length: m }, (_, i) => source.assets[order[i]]), values };
}
