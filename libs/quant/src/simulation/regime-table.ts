/** The four regimes of the simulated market, in their usual order of succession. */
export const SIMULATED_REGIMES = ['expansion', 'tightening', 'crisis', 'recovery'] as const;
export type SimulatedRegime = (typeof SIMULATED_REGIMES)[number];

/** Asset classes of the simulated instruments; a subset of the words a universe file may use. */
export type SimulatedAssetClass =
  'equity' | 'government-bond' | 'corporate-bond' | 'inflation-linked' | 'real-estate' | 'commodity' | 'gold' | 'cash';

export interface SimulatedInstrument {
  readonly id: string;
  readonly name: string;
  readonly assetClass: SimulatedAssetClass;
  readonly costBps: number;
}

/** Annualised mean and volatility, and loadings on the growth, duration and real-asset factors (squares sum below 1). */
type Row = readonly [mean: number, volatility: number, growth: number, duration: number, real: number];

interface AssetMoments {
  readonly instrument: SimulatedInstrument;
  readonly moments: Readonly<Record<SimulatedRegime, Row>>;
}

const asset = (
  id: string,
  name: string,
  assetClass: SimulatedAssetClass,
  costBps: number,
  rows: readonly [Row, Row, Row, Row],
): AssetMoments => ({
  instrument: { id, name, assetClass, costBps },
  moments: { expansion: rows[0], tightening: rows[1], crisis: rows[2], recovery: rows[3] },
});

/**
 * Moments and factor loadings of every instrument in every regime; the correlation of two instruments is the inner
 * product of their loadings, so that every regime's matrix is positive definite by construction.
 *
 * Source: round figures set by hand near the sample moments of liquid US-listed funds 2004-2023 within expansions,
 * the rate rises of 2004-2006 and 2022, the crises of 2008 and 2020, and the rebounds after them. What the table must
 * show is that volatility doubles to triples in a crisis, that equities fall together, and that bonds hedge equities
 * except while policy tightens. It is a demonstration, not a forecast.
 */
export const ASSET_MOMENTS: readonly AssetMoments[] = [
  asset('US_EQUITY', 'US equities', 'equity', 3, [
    [0.13, 0.115, 0.9, -0.15, 0],
    [0.03, 0.155, 0.85, 0.3, 0],
    [-0.32, 0.32, 0.95, -0.1, 0],
    [0.3, 0.185, 0.9, -0.05, 0],
  ]),
  asset('EUROPE_EQUITY', 'European equities', 'equity', 5, [
    [0.11, 0.14, 0.82, -0.1, 0.1],
    [0.02, 0.18, 0.8, 0.25, 0.05],
    [-0.36, 0.36, 0.92, -0.08, 0.1],
    [0.28, 0.22, 0.85, -0.05, 0.1],
  ]),
  asset('JAPAN_EQUITY', 'Japanese equities', 'equity', 5, [
    [0.09, 0.16, 0.68, -0.1, 0],
    [0.03, 0.18, 0.68, 0.15, 0],
    [-0.3, 0.34, 0.82, -0.1, 0],
    [0.22, 0.21, 0.72, -0.05, 0],
  ]),
  asset('EMERGING_EQUITY', 'Emerging-market equities', 'equity', 9, [
    [0.13, 0.17, 0.78, -0.05, 0.25],
    [0.0, 0.21, 0.75, 0.25, 0.2],
    [-0.4, 0.4, 0.9, -0.05, 0.2],
    [0.36, 0.25, 0.8, 0, 0.25],
  ]),
  asset('REAL_ESTATE', 'US listed real estate', 'real-estate', 6, [
    [0.1, 0.15, 0.68, 0.25, 0.1],
    [-0.01, 0.2, 0.7, 0.45, 0.05],
    [-0.42, 0.44, 0.9, -0.05, 0.05],
    [0.34, 0.27, 0.8, 0.15, 0.05],
  ]),
  asset('US_TREASURY_10Y', 'US Treasuries, 7-10 years', 'government-bond', 2, [
    [0.032, 0.055, -0.3, 0.9, 0.05],
    [-0.035, 0.085, 0.25, 0.92, -0.05],
    [0.1, 0.085, -0.45, 0.82, 0],
    [0.04, 0.065, -0.2, 0.92, 0.05],
  ]),
  asset('US_TREASURY_LONG', 'US Treasuries, 20 years and more', 'government-bond', 3, [
    [0.04, 0.11, -0.32, 0.88, 0],
    [-0.07, 0.165, 0.22, 0.92, -0.1],
    [0.14, 0.19, -0.48, 0.8, -0.05],
    [0.03, 0.135, -0.25, 0.9, 0],
  ]),
  asset('INVESTMENT_GRADE', 'US investment-grade credit', 'corporate-bond', 4, [
    [0.042, 0.05, 0.1, 0.85, 0.1],
    [-0.028, 0.078, 0.4, 0.84, 0],
    [-0.03, 0.12, 0.5, 0.55, 0.05],
    [0.11, 0.07, 0.3, 0.75, 0.1],
  ]),
  asset('HIGH_YIELD', 'US high-yield credit', 'corporate-bond', 8, [
    [0.068, 0.05, 0.75, 0.1, 0.1],
    [0.0, 0.08, 0.72, 0.4, 0.05],
    [-0.22, 0.19, 0.88, 0.02, 0.1],
    [0.25, 0.095, 0.8, 0.1, 0.1],
  ]),
  asset('INFLATION_LINKED', 'US inflation-linked bonds', 'inflation-linked', 3, [
    [0.032, 0.052, -0.1, 0.78, 0.35],
    [-0.018, 0.08, 0.22, 0.8, 0.3],
    [0.0, 0.11, 0.0, 0.65, 0.4],
    [0.07, 0.068, 0.0, 0.78, 0.35],
  ]),
  asset('COMMODITIES', 'Broad commodities', 'commodity', 9, [
    [0.04, 0.15, 0.35, -0.1, 0.65],
    [0.08, 0.2, 0.2, -0.2, 0.7],
    [-0.32, 0.32, 0.6, -0.1, 0.55],
    [0.16, 0.2, 0.5, -0.05, 0.6],
  ]),
  asset('GOLD', 'Gold', 'gold', 4, [
    [0.04, 0.14, 0, 0.3, 0.6],
    [-0.01, 0.16, 0.1, 0.4, 0.5],
    [0.09, 0.24, -0.05, 0.3, 0.45],
    [0.1, 0.17, 0.1, 0.35, 0.55],
  ]),
  asset('CASH', 'US Treasury bills', 'cash', 1, [
    // the mean of cash is the policy rate of the day; only its noise is drawn
    [0, 0.0006, 0, 0.5, 0],
    [0, 0.0008, 0, 0.5, 0],
    [0, 0.0012, 0, 0.5, 0],
    [0, 0.0006, 0, 0.5, 0],
  ]),
];

/** Mean length of a regime in months, and where it leads. Means are those of the four-regime naming of 1931-2018 US data. */
export const REGIME_DURATIONS: Readonly<
  Record<SimulatedRegime, { readonly meanMonths: number; readonly next: Readonly<Record<SimulatedRegime, number>> }>
> = {
  expansion: { meanMonths: 22.4, next: { expansion: 0, tightening: 0.7, crisis: 0.3, recovery: 0 } },
  tightening: { meanMonths: 10.1, next: { expansion: 0.5, tightening: 0, crisis: 0.5, recovery: 0 } },
  crisis: { meanMonths: 8.3, next: { expansion: 0, tightening: 0, crisis: 0, recovery: 1 } },
  recovery: { meanMonths: 5.5, next: { expansion: 0.9, tightening: 0, crisis: 0.1, recovery: 0 } },
};
