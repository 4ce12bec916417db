import {
  countClusters,
  assetTree,
  hierarchicalEqualRisk,
  hierarchicalLinkage,
  hierarchicalRiskParity,
  correlationDistance,
  correlationOf,
  nestedClusters,
  sampleCovariance,
  riskBudgeting,
  type RiskMeasure,
} from '@allostat/quant';
import {
  describeShared,
  fixture,
  largestGap,
  lastPeriods,
  panelOfColumns,
  priceTable,
  riskfolioHierarchical,
  sp500From,
  valuesOf,
} from './shared-data';

describeShared('HERC against Riskfolio-Lib', () => {
  const panel = riskfolioHierarchical();
  const covariance = sampleCovariance(panel);

  it('finds the four clusters that Riskfolio-Lib finds', () => {
    const tree = assetTree(covariance, { linkageMethod: 'ward' });
    expect(countClusters(tree.linkage, tree.distances).clusters).toBe(4);
  });

  it.each<[string, RiskMeasure]>([
    ['vol', 'volatility'],
    ['MV', 'variance'],
    ['UCI', 'ulcer-index'],
  ])('equals %s within 1e-12', (column, riskMeasure) => {
    const expected = fixture('riskfolio_HC_HERC').expected as Record<string, Record<string, number>>;
    const result = hierarchicalEqualRisk(covariance, { linkageMethod: 'ward', riskMeasure, returns: panel });
    if (result.status !== 'allocated') throw new Error('infeasible');
    expect(largestGap(result.weights, valuesOf(expected[column], panel.assets))).toBeLessThan(1e-12);
  });

  it.each<[RiskMeasure, number[]]>([
    ['cvar', [0.060736, 0.257803, 0.066686, 0.203611, 0.112387, 0.075296, 0.055843, 0.068207, 0.059882, 0.039549]],
    ['cdar', [0.067015, 0.254236, 0.064836, 0.329759, 0.084463, 0.027972, 0.015685, 0.075333, 0.055402, 0.0253]],
  ])('equals the printed digits of %s', (riskMeasure, expected) => {
    const result = hierarchicalEqualRisk(covariance, { linkageMethod: 'ward', riskMeasure, returns: panel });
    if (result.status !== 'allocated') throw new Error('infeasible');
    expect(largestGap(result.weights, expected)).toBeLessThanOrEqual(5.1e-7);
  });
});

describeShared('trees and clusters against skfolio', () => {
  it('equals its ward linkage on the full history within 1e-7', () => {
    const covariance = sampleCovariance(sp500From('1990-01-01'));
    const { correlation } = correlationOf(covariance);
    const { left, right, height, size } = hierarchicalLinkage(correlationDistance(correlation, 20), 20, 'ward');
    const expected = fixture('linkage_ward_full_history').expected as number[][];
    expected.forEach((row, k) => {
      expect([left[k], right[k], size[k]]).toEqual([row[0], row[1], row[3]]);
      expect(Math.abs(height[k] - row[2])).toBeLessThan(1e-7);
    });
  });

  it('equals its printed HERC with single linkage and five clusters', () => {
    const panel = sp500From('2014-01-01');
    const result = hierarchicalEqualRisk(sampleCovariance(panel), {
      linkageMethod: 'single',
      riskMeasure: 'volatility',
      clusters: 5,
    });
    if (result.status !== 'allocated') throw new Error('infeasible');
    const expected = [
      0.00169, 0.67774, 0.00157, 0.00125, 0.00163, 0.00141, 0.00202, 0.00271, 0.00179, 0.00268, 0.00186, 0.00227,
      0.00181, 0.00264, 0.00219, 0.00265, 0.1649, 0.0206, 0.10481, 0.00177,
    ];
    expect(largestGap(result.weights, expected)).toBeLessThanOrEqual(5.1e-6);
  });

  it('comes within 1e-4 of its NCO, which its solver found to 3e-5', () => {
    const panel = sp500From('2019-12-31');
    const result = nestedClusters(sampleCovariance(panel), { linkageMethod: 'single', clusters: 5 });
    if (result.status !== 'allocated') throw new Error('infeasible');
    expect(largestGap(result.weights, fixture('nco_minvar_single_k5').expected as number[])).toBeLessThan(1e-4);
  });
});

describeShared('HRP and risk budgets against the other peers', () => {
  it('equals PyPortfolioOpt with its plain leaf order, columns in its order', () => {
    const table = priceTable('reference', 'portfolio', 'pypfopt_stock_prices.csv');
    const expected = fixture('pypfopt_hrp_single').expected as Record<string, number>;
    const n = table.assets.length;
    // names that sort in file order: the plain order of leaves depends on the order of columns
    const names = table.assets.map((_, i) => `C${String(i).padStart(2, '0')}`);
    const { values, distances } = pairwiseMoments(table.rows, n);
    const covariance = { assets: names, values };
    const result = hierarchicalRiskParity(covariance, { linkageMethod: 'single', leafOrder: 'plain', distances });
    if (result.status !== 'allocated') throw new Error('infeasible');
    expect(largestGap(result.weights, valuesOf(expected, table.assets))).toBeLessThan(1e-12);
  });

  it('gives every asset the same risk where skfolio, Riskfolio-Lib and ffn come close', () => {
    const cases: [ReturnType<typeof sp500From>, number[], number][] = [
      [sp500From('2018-01-02'), fixture('risk_budget_var').expected as number[], 1e-5],
    ];
    const classic = panelOfColumns(priceTable('reference', 'portfolio', 'riskfolio_stock_prices.csv'), [
      'AMZN',
      'APA',
      'CMCSA',
      'CPB',
      'JCI',
      'JPM',
      'MMC',
      'MO',
      'TGT',
      'ZION',
    ]);
    const rp = (fixture('riskfolio_Classic_RP').expected as Record<string, Record<string, number>>).MV;
    cases.push([lastPeriods(classic, 200), valuesOf(rp, classic.assets), 1e-5]);
    for (const [panel, expected, tolerance] of cases) {
      const result = riskBudgeting(sampleCovariance(panel));
      if (result.status !== 'allocated') throw new Error('infeasible');
      expect(result.budgetGap).toBeLessThan(1e-12);
      expect(largestGap(result.weights, expected)).toBeLessThan(tolerance);
    }
  });
});

/** pandas' covariance and the distance of its correlation: each pair on the rows that both have; returns need two neighbouring prices, gaps filled forward as pct_change does. */
function pairwiseMoments(
  rows: readonly (readonly number[])[],
  n: number,
): { values: Float64Array; distances: Float64Array } {
  const filled: number[][] = [];
  rows.forEach((row, t) =>
    filled.push(row.map((price, i) => (Number.isNaN(price) && t > 0 ? filled[t - 1][i] : price))),
  );
  const returns = filled.slice(1).map((row, t) => row.map((price, i) => price / filled[t][i] - 1));
  const values = new Float64Array(n * n);
  const distances = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      const common = returns.filter((row) => !Number.isNaN(row[i]) && !Number.isNaN(row[j]));
      const mi = common.reduce((sum, row) => sum + row[i], 0) / common.length;
      const mj = common.reduce((sum, row) => sum + row[j], 0) / common.length;
      const moment = (a: number, ma: number, b: number, mb: number): number =>
        common.reduce((acc, row) => acc + (row[a] - ma) * (row[b] - mb), 0);
      const sum = moment(i, mi, j, mj);
      values[i * n + j] = values[j * n + i] = sum / (common.length - 1);
      const rho = sum / Math.sqrt(moment(i, mi, i, mi) * moment(j, mj, j, mj));
      distances[i * n + j] = distances[j * n + i] = i === j ? 0 : Math.sqrt(Math.min(1, Math.max(0, (1 - rho) / 2)));
    }
  }
  return { values, distances };
}
