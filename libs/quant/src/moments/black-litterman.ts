import { InputError, invariant } from '@allostat/kernel';
import { assetMatrix, type AssetMatrix } from '../linalg/asset-matrix';
import { cholesky, choleskySolve } from '../linalg/cholesky';
import { multiply } from '../linalg/products';

/** A view: the portfolio `weights` (by asset, long and short) returns `expected` per period. */
export interface View {
  readonly weights: Readonly<Record<string, number>>;
  readonly expected: number;
  /** 0 < confidence <= 1 after Idzorek (2005); left out, the view's uncertainty is tau p'Sp (He and Litterman, 1999). */
  readonly confidence?: number;
}

export interface BlackLittermanOptions {
  readonly prior: Float64Array;
  /** Uncertainty of the prior mean; 1 / T is usual. */
  readonly tau: number;
  readonly views: readonly View[];
}

/** Posterior mean and covariance of returns. */
export interface BlackLittermanPosterior {
  readonly mean: Float64Array;
  readonly covariance: AssetMatrix;
}

/**
 * Black-Litterman posterior: mean = prior + V (PV + O)^-1 (q - P prior), covariance = S + tau S - V (PV + O)^-1 V', V = tau S P'.
 * Black and Litterman (1992), Financial Analysts J. 48; O is diagonal, by view.
 */
export function blackLitterman(
  covariance: AssetMatrix,
  { prior, tau, views }: BlackLittermanOptions,
): BlackLittermanPosterior {
  const n = covariance.assets.length;
  const m = views.length;
  invariant(prior.length === n, () => `${n} assets need ${n} prior returns, got ${prior.length}`);
  invariant(tau > 0, () => `tau must be > 0, got ${tau}`);
  const rows = views.map((view) => viewRow(view, covariance.assets));
  const spread = rows.map((row) => multiply(covariance.values, row, n).map((value) => tau * value));
  const inner = new Float64Array(m * m);
  for (let a = 0; a < m; a++) {
    for (let b = 0; b < m; b++) for (let i = 0; i < n; i++) inner[a * m + b] += rows[a][i] * spread[b][i];
  }
  for (let a = 0; a < m; a++) {
    const own = inner[a * m + a];
    const { confidence } = views[a];
    invariant(
      confidence === undefined || (confidence > 0 && confidence <= 1),
      () => `confidence of a view must lie in 0..1, got ${confidence}`,
    );
    inner[a * m + a] += confidence === undefined ? own : own * (1 / confidence - 1);
  }
  const factor = cholesky(inner, m);
  if (factor.status !== 'factored') {
    throw new InputError(
      `view ${factor.pivot + 1} contradicts or repeats the others with full confidence`,
      { field: `views[${factor.pivot}]` },
      'lower the confidence of one of them',
    );
  }
  const surprise = Float64Array.from(views, (view, a) => {
    let sum = view.expected;
    for (let i = 0; i < n; i++) sum -= rows[a][i] * prior[i];
    return sum;
  });
  choleskySolve(factor, surprise);
  const mean = prior.slice();
  for (let a = 0; a < m; a++) for (let i = 0; i < n; i++) mean[i] += spread[a][i] * surprise[a];
  const values = covariance.values.map((value) => (1 + tau) * value);
  for (let i = 0; i < n; i++) {
    const solved = choleskySolve(
      factor,
      Float64Array.from({ length: m }, (_, a) => spread[a][i]),
    );
    for (let j = 0; j < n; j++) for (let a = 0; a < m; a++) values[i * n + j] -= solved[a] * spread[a][j];
  }
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < i; j++) values[i * n + j] = values[j * n + i] = (values[i * n + j] + values[j * n + i]) / 2;
  }
  return { mean, covariance: assetMatrix(covariance.assets, values) };
}

function viewRow({ weights }: View, assets: readonly string[]): Float64Array {
  const row = new Float64Array(assets.length);
  for (const [asset, weight] of Object.entries(weights)) {
    const i = assets.indexOf(asset);
    if (i < 0) throw new InputError(`a view names the asset ${asset}, which is not in the universe`, { field: asset });
    row[i] = weight;
  }
  return row;
}
