import type { Construction, PortfolioSpec } from '@allostat/pipeline';
import { readMandate } from '../files/read-mandate';
import { readUniverse } from '../files/read-universe';
import type { BacktestFile, PortfolioConfig } from './backtest-config';

/** Reads what a portfolio of the configuration names; `change` is made to a mandate's construction. Throws `InputError` with file and line. */
export function portfolioSpec(
  config: PortfolioConfig,
  file: BacktestFile,
  change: Partial<Construction> = {},
): PortfolioSpec {
  if (config.kind !== 'mandate') return config;
  const universe = readUniverse(file.path(config.universe));
  const agreed = readMandate(file.path(config.file), universe);
  const mandate = agreed.construction ? { ...agreed, construction: { ...agreed.construction, ...change } } : agreed;
  const { stress } = config;
  return { kind: 'mandate', mandate, universe, ...(stress !== undefined && { stress }) };
}
