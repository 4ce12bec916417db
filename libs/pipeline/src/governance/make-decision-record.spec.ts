import { SAMPLE_MANDATE } from '../mandate/sample-mandate';
import { daysToTrade } from './make-decision-record';

const line = (instrument: string, previousWeight: number, targetWeight: number) => ({
  instrument,
  previousWeight,
  targetWeight,
  cost: 0,
});
const weights = [line('EQ', 0.6, 0.5), line('BOND', 0.3, 0.35), line('GOLD', 0.1, 0.1), line('CASH', 0, 0.05)];
const trading = { averageDailyValue: { EQ: 5e7, BOND: 1e7 }, participationMax: 0.1 };

describe('days to trade', () => {
  it('are those of the slowest trade: ten million at five a day, five million at one a day', () => {
    expect(daysToTrade({ weights }, { ...SAMPLE_MANDATE, trading })).toBeCloseTo(5, 12);
  });

  it('ask for no volume of what is not traded, nor of cash', () => {
    expect(
      daysToTrade({ weights: [line('EQ', 0.6, 0.5), line('CASH', 0.4, 0.5)] }, { ...SAMPLE_MANDATE, trading }),
    ).toBeCloseTo(2, 12);
    expect(daysToTrade({ weights: [line('GOLD', 0.1, 0.1)] }, { ...SAMPLE_MANDATE, trading })).toBe(0);
  });

  it('are not known without a volume, a volume of nothing, or the part that may be traded', () => {
    const { BOND: _bond, ...some } = trading.averageDailyValue;
    const { participationMax: _part, ...wholly } = trading;
    for (const unknown of [
      { ...trading, averageDailyValue: some },
      { ...trading, averageDailyValue: { ...some, BOND: 0 } },
      wholly,
      undefined,
    ]) {
      const { trading: _own, ...mandate } = SAMPLE_MANDATE;
      expect(daysToTrade({ weights }, { ...mandate, ...(unknown && { trading: unknown }) })).toBeUndefined();
    }
  });
});
