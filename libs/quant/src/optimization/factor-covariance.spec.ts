import { createRng } from '@allostat/kernel';
import { denseCovariance, type FactorCovariance } from '../linalg/factor-covariance';
import { leadingEigen } from '../linalg/leading-eigen';
import { symmetricEigen } from '../linalg/symmetric-eigen';
import { statisticalFactors } from '../moments/statistical-factors';
import { optimizePortfolio, type PortfolioSolution } from './optimize-portfolio';
import type { PortfolioProblem } from './portfolio-problem';

const n = 40;
const assets = Array.from({ length: n }, (_, i) => `s${(i * 7) % n}`);

function factorsOf(seed: number, factors = 3): FactorCovariance {
  const rng = createRng(seed);
  return {
    assets,
    factors,
    loadings: Float64Array.from({ length: n * factors }, (_, k) => 0.01 * (k % factors === 0 ? 1 : rng.normal())),
    specific: Float64Array.from({ length: n }, () => 1e-4 * (0.5 + rng.uniform())),
  };
}

const solved = (problem: PortfolioProblem): PortfolioSolution => {
  const result = optimizePortfolio(problem);
  if (result.status !== 'optimal') throw new Error(result.status);
  return result;
};

describe('a covariance by factors', () => {
  it.each([1, 2, 3, 4])('gives the weights of its matrix, with costs, groups and turnover (seed %i)', (seed) => {
    const rng = createRng(100 + seed);
    const factorCovariance = factorsOf(seed);
    const problem: PortfolioProblem = {
      assets,
      objective: { expectedReturn: 1, variance: 4, tradingCost: 1 },
      expectedReturns: Float64Array.from({ length: n }, () => 4e-4 * rng.normal()),
      previousWeights: new Float64Array(n).fill(1 / n),
      costs: { linear: 0.0005, impact: new Float64Array(n).fill(0.002) },
      limits: {
        default: { max: 0.1 },
        groups: [{ name: 'g', assets: assets.slice(0, 10), max: 0.2 }],
        maxTurnover: 0.4,
      },
    };
    const byFactors = solved({ ...problem, factorCovariance });
    const byMatrix = solved({ ...problem, covariance: denseCovariance(factorCovariance) });
    expect(Math.abs(byFactors.objective - byMatrix.objective)).toBeLessThan(1e-12);
    byFactors.weights.forEach((weight, i) => expect(Math.abs(weight - byMatrix.weights[i])).toBeLessThan(1e-6));
    expect(byFactors.certificate.gap).toBeLessThan(1e-8);
    expect(byFactors.certificate.dualResidual).toBeLessThan(1e-8);
    for (const { limit, price } of byMatrix.shadowPrices) {
      const own = byFactors.shadowPrices.find((entry) => entry.limit === limit);
      expect(Math.abs((own?.price ?? NaN) - price)).toBeLessThan(1e-7);
    }
  });

  it('is refused with a matrix beside it, with a wrong length, and without variance of its own', () => {
    const factorCovariance = factorsOf(1);
    const problem = { assets, objective: { variance: 1 }, factorCovariance };
    expect(() => optimizePortfolio({ ...problem, covariance: denseCovariance(factorCovariance) })).toThrow(
      /both given/,
    );
    const short = { ...factorCovariance, loadings: factorCovariance.loadings.slice(1) };
    expect(() => optimizePortfolio({ ...problem, factorCovariance: short })).toThrow(/needs 120 loadings/);
    const flat = { ...factorCovariance, specific: factorCovariance.specific.map((v, i) => (i === 3 ? 0 : v)) };
    expect(() => optimizePortfolio({ ...problem, factorCovariance: flat })).toThrow(`variance of ${assets[3]} is 0`);
  });
});

describe('leading eigenvalues', () => {
  const dense = denseCovariance(factorsOf(9, 5)).values;

  it('are those of the whole decomposition, up to sign and rounding', () => {
    const all = symmetricEigen(dense, n);
    const few = leadingEigen(dense, n, 5);
    for (let k = 0; k < 5; k++) {
      expect(Math.abs(few.values[k] / all.values[k] - 1)).toBeLessThan(1e-9);
      let cosine = 0;
      for (let i = 0; i < n; i++) cosine += few.vectors[k * n + i] * all.vectors[k * n + i];
      expect(Math.abs(cosine - 1)).toBeLessThan(1e-6);
    }
  });

  it('come out the same from the last answer, and once more the same', () => {
    const cold = leadingEigen(dense, n, 5);
    const warm = leadingEigen(dense, n, 5, { start: cold.vectors });
    warm.values.forEach((value, k) => expect(Math.abs(value / cold.values[k] - 1)).toBeLessThan(1e-9));
    expect(leadingEigen(dense, n, 5).vectors).toEqual(cold.vectors);
  });

  it('make factors that give their own covariance back', () => {
    const source = factorsOf(4, 3);
    const { covariance } = statisticalFactors(denseCovariance(source), 3);
    const [own, other] = [denseCovariance(covariance).values, denseCovariance(source).values];
    for (let i = 0; i < n; i++) expect(Math.abs(own[i * n + i] / other[i * n + i] - 1)).toBeLessThan(1e-12);
    const off = own.reduce((worst, value, k) => Math.max(worst, Math.abs(value - other[k])), 0);
    expect(off).toBeLessThan(2e-5);
  });
});
