export {
  decideOptimization,
  initialOptimizationState,
  type BudgetReceived,
  type OptimizationInput,
  type OptimizationOutput,
  type OptimizationState,
} from './decide';
export { brokenClaims } from './claims';
export { driverWords } from './driver-words';
export { featureValue, featureWords, surrogateRefusal, surrogateSentences, surrogateStanding } from './surrogate-words';
