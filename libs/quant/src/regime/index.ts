export { FOUR_REGIMES } from './regime-model';
export type {
  FourRegime,
  RegimeBlock,
  RegimeEmission,
  RegimeFeatures,
  RegimeGate,
  RegimeModel,
  RegimeTraining,
} from './regime-model';
export { DEFAULT_REGIME_FEATURES, fitRegimeModel, type FitRegimeModelOptions } from './fit-regime-model';
export {
  fitStudentTHmm,
  type BlockEmissions,
  type FeatureBlock,
  type FitStudentTHmmOptions,
  type StudentTHmmFit,
} from './fit-student-t-hmm';
export {
  filterStep,
  forecastStates,
  initialFilterState,
  nameProbabilities,
  type FilterState,
  type FilterStep,
} from './filter-step';
export {
  applyHysteresis,
  DEFAULT_HYSTERESIS,
  startHysteresis,
  TWO_STATE_HYSTERESIS,
  type HysteresisOptions,
  type HysteresisState,
} from './hysteresis';
export { NAMING_FEATURES, nameByRule } from './naming-rule';
export { fitJumpModel, jumpModelStep, type FitJumpModelOptions, type JumpModel } from './jump-model';
export { JUMP_HALF_LIVES, jumpFeatures, type JumpFeatureRow } from './jump-features';
export { forwardBackward, type Smoothed } from './forward-backward';
export * from './detectors';
export { nameMonths, traceMonths, type MonthFacts, type RegimeMonth, type TracedMonth } from './name-months';
export { fitMonthForecast, forecastMonth, type MonthForecaster, type MonthForecastOptions } from './forecast-months';
export { nearestFlip, type NearestFlip } from './nearest-flip';
export { filterSwitching, type SwitchingBeliefs } from './markov-switching/filter-switching';
export { fitSwitching, type SwitchingFit, type SwitchingFitOptions } from './markov-switching/fit-switching';
export {
  constantTransition,
  stationaryOf,
  transitionUnder,
  type SwitchingModel,
  type SwitchingSample,
} from './markov-switching/switching-model';
export { alignStates, type StateAlignment } from './align-states';
export { scoreMonthForecasts, type DatedMonth, type MonthForecastOutcome } from './score-month-forecasts';
