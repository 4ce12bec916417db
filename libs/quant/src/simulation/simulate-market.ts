import { createRng, invariant, type IsoDate } from '@allostat/kernel';
import { plantDefects, type DeliveredBar, type PlantedDefect } from './plant-defects';
import { regimePath } from './regime-path';
import { ASSET_MOMENTS, type SimulatedInstrument, type SimulatedRegime } from './regime-table';
import { simulateHeadlines, type SimulatedHeadline } from './simulate-headlines';
import { simulateMacro, simulatePolicyRates, type MacroRelease } from './simulate-macro';
import { simulateReturns } from './simulate-returns';
import { weekdayCalendar } from './weekday-calendar';

const BARS_PER_YEAR = 252;

export interface SimulateMarketOptions {
  readonly seed: number;
  readonly years: number;
  /** First day, a weekday or the next one; 2004-01-01 by default. */
  readonly startDate?: IsoDate;
  /** Planted data defects a year (252 bars); 6 by default, 0 for a clean market. */
  readonly defectsPerYear?: number;
}

/** A market whose true regime is known. Rows are bars; `returns` and `closes` are the truth, `bars` what the feed delivers. */
export interface SimulatedMarket {
  readonly seed: number;
  readonly dates: readonly IsoDate[];
  readonly regimes: readonly SimulatedRegime[];
  readonly instruments: readonly SimulatedInstrument[];
  /** Simple daily returns, one row a bar, columns as `instruments`. The first row leads from 100 to the first close. */
  readonly returns: readonly (readonly number[])[];
  readonly closes: readonly (readonly number[])[];
  readonly bars: readonly DeliveredBar[];
  readonly macro: readonly MacroRelease[];
  readonly headlines: readonly SimulatedHeadline[];
  readonly defects: readonly PlantedDefect[];
}

/** Draws a multi-asset market of `years` times 252 weekdays from a seed; the same seed gives the same market, bit for bit. */
export function simulateMarket(options: SimulateMarketOptions): SimulatedMarket {
  const { seed, years, startDate = '2004-01-01', defectsPerYear = 6 } = options;
  invariant(years > 0 && years <= 100, () => `years must be in (0, 100], got ${years}`);
  const rng = createRng(seed, 'market');
  const dates = weekdayCalendar(startDate, Math.max(1, Math.round(years * BARS_PER_YEAR)));
  const regimes = regimePath(dates.length, rng.fork('regimes'));
  const policyRates = simulatePolicyRates(regimes);
  const returns = simulateReturns(regimes, policyRates, rng.fork('returns'));
  const closes = accumulate(returns);
  const instruments = ASSET_MOMENTS.map((row) => row.instrument);
  const clean = dates.map((date, bar) => ({
    date,
    prices: instruments.map((instrument, i) => ({ instrument: instrument.id, eventTime: date, value: closes[bar][i] })),
  }));
  const { bars, defects } = plantDefects(clean, defectsPerYear, rng.fork('defects'));
  return {
    seed,
    dates,
    regimes,
    instruments,
    returns,
    closes,
    bars,
    macro: simulateMacro(dates, regimes, policyRates, rng.fork('macro')),
    headlines: simulateHeadlines(dates, regimes, rng.fork('headlines')),
    defects,
  };
}

/** Closes from 100 on, rounded to six decimals as a vendor would publish them. */
function accumulate(returns: readonly (readonly number[])[]): number[][] {
  let levels = returns[0].map(() => 100);
  return returns.map((row) => {
    levels = row.map((value, i) => Math.round(levels[i] * (1 + value) * 1e6) / 1e6);
    return levels;
  });
}
