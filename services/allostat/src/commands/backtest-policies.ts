import { assertNever } from '@allostat/kernel';
import {
  mandatePolicy,
  NO_REGIMES,
  type Construction,
  type MandatePolicyOptions,
  type RegimeView,
} from '@allostat/pipeline';
import {
  anchorPolicy,
  equalWeightPolicy,
  hierarchicalPolicy,
  meanVariancePolicy,
  minimumVariancePolicy,
  stressFilter,
  volatilityTargetPolicy,
  type MarketHistory,
  type PortfolioPolicy,
} from '@allostat/quant';
import { readMandate } from '../files/read-mandate';
import { readUniverse } from '../files/read-universe';
import type { BacktestFile, PortfolioConfig } from './backtest-config';

/** A portfolio of a configuration with everything that it needs from other files. */
export interface BacktestPortfolio {
  /** The instruments that it names. */
  readonly assets: readonly string[];
  /** Asks to be asked on every row, not only on the regular dates. */
  readonly everyRow: boolean;
  /** Held at the first close, without cost; left out, the account starts in cash. */
  readonly startsAt?: Readonly<Record<string, number>>;
  /** Asset whose returns tell calm from stress, for a mandate that names one. */
  readonly stress?: string;
  /** A fresh policy for one run over a market of these assets; a mandate shows its budgets and proposals. */
  policy(market: MarketHistory, observe?: MandatePolicyOptions['observe']): PortfolioPolicy;
}

/** Reads what a portfolio of the configuration needs; `change` is made to a mandate's construction. Throws `InputError` with file and line. */
export function portfolioOf(
  config: PortfolioConfig,
  file: BacktestFile,
  change: Partial<Construction> = {},
): BacktestPortfolio {
  if (config.kind === 'mandate') return mandatePortfolio(config, file, change);
  const cash = config.kind === 'volatility-target' && config.cashAsset !== undefined ? [config.cashAsset] : [];
  return {
    assets: 'weights' in config ? [...Object.keys(config.weights), ...cash] : config.assets,
    everyRow: config.kind === 'volatility-target',
    policy: () => simplePolicy(config),
  };
}

function simplePolicy(config: Exclude<PortfolioConfig, { kind: 'mandate' }>): PortfolioPolicy {
  switch (config.kind) {
    case 'anchor':
      return anchorPolicy(config.weights);
    case 'equal-weight':
      return equalWeightPolicy(config.assets);
    case 'hierarchical-risk-parity':
      return hierarchicalPolicy(config.assets, {
        ...(config.bars !== undefined && { bars: config.bars }),
        ...(config.weightMax !== undefined && { limits: { default: { max: config.weightMax } } }),
      });
    case 'minimum-variance': {
      const { kind: _kind, assets, ...options } = config;
      return minimumVariancePolicy(assets, defined(options));
    }
    case 'mean-variance': {
      const { kind: _kind, assets, ...options } = config;
      return meanVariancePolicy(assets, defined(options));
    }
    case 'volatility-target': {
      const { kind: _kind, weights, ...options } = config;
      return volatilityTargetPolicy(weights, defined(options));
    }
    default:
      return assertNever(config);
  }
}

function mandatePortfolio(
  { file, universe: universeFile, stress }: Extract<PortfolioConfig, { kind: 'mandate' }>,
  config: BacktestFile,
  change: Partial<Construction>,
): BacktestPortfolio {
  const universe = readUniverse(config.path(universeFile));
  const agreed = readMandate(config.path(file), universe);
  const mandate = agreed.construction ? { ...agreed, construction: { ...agreed.construction, ...change } } : agreed;
  const { delayBars = 1 } = config.value;
  return {
    assets: universe.instruments.map(({ id }) => id),
    everyRow: true,
    startsAt: mandate.anchorWeights,
    ...(stress !== undefined && { stress }),
    policy: ({ assets }, observe) => {
      const stressAt = stress === undefined ? undefined : stressFilter(stress);
      const instruments = assets.flatMap((id) => universe.instruments.filter((instrument) => instrument.id === id));
      return mandatePolicy({
        mandate,
        universe: { ...universe, instruments },
        delayBars,
        ...(observe && { observe }),
        ...(stressAt && { regimeAt: ({ history, row }) => stressView(stressAt(history, row)) }),
      });
    },
  };
}

/** Calm and stress in the words of the line, where stress is a crisis. */
export function stressView(probability: number | undefined): RegimeView {
  if (probability === undefined || Number.isNaN(probability)) return NO_REGIMES;
  return {
    regime: probability > 0.5 ? 'crisis' : 'expansion',
    probabilities: { expansion: 1 - probability, tightening: 0, crisis: probability, recovery: 0 },
    forecasts: [],
  };
}

/** The same object without members that are undefined. */
export function defined<T extends object>(value: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>;
  };
}
