export { averageCorrelation, pairCorrelation, decayOfHalfLife, updateEwmCovariance } from './ewm-covariance';
export { turbulence } from './turbulence';
export { scoreHeadline } from './score-headline';
