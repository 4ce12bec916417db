export { centredReturns, correlationOf, covarianceFrom, sampleCovariance, sampleMean } from './sample-covariance';
export {
  covarianceEwma,
  ewmaCovariance,
  initialEwmaCovariance,
  updateEwmaCovariance,
  type EwmaCovarianceEstimate,
  type EwmaCovarianceOptions,
  type EwmaCovarianceSettings,
  type EwmaCovarianceState,
} from './covariance-ewma';
export { statisticalFactors, type StatisticalFactors } from './statistical-factors';
export { ledoitWolfCovariance, oasCovariance, type ShrinkageTarget, type ShrunkCovariance } from './shrunk-covariance';
export { denoisedCovariance, detonedCovariance, type DenoisedCovariance } from './denoised-covariance';
export { gerberCovariance } from './gerber-covariance';
export { mixtureMoments, regimeConditionalMoments, type RegimeMoments } from './regime-mixture';
export {
  initialShortTermVolatility,
  squaredSurprise,
  updateShortTermVolatility,
  volatilityMultiplier,
  type ShortTermVolatilityState,
  type SurpriseTarget,
} from './short-term-volatility';
export {
  bayesSteinMean,
  equilibriumReturns,
  ewmaMean,
  jamesSteinMean,
  type ExpectedReturns,
  type ShrinkageMeanOptions,
} from './expected-returns';
export { blackLitterman, type BlackLittermanOptions, type BlackLittermanPosterior, type View } from './black-litterman';
