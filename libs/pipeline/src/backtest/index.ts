export { convertHistory, type ConvertedHistory, type QuotesByRow, type RateHistory } from './convert-history';
export { listedWeights, narrowed } from './narrow-market';
export { portfolioSpecSchema, SIMPLE_PORTFOLIOS, type PortfolioSpec, type SimplePortfolio } from './portfolio-spec';
export { assetsOf, simulatePortfolioSpec, type SimulationTerms } from './simulate-portfolio-spec';
export { FORECAST_BARS, stressView } from './stress-view';
