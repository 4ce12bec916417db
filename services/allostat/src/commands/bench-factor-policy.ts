import {
  optimizePortfolio,
  statisticalFactors,
  type FactorCovariance,
  type MarketHistory,
  type PortfolioPolicy,
  type PortfolioProblem,
} from '@allostat/quant';

export interface FactorPolicyOptions {
  readonly riskAversion: number;
  readonly factors: number;
  /** Cost of a unit traded, decimals. */
  readonly halfSpread: number;
}

/** Trailing rows that measure volatility and traded money for the impact term. */
const YEAR = 252;

/**
 * Every day: mean return less risk aversion times variance by statistical factors, less spread and 3/2-power impact against what is
 * held; long only, with cash. Means and covariance use all returns up to the close; sums are carried on from day to day.
 */
export function factorPolicy({ riskAversion, factors, halfSpread }: FactorPolicyOptions): PortfolioPolicy {
  let moments: RunningMoments | undefined;
  let start: Float64Array | undefined;
  return ({ row, assets, history, weights, value }) => {
    const n = assets.length;
    moments ??= new RunningMoments(n);
    moments.addUntil(history, row);
    const found = statisticalFactors({ assets, values: moments.covariance() }, factors, {
      tolerance: 1e-5,
      ...(start && { start }),
    });
    start = found.vectors;
    const impact = impactCoefficients(history, row, value);
    const cash = 1 - weights.reduce((sum, w) => sum + w, 0);
    const problem: PortfolioProblem = {
      assets: [...assets, 'cash'],
      objective: { expectedReturn: 1, variance: riskAversion, tradingCost: 1 },
      expectedReturns: Float64Array.of(...moments.mean(), 0),
      factorCovariance: withCash(found.covariance),
      previousWeights: Float64Array.of(...weights, cash),
      costs: {
        linear: Float64Array.from({ length: n + 1 }, (_, i) => (i < n ? halfSpread : 0)),
        impact: Float64Array.of(...impact, 0),
      },
    };
    // a trade of a day needs no more digits than the peers give it
    const result = optimizePortfolio(problem, { tolerance: 1e-8 });
    if (result.status !== 'optimal') throw new Error(`row ${row}: ${result.status}`);
    return result.weights.subarray(0, n);
  };
}

/** Cash beside the assets; its variance is not zero, so that the solver can divide by it, but far below any other. */
function withCash({ assets, factors, loadings, specific }: FactorCovariance): FactorCovariance {
  const wider = new Float64Array(loadings.length + factors);
  wider.set(loadings);
  return { assets: [...assets, 'cash'], factors, loadings: wider, specific: Float64Array.of(...specific, 1e-14) };
}

/** volatility * sqrt(value / daily money) of each asset, over the last year. */
function impactCoefficients({ assets, levels, volumes }: MarketHistory, row: number, value: number): Float64Array {
  const n = assets.length;
  const out = new Float64Array(n);
  const from = Math.max(1, row - YEAR + 1);
  const count = row - from + 1;
  for (let i = 0; i < n; i++) {
    let squares = 0;
    let money = 0;
    for (let t = from, at = from * n + i; t <= row; t++, at += n) {
      const change = levels[at] / levels[at - n] - 1;
      squares += change * change;
      money += (volumes as Float64Array)[at];
    }
    out[i] = Math.sqrt(squares / count) * Math.sqrt(value / (money / count));
  }
  return out;
}

/** Sums of returns and of their products, one row more a day. */
class RunningMoments {
  private readonly sum: Float64Array;
  private readonly products: Float64Array;
  private readonly matrix: Float64Array;
  private count = 0;
  private done = 0;

  constructor(private readonly n: number) {
    this.sum = new Float64Array(n);
    this.products = new Float64Array(n * n);
    this.matrix = new Float64Array(n * n);
  }

  addUntil({ levels }: MarketHistory, row: number): void {
    const { n, sum, products } = this;
    const change = new Float64Array(n);
    for (let t = this.done + 1; t <= row; t++) {
      for (let i = 0; i < n; i++) change[i] = levels[t * n + i] / levels[(t - 1) * n + i] - 1;
      for (let i = 0; i < n; i++) {
        const own = change[i];
        sum[i] += own;
        for (let j = 0, at = i * n; j < n; j++, at++) products[at] += own * change[j];
      }
      this.count++;
    }
    this.done = row;
  }

  mean(): Float64Array {
    return this.sum.map((value) => value / this.count);
  }

  /** Valid until the next call. */
  covariance(): Float64Array {
    const { n, products, count, matrix: out } = this;
    const mean = this.mean();
    for (let i = 0, at = 0; i < n; i++)
      for (let j = 0; j < n; j++, at++) out[at] = products[at] / count - mean[i] * mean[j];
    return out;
  }
}
