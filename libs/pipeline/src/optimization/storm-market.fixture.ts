import { createRng, deepFreeze } from '@allostat/kernel';
import type { MarketHistory } from '@allostat/quant';
import type { MandatePolicyOptions } from '../backfill/mandate-policy';
import { SAMPLE_UNIVERSE } from '../mandate/sample-mandate';

const assets = SAMPLE_UNIVERSE.instruments.map(({ id }) => id);

/** Three years calm, a storm from row 700 to 800 in which equities fall, then calm again. */
export function stormMarket(rows = 1200): MarketHistory {
  const rng = createRng(5);
  const levels = new Float64Array(rows * 4);
  for (let t = 0; t < rows; t++) {
    const storm = t >= 700 && t < 800;
    [storm ? 0.03 : 0.01, 0.004, 0.008, 0.00001].forEach((volatility, i) => {
      const drift = i === 0 ? (storm ? -0.003 : 0.0005) : 0.0001;
      levels[t * 4 + i] = t === 0 ? 100 : levels[(t - 1) * 4 + i] * (1 + drift + volatility * rng.normal());
    });
  }
  const dates = Array.from({ length: rows }, (_, t) => new Date(Date.UTC(2010, 0, 1 + t)).toISOString().slice(0, 10));
  return deepFreezeDates({ dates, assets, levels });
}

const deepFreezeDates = (history: MarketHistory): MarketHistory => ({
  ...history,
  dates: deepFreeze([...history.dates]),
});

const calm = { expansion: 1, tightening: 0, crisis: 0, recovery: 0 };
const crisis = { expansion: 0, tightening: 0, crisis: 1, recovery: 0 };
export const stormRegimeAt: NonNullable<MandatePolicyOptions['regimeAt']> = ({ row }) => {
  const storm = row >= 705 && row < 810;
  return { regime: storm ? 'crisis' : 'expansion', probabilities: storm ? crisis : calm, forecasts: [] };
};
export const stormOptions = {
  firstRow: 300,
  scheduledRows: [],
  everyRow: true,
  costs: { proportional: 0.0005 },
  initialWeights: [0.6, 0.4, 0, 0],
};
