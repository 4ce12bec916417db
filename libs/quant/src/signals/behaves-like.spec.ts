import { simulateMarket } from '../simulation';
import { findMisplaced } from './behaves-like';

const market = simulateMarket({ seed: 12, years: 6, defectsPerYear: 0 });
const kind = (assetClass: string) =>
  assetClass === 'equity' || assetClass === 'real-estate'
    ? 'stocks'
    : assetClass.includes('bond')
      ? 'bonds'
      : assetClass;
const labels = market.instruments.map((i) => (i.id === 'HIGH_YIELD' ? 'stocks' : kind(i.assetClass)));

describe('findMisplaced', () => {
  it('finds nothing where labels fit', () => {
    expect(findMisplaced(market.returns, labels)).toEqual([]);
  });
  it('finds the one instrument whose label was changed', () => {
    const at = market.instruments.findIndex((i) => i.id === 'EUROPE_EQUITY');
    const wrong = labels.map((label, i) => (i === at ? 'bonds' : label));
    expect(findMisplaced(market.returns, wrong)).toMatchObject([
      { index: at, labelled: 'bonds', behavesLike: 'stocks' },
    ]);
  });
  it('says nothing about pairs with too few common returns', () => {
    expect(findMisplaced(market.returns.slice(0, 100), labels)).toEqual([]);
  });
});
