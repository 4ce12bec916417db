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
  let year: TrailingYear | undefined;
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
    year ??= new TrailingYear(n);
    const impact = year.impact(history, row, value);
    const cash = 1 - weights.reduce((sum, w) => sum + w, 0);
    const held = Float64Array.of(...weights, cash);
    const problem: PortfolioProblem = {
      assets: [...assets, 'cash'],
      objective: { expectedReturn: 1, variance: riskAversion, tradingCost: 1 },
      expectedReturns: Float64Array.of(...moments.mean(), 0),
      factorCovariance: withCash(found.covariance),
      previousWeights: held,
      costs: {
        linear: Float64Array.from({ length: n + 1 }, (_, i) => (i < n ? halfSpread : 0)),
        impact: Float64Array.of(...impact, 0),
      },
    };
    // a trade of a day needs no more digits than the peers give it
    const result = optimizePortfolio(problem, { tolerance: 1e-8, startWeights: held });
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

/** What the impact term takes from the last year: squared changes and traded money, asset by asset. */
class TrailingYear {
  private readonly squares: Float64Array;
  private readonly money: Float64Array;
  private done = 0;

  constructor(private readonly n: number) {
    this.squares = new Float64Array(n * YEAR);
    this.money = new Float64Array(n * YEAR);
  }

  /** volatility * sqrt(value / daily money) of each asset. */
  impact({ levels, volumes }: MarketHistory, row: number, value: number): Float64Array {
    const { n, squares, money } = this;
    for (let t = Math.max(this.done + 1, row - YEAR + 1); t <= row; t++) {
      for (let i = 0, at = t * n, to = t % YEAR; i < n; i++, at++, to += YEAR) {
        const change = levels[at] / levels[at - n] - 1;
        squares[to] = change * change;
        money[to] = (volumes as Float64Array)[at];
      }
    }
    this.done = row;
    const count = Math.min(row, YEAR);
    return Float64Array.from({ length: n }, (_, i) => {
      const of = (values: Float64Array): number => {
        let sum = 0;
        for (let t = i * YEAR, end = t + YEAR; t < end; t++) sum += values[t];
        return sum / count;
      };
      return Math.sqrt(of(squares)) * Math.sqrt(value / of(money));
    });
  }
}

/** Sums of returns and of their products (lower triangle), one row more a day. */
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
        for (let j = 0, at = i * n; j <= i; j++, at++) products[at] += own * change[j];
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
    for (let i = 0; i < n; i++)
      for (let j = 0, at = i * n; j <= i; j++, at++)
        out[at] = out[j * n + i] = products[at] / count - mean[i] * mean[j];
    return out;
  }
}
