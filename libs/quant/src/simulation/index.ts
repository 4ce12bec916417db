export { addDays, dayOfWeek, weekdayCalendar } from './weekday-calendar';
export { ASSET_MOMENTS, REGIME_DURATIONS, SIMULATED_REGIMES } from './regime-table';
export type { SimulatedAssetClass, SimulatedInstrument, SimulatedRegime } from './regime-table';
export { simulateMarket, type SimulatedMarket, type SimulateMarketOptions } from './simulate-market';
export type { DeliveredBar, DeliveredPrice, PlantedDefect, PlantedRule } from './plant-defects';
export type { MacroRelease } from './simulate-macro';
export type { SimulatedHeadline } from './simulate-headlines';
export { simulationFiles, type SimulationFile } from './simulation-files';
