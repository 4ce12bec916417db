/** Ways to allocate from a file of returns. */
export const ALLOCATE_METHODS = [
  'hrp',
  'herc',
  'nco',
  'schur',
  'erc',
  'risk-budget',
  'min-variance',
  'max-ratio',
  'min-cvar',
  'min-cdar',
  'min-max-drawdown',
  'multi',
] as const;
export type AllocateMethod = (typeof ALLOCATE_METHODS)[number];
