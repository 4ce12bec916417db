export { averageCorrelation, pairCorrelation, decayOfHalfLife, updateEwmCovariance } from './ewm-covariance';
export { turbulence, type RunningTurbulence } from './turbulence';
export { judgeTones, type JudgedTone } from './judge-tones';
export { LEXICON_VERSION, lexiconText } from './direction-lexicon';
export { scoreHeadline } from './score-headline';
export {
  classifyHeadline,
  TONES,
  type ClassifiedHeadline,
  type HeadlineClassifier,
  type Tone,
} from './classify-headline';
export { trainHeadlineClassifier, type LabelledHeadline, type TrainHeadlineOptions } from './train-headline-classifier';
export { absorptionRatio, mahalanobisTurbulence, type Turbulence } from './mahalanobis-turbulence';
export { fitGarch, garchForecast, type FitGarchOptions, type GarchModel } from './fit-garch';
export {
  DEFAULT_FUSION,
  fuseSignals,
  initialFusion,
  type FusedSignal,
  type Fusion,
  type FusionOptions,
  type FusionState,
} from './fuse-signals';
export { correlationBetween, findMisplaced, type BehavesLikeOptions, type MisplacedInstrument } from './behaves-like';
export { clusteringOf, initialClustering, updateClustering, type ClusteringState } from './volatility-clustering';
export { harVariance, initialHar, type HarState } from './har-variance';
export { absorptionShare } from './absorption-share';
export {
  garchGridStep,
  initialGarchGrid,
  meanVarianceAhead,
  type GarchGridForecast,
  type GarchGridState,
} from './garch-grid';
export { RECESSION_PROBIT, recessionProbability } from './recession-probability';
export { growthSurprise, SAHM_MONTHS, sahmIndicator, SURPRISE_MONTHS } from './month-indicators';
