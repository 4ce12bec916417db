import {
  ACCUMULATION_DAYS,
  accumulatedExposure,
  tierOf,
  TIER_RULES,
  TIERS,
  type Purpose,
  type Tier,
} from './materiality';

describe('the tier of a change', () => {
  // exposure band (below 10 %, to 50 %, above) times purpose (shadow, pilot, production), the table of docs/guides/sign-off.md
  it.each<[Purpose, readonly Tier[]]>([
    ['shadow', ['routine', 'routine', 'standard']],
    ['pilot', ['routine', 'standard', 'high']],
    ['production', ['standard', 'high', 'critical']],
  ])('%s', (purpose, tiers) => {
    expect([0, 0.1, 0.5].map((exposure) => tierOf(exposure, purpose))).toEqual(tiers);
    expect([0.099, 0.499, 2].map((exposure) => tierOf(exposure, purpose))).toEqual(tiers);
  });

  it('does not slip below a band by the rounding of a sum', () => {
    expect(tierOf(0.7 - 0.6, 'production')).toBe('high'); // 0.09999999999999998
    expect(tierOf(0.1 - 1e-8, 'production')).toBe('standard');
  });

  it('asks for more from step to step', () => {
    const rules = TIERS.map((tier) => TIER_RULES[tier]);
    expect(rules.map(({ approvals }) => approvals)).toEqual([1, 2, 2, 3]);
    expect(rules.map(({ functions }) => functions.length)).toEqual([0, 0, 2, 3]);
    expect(rules.map(({ questions }) => questions.length)).toEqual([0, 0, 2, 3]);
    expect(rules.map(({ challenge }) => challenge)).toEqual([false, false, false, true]);
    expect(rules.map(({ escalateAfterHours }) => escalateAfterHours)).toEqual([48, 24, 12, 4]);
  });
});

describe('small changes', () => {
  const now = '2024-03-31T00:00:00.000Z';
  const at = (days: number, amount = 0.25) => ({
    at: new Date(Date.parse(now) - days * 86_400_000).toISOString(),
    amount,
  });

  it('add up over the window, its first instant not counted', () => {
    expect(accumulatedExposure(0.5, [], now)).toBe(0.5);
    expect(accumulatedExposure(0.5, [at(0), at(ACCUMULATION_DAYS - 0.001, 0.125)], now)).toBe(0.875);
    expect(accumulatedExposure(0.5, [at(ACCUMULATION_DAYS), at(ACCUMULATION_DAYS + 1)], now)).toBe(0.5);
    expect(accumulatedExposure(0, [at(1)], now)).toBe(0.25);
  });

  it('are never negative', () => {
    expect(() => accumulatedExposure(-0.1, [], now)).toThrow('an exposure must be at least 0, got -0.1');
  });
});
