export { forwardOverSpot, hedgedGrowth, type ForwardTerms } from './currency-growth';
