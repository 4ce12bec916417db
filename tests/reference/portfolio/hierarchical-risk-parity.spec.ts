import {
  hierarchicalRiskParity,
  reorderPanel,
  sampleCovariance,
  type ReturnPanel,
  type RiskMeasure,
} from '@allostat/quant';
import { describeShared, fixture, largestGap, riskfolioHierarchical, sp500From, valuesOf } from './shared-data';

function weightsOf(panel: ReturnPanel, options: Parameters<typeof hierarchicalRiskParity>[1]): Float64Array {
  const result = hierarchicalRiskParity(sampleCovariance(panel), { ...options, returns: panel });
  if (result.status !== 'allocated') throw new Error(`infeasible: ${result.conflict.limits.join(', ')}`);
  return result.weights;
}

const columns: [string, RiskMeasure, boolean][] = [
  ['vol', 'volatility', false],
  ['MV', 'variance', false],
  ['MSV', 'semi-deviation', false],
  ['FLPM', 'first-lower-partial-moment', false],
  ['VaR', 'value-at-risk', false],
  ['EVaR', 'evar', false],
  ['WR', 'worst-realisation', false],
  ['RG', 'range', false],
  ['DaR', 'drawdown-at-risk', false],
  ['UCI', 'ulcer-index', false],
  ['MDD_Rel', 'maximum-drawdown', true],
  ['ADD_Rel', 'average-drawdown', true],
  ['DaR_Rel', 'drawdown-at-risk', true],
  ['CDaR_Rel', 'cdar', true],
];

describeShared('HRP against the columns of Riskfolio-Lib', () => {
  const expected = fixture('riskfolio_HC_HRP').expected as Record<string, Record<string, number>>;
  const panel = riskfolioHierarchical();

  it.each(columns)('equals %s within 1e-12', (column, riskMeasure, compounded) => {
    const weights = weightsOf(panel, { linkageMethod: 'single', riskMeasure, compounded });
    expect(largestGap(weights, valuesOf(expected[column], panel.assets))).toBeLessThan(1e-12);
  });
});

describeShared('HRP on the tail Gini of Riskfolio-Lib', () => {
  it('comes within 1e-6: it sums over 100 levels what is integrated exactly here', () => {
    const expected = fixture('riskfolio_HC_HRP').expected as Record<string, Record<string, number>>;
    const panel = riskfolioHierarchical();
    const weights = weightsOf(panel, { linkageMethod: 'single', riskMeasure: 'tail-gini' });
    expect(largestGap(weights, valuesOf(expected.TG, panel.assets))).toBeLessThan(1e-6);
  });
});

/** Printed by Riskfolio-Lib's own tests to six digits. */
const printed: [RiskMeasure, number[]][] = [
  ['cvar', [0.075049, 0.154232, 0.144526, 0.161575, 0.109755, 0.042517, 0.031532, 0.084281, 0.118361, 0.078171]],
  [
    'maximum-drawdown',
    [0.118512, 0.141117, 0.166703, 0.131282, 0.067645, 0.022669, 0.012618, 0.136453, 0.136472, 0.066528],
  ],
  ['cdar', [0.117401, 0.140529, 0.16052, 0.167035, 0.061136, 0.022302, 0.012506, 0.131973, 0.128099, 0.058498]],
  ['ulcer-index', [0.132779, 0.151708, 0.142916, 0.194491, 0.040732, 0.014739, 0.008482, 0.153868, 0.113571, 0.046713]],
];

describeShared('HRP against printed vectors of Riskfolio-Lib', () => {
  it.each(printed)('equals %s to the six printed digits', (riskMeasure, expected) => {
    const weights = weightsOf(riskfolioHierarchical(), { linkageMethod: 'single', riskMeasure });
    expect(largestGap(weights, expected)).toBeLessThanOrEqual(5.1e-7);
  });
});

describeShared('HRP against skfolio', () => {
  const panel = sp500From('2014-01-01');

  it('equals single linkage on standard deviation within 1e-7', () => {
    const weights = weightsOf(panel, { linkageMethod: 'single', riskMeasure: 'volatility' });
    expect(largestGap(weights, fixture('hrp_single_std').expected as number[])).toBeLessThan(1e-7);
  });

  it('equals ward with bounds .03 and .06 within 1e-7', () => {
    const weights = weightsOf(panel, {
      linkageMethod: 'ward',
      riskMeasure: 'volatility',
      limits: { default: { min: 0.03, max: 0.06 } },
    });
    expect(largestGap(weights, fixture('hrp_ward_std_bounds_03_06').expected as number[])).toBeLessThan(1e-7);
  });

  it('does not depend on the order of columns, to the last bit', () => {
    const reference = weightsOf(panel, {});
    const reversed = panel.assets.map((_, i) => panel.assets.length - 1 - i);
    const weights = weightsOf(reorderPanel(panel, reversed), {});
    expect(Array.from(weights).reverse()).toEqual(Array.from(reference));
  });
});
