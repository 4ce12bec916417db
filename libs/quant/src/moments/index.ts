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
