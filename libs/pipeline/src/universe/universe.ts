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
  /** Currency of its quotes, where it is not the universe's. */
  readonly currency?: string;
  /** True when its value is sold forward at every close, so that only its own return is left, and the carry. */
  readonly hedged?: true;
}

/** Where the rate of a foreign currency comes from. */
export interface CurrencySource {
  /** ISO 4217. */
  readonly code: string;
  /** Series of the rate: units of the universe's currency for one of `code`, or the other way round when `inverted`. */
  readonly rate: string;
  readonly inverted?: true;
  /** Series of its short rate, an annual decimal; needed by hedged instruments. */
  readonly shortRate?: string;
  /** Days of a year by which the short rate counts; 360 when absent. */
  readonly shortRateYear?: number;
}

/** A set of instruments that are analysed together, and the context series read beside them. */
export interface Universe {
  readonly id: string;
  readonly version: number;
  readonly currency: string;
  readonly instruments: readonly Instrument[];
  /** Foreign currencies in which instruments are quoted. */
  readonly currencies?: readonly CurrencySource[];
  /** Series of the short rate of the universe's own currency; needed by hedged instruments. */
  readonly shortRate?: string;
  /** Days of a year by which it counts; 360 when absent. */
  readonly shortRateYear?: number;
  /** Days after which a rate is too old to convert by; 4 when absent. */
  readonly rateDaysMax?: number;
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

/** Series of exchange rates and of short rates. */
export function currencySeries({ currencies = [], shortRate }: Universe): string[] {
  const named = currencies.flatMap((source) => [
    source.rate,
    ...(source.shortRate === undefined ? [] : [source.shortRate]),
  ]);
  return [...new Set([...named, ...(shortRate === undefined ? [] : [shortRate])])];
}
