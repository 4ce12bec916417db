import { InputError, invariant } from '@allostat/kernel';

/** Market impact of one trade: `coefficient * volatility * |value| * sqrt(|value| / dailyValue)`. */
export interface ImpactModel {
  /**
   * Multiplier of the 3/2-power law, about 1. The square-root law of price impact with constant Y costs the same with
   * coefficient 2/3 Y (`squareRootCoefficient`), because its average over the trade is two thirds of its end.
   */
  readonly coefficient: number;
  /** Rows of returns up to the trade that measure volatility; default 63. */
  readonly volatilityBars?: number;
  /** Volatility per day that stands in until 20 returns are known. */
  readonly initialVolatility: number;
}

export interface BacktestCosts {
  /** Cost of each unit of money traded, one way, charged once (0.001 is 10 basis points). Default 0. */
  readonly proportional?: number | Readonly<Record<string, number>>;
  readonly impact?: ImpactModel;
  /** Largest share of the day's traded money that one trade may be; needs volumes. */
  readonly participationMax?: number;
  /** Assets are traded in whole multiples of this number of units. Left out: any fraction. */
  readonly lotUnits?: number;
  /** Trades of less money are not made. Default 0. */
  readonly minimumTicket?: number;
  /** Yearly rate on the value of short positions. Default 0. */
  readonly borrowRate?: number;
  /** Yearly rate above the cash rate that borrowed money costs. Default 0. */
  readonly loanSpread?: number;
  /** Yearly rate on value. Default 0. */
  readonly managementFee?: number;
}

/** Checks ranges; throws `InputError` naming the field and its range. */
export function checkBacktestCosts(costs: BacktestCosts): void {
  const rates: [string, number | undefined, number][] = [
    ['participationMax', costs.participationMax, 1],
    ['borrowRate', costs.borrowRate, 1],
    ['loanSpread', costs.loanSpread, 1],
    ['managementFee', costs.managementFee, 0.2],
    ...(typeof costs.proportional === 'object'
      ? Object.entries(costs.proportional)
      : [['proportional', costs.proportional] as const]
    ).map(([name, rate]): [string, number | undefined, number] => [name, rate, 0.2]),
  ];
  for (const [field, value, most] of rates) {
    if (value !== undefined && !(value >= 0 && value <= most))
      throw new InputError(
        `${field} is ${value}; it must lie in 0..${most}`,
        { field },
        'rates are decimals: 10 basis points are 0.001',
      );
  }
  for (const field of ['lotUnits', 'minimumTicket'] as const) {
    const value = costs[field];
    if (value !== undefined && !(value >= 0 && value < Infinity))
      throw new InputError(`${field} is ${value}; it must be 0 or more`, { field });
  }
}

/** Proportional cost of one asset, one way. */
export function proportionalRate(costs: BacktestCosts, asset: string): number {
  const { proportional = 0 } = costs;
  if (typeof proportional === 'number') return proportional;
  const rate = proportional[asset];
  if (rate === undefined)
    throw new InputError(`there is no trading cost for ${asset}`, { field: asset }, 'give a rate for every asset');
  return rate;
}

/**
 * Cost in money of trading `value` (its sign does not matter) against `dailyValue` of turnover at a volatility per day.
 * The 3/2-power law of Boyd et al. (2017), Foundations and Trends in Optimization 3(1).
 */
export function impactCost(
  value: number,
  { coefficient, volatility, dailyValue }: { coefficient: number; volatility: number; dailyValue: number },
): number {
  invariant(dailyValue > 0, () => `impact needs a traded value above 0, got ${dailyValue}`);
  const size = Math.abs(value);
  return coefficient * volatility * size * Math.sqrt(size / dailyValue);
}

/** The coefficient of `impactCost` that equals a square-root law of price impact with constant Y. */
export function squareRootCoefficient(constant: number): number {
  return (2 / 3) * constant;
}
