export { walkForward, type WalkForward, type WalkForwardOptions, type WalkForwardWindow } from './walk-forward';
export {
  combinatorialSplits,
  purgedFolds,
  type CombinatorialSplits,
  type PurgeOptions,
  type Split,
} from './purged-folds';
export {
  outOfSampleSlice,
  outOfSampleSlices,
  summariseOutOfSample,
  type OutOfSampleSlice,
  type OutOfSampleSummary,
  type ValidationScheme,
} from './out-of-sample';
export { superiorPredictiveAbility, type SuperiorPredictiveAbility } from './superior-predictive-ability';
export {
  RANDOMISED_KINDS,
  randomisedBacktest,
  summariseDraws,
  type RandomisedDraw,
  type RandomisedOptions,
  type RandomisedPolicy,
  type RandomisedSummary,
} from './randomised-backtest';
