export { adwin, DEFAULT_ADWIN, initialAdwin, type AdwinOptions, type AdwinState } from './adwin';
export { cusum, DEFAULT_CUSUM, initialCusum, type CusumOptions, type CusumState } from './cusum';
export {
  DEFAULT_PAGE_HINKLEY,
  initialPageHinkley,
  pageHinkley,
  type PageHinkleyOptions,
  type PageHinkleyState,
} from './page-hinkley';
export { kolmogorovSmirnov, type KolmogorovSmirnov } from './kolmogorov-smirnov';
export { populationStabilityIndex, type StabilityIndex } from './population-stability-index';
export { scoreAlarms, type AlarmScore, type ScoreAlarmsOptions } from './score-alarms';
export {
  addForecast,
  brierScore,
  initialProbabilityScore,
  reliabilityTable,
  type ProbabilityScore,
  type ReliabilityRow,
} from './probability-score';
