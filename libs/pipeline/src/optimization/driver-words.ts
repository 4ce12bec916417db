const WORDS: Readonly<Record<string, string>> = {
  core: 'the way back to the core',
  covariance: 'recent covariance',
  'regime-covariance': 'covariance by regime',
  trend: 'its own trend',
  market: 'the trend of equities',
  volatility: 'the volatility target',
  drawdown: 'the drawdown budget',
  regime: 'the regime',
  tail: 'the tail budget',
  preservation: 'the floor under its value',
  step: 'the least step of the exposure',
  'expected-return': 'the return that the core is expected to earn',
  risk: 'its risk',
  cvar: 'the mean loss in the worst scenarios',
  cdar: 'the deepest drawdowns of the scenarios',
  'maximum-drawdown': 'the deepest drawdown of the scenarios',
  'average-drawdown': 'the mean drawdown of the scenarios',
  shortfall: 'losses in the scenarios',
  scenarios: 'tails and drawdowns of the scenarios',
  cost: 'the cost of trading',
  tax: 'tax',
  limits: 'limits',
  rounding: 'rounding',
};

/** A driver of a weight as a sentence names it. */
export function driverWords(driver: string): string {
  if (driver.startsWith('signal:')) return `the signal ${driver.slice('signal:'.length)}`;
  if (driver.startsWith('limit:')) return `the limit "${driver.slice('limit:'.length)}"`;
  return WORDS[driver];
}
