export { runDetector, type DetectorState, type RegimeDetector } from './regime-detector';
export { hiddenMarkovDetector, type HiddenMarkovModel, type HiddenMarkovOptions } from './hidden-markov-detector';
export { jumpDetector, type JumpDetectorModel, type JumpDetectorState } from './jump-detector';
export {
  changePointDetector,
  type ChangePointModel,
  type ChangePointOptions,
  type ChangePointState,
} from './change-point-detector';
export {
  markovSwitchingDetector,
  type MarkovSwitchingDetectorModel,
  type MarkovSwitchingDetectorState,
} from './markov-switching-detector';
