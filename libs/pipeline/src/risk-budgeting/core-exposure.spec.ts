import { startHysteresis } from '@allostat/quant';
import type { Construction, Mandate, PreservationFloor, TailBudget } from '../mandate/mandate';
import { SAMPLE_MANDATE } from '../mandate/sample-mandate';
import { coreExposure, type ExposureFacts } from './core-exposure';
import { horizonAt, preservationCap } from './preservation-floor';

const construction: Construction = { core: 'anchor', tilt: 0, drawdownControl: false, band: 0.15 };
const mandate = (
  risk: { tailBudget?: TailBudget; preservation?: PreservationFloor },
  change: Partial<Construction> = {},
): Mandate & { readonly construction: Construction } => ({
  ...SAMPLE_MANDATE,
  construction: { ...construction, ...change },
  risk: { ...SAMPLE_MANDATE.risk, volatilityTarget: 0.1, ...risk },
});
const facts: ExposureFacts = {
  volatility: { forecast: 0.125, longRun: 0.1 },
  drawdown: 0,
  stress: startHysteresis([1, 0]),
};

describe('the tail budget', () => {
  it('caps the exposure where the tail of the core would break it, and says what it saw', () => {
    const asked = mandate({ tailBudget: { cvar: 0.012, confidence: 0.95 } });
    const { exposure, volatility, tail, causes } = coreExposure(asked, { ...facts, tailOf: () => 0.02 });
    expect(volatility).toBeCloseTo(0.8, 12);
    expect(exposure).toBeCloseTo(0.6, 12); // 0.012 / 0.02
    expect(tail).toBeCloseTo(0.75, 12);
    expect(causes.map(({ step }) => step)).toEqual(['volatility', 'drawdown', 'regime', 'tail', 'exposure']);
    expect(causes[3].reason).toMatch(/1\.20 %.*2\.00 %/);
  });

  it('leaves an exposure within it alone, and cuts nothing without scenarios', () => {
    const asked = mandate({ tailBudget: { cvar: 0.03, confidence: 0.95 } });
    expect(coreExposure(asked, { ...facts, tailOf: () => 0.02 })).toMatchObject({ tail: 1 });
    const { tail, causes } = coreExposure(asked, { ...facts, tailOf: () => undefined });
    expect(tail).toBe(1);
    expect(causes[3].reason).toMatch(/fewer than a year/);
  });
});

describe('the floor', () => {
  const floor: PreservationFloor = { floor: 0.9, horizonBars: 252, confidence: 0.95 };

  it('gives the exposure of constant-proportion insurance: cushion times multiple', () => {
    // value 100 over a floor of 90 with a tail of 2 % a bar and 100 bars left: 10 % cushion, loss 20 %, exposure one half
    const { most } = preservationCap(floor, { startBar: 0, startValue: 1, bar: 152, value: 1 }, 0.02);
    expect(most).toBeCloseTo(0.5, 12);
    // at 95: cushion 1 - 90/95 = 5.263 %, over 20 %
    expect(preservationCap(floor, { startBar: 0, startValue: 1, bar: 152, value: 0.95 }, 0.02).most).toBeCloseTo(
      (1 - 0.9 / 0.95) / 0.2,
      12,
    );
  });

  it('puts nothing at risk once the cushion is gone, and looks at least 21 bars ahead', () => {
    expect(preservationCap(floor, { startBar: 0, startValue: 1, bar: 100, value: 0.89 }, 0.02).most).toBe(0);
    const late = preservationCap(floor, { startBar: 0, startValue: 1, bar: 250, value: 1 }, 0.01);
    expect(late.most).toBeCloseTo(0.1 / (0.01 * Math.sqrt(21)), 12);
  });

  it('begins anew when its horizon is over', () => {
    const first = horizonAt(undefined, { bar: 10, value: 1 }, floor);
    expect(horizonAt(first, { bar: 261, value: 1.3 }, floor)).toBe(first);
    expect(horizonAt(first, { bar: 262, value: 1.3 }, floor)).toEqual({ startBar: 262, startValue: 1.3 });
  });

  it('is a factor of the exposure with its cause', () => {
    const asked = mandate({ preservation: floor });
    const horizon = { startBar: 0, startValue: 1, bar: 152, value: 1 };
    const { exposure, preservation, causes } = coreExposure(asked, { ...facts, horizon, tailOf: () => 0.02 });
    expect(exposure).toBeCloseTo(0.5, 12);
    expect(preservation).toBeCloseTo(0.5 / 0.8, 12);
    expect(causes.at(-2)?.reason).toMatch(/floor is 90.0 %.*10.0 % of value is above it/);
  });
});

describe('the least step', () => {
  it('keeps the exposure of the last decision until the change is worth it', () => {
    const asked = mandate({}, { stepMin: 0.05 });
    const kept = coreExposure(asked, { ...facts, previousExposure: 0.82 });
    expect(kept.exposure).toBeCloseTo(0.82, 15);
    expect(kept.step).toBeCloseTo(0.82 / 0.8, 15);
    expect(kept.causes.at(-2)?.reason).toMatch(/kept at 82.0 %/);
    const moved = coreExposure(asked, { ...facts, previousExposure: 0.9 });
    expect(moved.exposure).toBeCloseTo(0.8, 15);
    expect(moved.step).toBe(1);
  });
});
