import {
  dropStillRows,
  outOfSampleSlice,
  outOfSampleSlices,
  summariseOutOfSample,
  type MarketHistory,
} from '@allostat/quant';
import { readMarket } from '../../../services/allostat/src/commands/bench-slices';
import { describeShared, SHARED } from './etf37';

describeShared('walking forward over thirty-one funds', ['data/etf37'], () => {
  // skfolio 1.12.2, WalkForward(252 and 1000, 21, no purge), HierarchicalRiskParity ward; yearly ratio without cash
  it.each([
    [252, 174, 1.1448859],
    [1000, 139, 1.2408561],
  ])('on %d returns gives the ratio of another library', (trainBars, count, sharpe) => {
    const { cashRates: _cash, ...market }: MarketHistory = dropStillRows(readMarket(SHARED, 'etf31'));
    const options = {
      scheme: { type: 'walk-forward', trainBars, testBars: 21, purgeBars: 0 },
      policies: { tree: { kind: 'hierarchical-risk-parity' } },
    } as const;
    expect(outOfSampleSlices(market, options.scheme)).toBe(count);
    const slices = Array.from({ length: count }, (_, k) => outOfSampleSlice(market, options, k));
    expect(summariseOutOfSample(market, options, slices).tree.sharpe.mean).toBeCloseTo(sharpe, 6);
  });
});
