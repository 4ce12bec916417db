import { nameStates } from './name-states';

describe('nameStates', () => {
  const calm = { volatility: 0.11, stockBondCorrelation: -0.4 };
  const tight = { volatility: 0.16, stockBondCorrelation: 0.5 };
  const storm = { volatility: 0.35, stockBondCorrelation: -0.5 };
  const rebound = { volatility: 0.2, stockBondCorrelation: -0.2 };

  it('names by what a state is like, whatever its position', () => {
    expect(nameStates([calm, tight, storm, rebound])).toEqual(['expansion', 'tightening', 'crisis', 'recovery']);
    expect(nameStates([storm, rebound, calm, tight])).toEqual(['crisis', 'recovery', 'expansion', 'tightening']);
  });
  it('leaves names out when there are fewer states', () => {
    expect(nameStates([calm])).toEqual(['expansion']);
    expect(nameStates([storm, calm])).toEqual(['crisis', 'expansion']);
    expect(nameStates([calm, tight, storm])).toEqual(['expansion', 'tightening', 'crisis']);
    expect(nameStates([calm, rebound, storm])).toEqual(['expansion', 'recovery', 'crisis']);
  });
});
