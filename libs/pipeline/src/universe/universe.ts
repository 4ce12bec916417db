/** Broad class of an instrument; the words a universe file may use. */
export const ASSET_CLASSES = [
  'equity',
  'government-bond',
  'corporate-bond',
  'inflation-linked',
  'real-estate',
  'commodity',
  'gold',
  'currency',
  'cash',
  'alternative',
] as const;
export type AssetClass = (typeof ASSET_CLASSES)[number];

export interface Instrument {
  readonly id: string;
  readonly assetClass: AssetClass;
  readonly name?: string;
  /** One-way cost of trading, half spread plus commission, in basis points of traded value. */
  readonly costBps?: number;
  /** Market that it is traded on, by its code (ISO 10383). */
  readonly venue?: string;
}

/** A set of instruments that are analysed together, and the context series read beside them. */
export interface Universe {
  readonly id: string;
  readonly version: number;
  readonly currency: string;
  readonly instruments: readonly Instrument[];
  /** Series that are not held but inform the signals. */
  readonly context?: readonly { readonly seriesId: string; readonly role: 'macro' | 'sentiment' }[];
  /** Instrument that stands for the equity market in regime features; the first equity when absent. */
  readonly equityProxy?: string;
  /** Instrument that stands for safe bonds; the first government bond when absent. */
  readonly bondProxy?: string;
  /** Least share of instruments with a fresh value for a snapshot to be cut, 0..1; one half when absent. */
  readonly coverageMin?: number;
}

export interface UniverseVersioned {
  readonly type: 'UniverseVersioned';
  readonly universe: Universe;
}

/** The instrument that stands for the equity market: the named one, else the first equity. */
export function equityProxyOf({ equityProxy, instruments }: Universe): string | undefined {
  return equityProxy ?? instruments.find(({ assetClass }) => assetClass === 'equity')?.id;
}
