import { dot } from '../linalg/products';
import { portfolioReturns } from '../linalg/return-panel';
import { drawdownsOf } from '../risk/drawdowns';
import type { LimitStatement, RiskTerm, TotalTerm } from './limit-statements';
import type { Objective, ObjectiveTerm, PortfolioProblem } from './portfolio-problem';
import { covarianceProduct, meansOf, probabilitiesOf, requireWeights, scenariosOf } from './problem-data';
import { taxedLots } from './tax-lots';

/** Measures weights by the definitions, not by the solver's variables. */
export class PortfolioMeasures {
  private readonly cache = new Map<string, number>();

  constructor(
    private readonly problem: PortfolioProblem,
    private readonly weights: Float64Array,
  ) {}

  /** Value of one objective term or limited risk. */
  of(term: ObjectiveTerm | RiskTerm | TotalTerm): number {
    const known = this.cache.get(term);
    if (known !== undefined) return known;
    const value = this.compute(term);
    this.cache.set(term, value);
    return value;
  }

  /** Weighted sum that the program minimises. */
  objective(objective: Objective): number {
    let sum = 0;
    for (const [term, weight] of Object.entries(objective) as [ObjectiveTerm, number][]) {
      if (weight > 0) sum += (term === 'expectedReturn' ? -1 : 1) * weight * this.of(term);
    }
    return sum;
  }

  /** By how much a limit is missed, in its own unit; 0 when it is met. */
  miss(statement: LimitStatement): number {
    if (statement.kind === 'bounds') {
      return statement.rows.reduce((worst, row) => Math.max(worst, row.bound - row.sign * this.weights[row.index]), 0);
    }
    if (statement.kind === 'linear') return Math.max(0, statement.bound - dot(statement.weights, this.weights));
    if (statement.kind === 'return') return Math.max(0, statement.bound - this.of('expectedReturn'));
    return Math.max(0, this.of(statement.term) - statement.bound);
  }

  private compute(term: ObjectiveTerm | RiskTerm | TotalTerm): number {
    const { problem, weights } = this;
    switch (term) {
      case 'expectedReturn':
        return dot(meansOf(problem), weights);
      case 'variance':
        return this.variance(weights);
      case 'volatility':
        return Math.sqrt(Math.max(0, this.variance(weights)));
      case 'trackingVariance':
        return this.variance(this.gap('tracking'));
      case 'trackingError':
        return Math.sqrt(Math.max(0, this.variance(this.gap('tracking'))));
      case 'squaredDistance':
        return dot(this.gap('distance'), this.gap('distance'));
      case 'distance':
      case 'activeShare':
        return this.gap('distance').reduce((sum, value) => sum + 0.5 * Math.abs(value), 0);
      case 'turnover':
        return this.trades().reduce((sum, value) => sum + 0.5 * Math.abs(value), 0);
      case 'leverage':
        return weights.reduce((sum, value) => sum + Math.abs(value), 0);
      case 'short':
        return weights.reduce((sum, value) => sum + Math.max(0, -value), 0);
      case 'tradingCost':
        return this.tradingCost();
      case 'borrowCost':
        return weights.reduce((sum, value, i) => sum + Math.max(0, -value) * (problem.borrowCosts?.[i] ?? 0), 0);
      case 'tax':
        return this.tax();
      default:
        return this.scenarioRisk(term);
    }
  }

  private variance(w: Float64Array): number {
    return dot(covarianceProduct(this.problem, w), w);
  }

  private gap(what: string): Float64Array {
    const reference = requireWeights(this.problem.reference, 'reference', what);
    return this.weights.map((value, i) => value - reference[i]);
  }

  private trades(): Float64Array {
    const previous = requireWeights(this.problem.previousWeights, 'previousWeights', 'trading');
    return this.weights.map((value, i) => value - previous[i]);
  }

  private tradingCost(): number {
    const { linear, impact } = this.problem.costs ?? {};
    return this.trades().reduce((sum, trade, i) => {
      const size = Math.abs(trade);
      const rate = typeof linear === 'number' ? linear : (linear?.[i] ?? 0);
      return sum + rate * size + (impact?.[i] ?? 0) * size * Math.sqrt(size);
    }, 0);
  }

  private tax(): number {
    const { tax, assets } = this.problem;
    if (tax === undefined) return 0;
    const trades = this.trades();
    let sum = 0;
    for (const { asset, lots } of taxedLots(tax.lots, tax)) {
      let sold = Math.max(0, -trades[assets.indexOf(asset)]);
      for (const { weight, rate } of lots) {
        const part = Math.min(sold, weight);
        sum += part * rate;
        sold -= part;
      }
      sum += sold * Math.max(0, lots[lots.length - 1].rate);
    }
    return sum;
  }

  private scenarioRisk(
    term: 'cvar' | 'cdar' | 'maximumDrawdown' | 'averageDrawdown' | 'meanAbsoluteDeviation' | 'shortfall' | 'floor',
  ): number {
    const { problem } = this;
    const panel = scenariosOf(problem, term);
    const series = portfolioReturns(panel, this.weights);
    const equal = new Float64Array(panel.periods).fill(1 / panel.periods);
    const p = probabilitiesOf(problem, panel.periods);
    if (term === 'cvar')
      return weightedTail(
        series.map((r) => -r),
        p,
        1 - (problem.confidence?.cvar ?? 0.95),
      );
    if (term === 'floor')
      return weightedTail(
        series.map((r) => -r),
        p,
        problem.limits?.floor?.probability ?? 0.05,
      );
    if (term === 'shortfall') {
      const target = problem.shortfallTarget ?? 0;
      return series.reduce((sum, r, t) => sum + p[t] * Math.max(0, target - r), 0);
    }
    if (term === 'meanAbsoluteDeviation') {
      const mean = series.reduce((sum, r, t) => sum + p[t] * r, 0);
      return series.reduce((sum, r, t) => sum + p[t] * Math.abs(r - mean), 0);
    }
    const { values } = drawdownsOf(series);
    if (term === 'cdar') return weightedTail(values, equal, 1 - (problem.confidence?.cdar ?? 0.95));
    if (term === 'averageDrawdown') return values.reduce((sum, d) => sum + d / values.length, 0);
    return values.reduce((worst, d) => Math.max(worst, d), 0);
  }
}

/** Mean of the worst `tail` of probability, the last scenario counted in part. */
function weightedTail(losses: Float64Array, p: Float64Array, tail: number): number {
  const order = Array.from(losses, (_, t) => t).sort((a, b) => losses[b] - losses[a] || a - b);
  let left = tail;
  let sum = 0;
  for (const t of order) {
    const mass = Math.min(left, p[t]);
    sum += mass * losses[t];
    left -= mass;
    if (left <= 0) break;
  }
  return sum / (tail - Math.max(0, left));
}
