import { assertNever } from '@allostat/kernel';
import {
  anchorPolicy,
  equalWeightPolicy,
  hierarchicalPolicy,
  minimumVariancePolicy,
  volatilityTargetPolicy,
  type PortfolioPolicy,
} from '@allostat/quant';
import type { PortfolioConfig } from './backtest-config';

/** The instruments that a portfolio names. */
export function assetsOf(config: PortfolioConfig): readonly string[] {
  if (!('weights' in config)) return config.assets;
  const cash = config.kind === 'volatility-target' && config.cashAsset !== undefined ? [config.cashAsset] : [];
  return [...Object.keys(config.weights), ...cash];
}

/** A fresh policy for one run. */
export function policyOf(config: PortfolioConfig): PortfolioPolicy {
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
    case 'volatility-target': {
      const { kind: _kind, weights, ...options } = config;
      return volatilityTargetPolicy(weights, defined(options));
    }
    default:
      return assertNever(config);
  }
}

/** The same object without members that are undefined. */
export function defined<T extends object>(value: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>;
  };
}
