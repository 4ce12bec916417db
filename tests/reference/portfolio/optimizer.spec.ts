import { optimizePortfolio, type Objective, type PortfolioSolution, type ReturnPanel } from '@allostat/quant';
import { describeShared, fixture, largestGap, lastPeriods, panelOfColumns, priceTable, valuesOf } from './shared-data';

function solved(returns: ReturnPanel, objective: Objective): PortfolioSolution {
  const result = optimizePortfolio({ assets: returns.assets, returns, objective });
  if (result.status !== 'optimal') throw new Error(`not solved: ${result.status}`);
  return result;
}

const printed: [string, Objective, number[]][] = [
  [
    'MAD',
    { meanAbsoluteDeviation: 1 },
    [0.105823, 0, 0.062371, 0.199754, 0.164549, 0.116349, 0.243605, 0.071827, 0.035721, 0],
  ],
  ['CVaR', { cvar: 1 }, [0.009762, 0, 0.271603, 0.291542, 0.253133, 0, 0, 0.091051, 0.082909, 0]],
  ['MDD', { maximumDrawdown: 1 }, [0, 0, 0, 0.431935, 0.184474, 0, 0.245504, 0, 0.138088, 0]],
  ['ADD', { averageDrawdown: 1 }, [0, 0, 0.009846, 0.358201, 0.174776, 0.189983, 0.177294, 0.026306, 0.063594, 0]],
  ['CDaR', { cdar: 1 }, [0, 0, 0.018101, 0.366286, 0.251036, 0, 0.208852, 0, 0.155726, 0]],
];

/** Objectives that independent linear programs found, to all digits that were published. */
const optima: [string, Objective, number, number][] = [
  ['CVaR', { cvar: 1 }, 0.0154290674, 1e-10],
  ['MDD', { maximumDrawdown: 1 }, 0.031848001, 1e-9],
  ['ADD', { averageDrawdown: 1 }, 0.0069598578, 1e-10],
  ['CDaR', { cdar: 1 }, 0.0264158628, 1e-10],
];

describeShared('the optimizer against Riskfolio-Lib', () => {
  const assets = ['AMZN', 'APA', 'CMCSA', 'CPB', 'JCI', 'JPM', 'MMC', 'MO', 'TGT', 'ZION'];
  const panel = lastPeriods(
    panelOfColumns(priceTable('reference', 'portfolio', 'riskfolio_stock_prices.csv'), assets),
    200,
  );
  const expected = fixture('riskfolio_Classic_MinRisk').expected as Record<string, Record<string, number>>;

  it.each(printed)('finds the printed weights of least %s', (_, objective, weights) => {
    expect(largestGap(solved(panel, objective).weights, weights)).toBeLessThanOrEqual(6e-7);
  });

  it.each([
    ['CVaR', { cvar: 1 }, 1e-8],
    ['ADD', { averageDrawdown: 1 }, 1e-8],
    ['MV', { variance: 1 }, 1e-6],
  ] as [string, Objective, number][])(
    'finds the full-precision weights of least %s',
    (column, objective, tolerance) => {
      if (expected[column] === undefined) throw new Error(`fixture has no column ${column}`);
      expect(largestGap(solved(panel, objective).weights, valuesOf(expected[column], assets))).toBeLessThan(tolerance);
    },
  );

  it.each(optima)('finds the least %s', (_, objective, value, tolerance) => {
    const solution = solved(panel, objective);
    expect(Math.abs(solution.objective - value)).toBeLessThan(tolerance);
    expect(solution.certificate.gap).toBeLessThan(1e-8);
  });
});
