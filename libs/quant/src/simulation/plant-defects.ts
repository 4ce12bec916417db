import type { IsoDate, Rng } from '@allostat/kernel';

/** One price as the feed delivers it. */
export interface DeliveredPrice {
  readonly instrument: string;
  readonly eventTime: IsoDate;
  /** Absent when the feed says that it has no value. */
  readonly value?: number;
}

/** All prices that a feed delivers for one bar, defects included. */
export interface DeliveredBar {
  readonly date: IsoDate;
  readonly prices: readonly DeliveredPrice[];
}

export type PlantedRule =
  'gap' | 'duplicate' | 'repeated-row' | 'unit' | 'bad-tick' | 'negative-price' | 'future-dated' | 'unknown-series';

/** A defect put into the delivery on purpose, and the rule that must find it. */
export interface PlantedDefect {
  readonly date: IsoDate;
  readonly bar: number;
  /** Instrument, or `*` when the whole bar is concerned. */
  readonly series: string;
  readonly rule: PlantedRule;
}

type Alter = (prices: DeliveredPrice[], at: number, previous: readonly DeliveredPrice[]) => DeliveredPrice[];

const replaceValue =
  (change: (value: number) => number): Alter =>
  (prices, at) =>
    prices.map((price, i) =>
      i === at && price.value !== undefined ? { ...price, value: change(price.value) } : price,
    );

const ALTERATIONS: readonly (readonly [PlantedRule, Alter])[] = [
  ['gap', (prices, at) => prices.map((p, i) => (i === at ? { instrument: p.instrument, eventTime: p.eventTime } : p))],
  ['bad-tick', replaceValue((value) => value * 1.4)],
  ['unit', replaceValue((value) => value * 100)],
  ['duplicate', (prices, at) => [...prices, prices[at]]],
  ['negative-price', replaceValue((value) => -value)],
  [
    'repeated-row',
    (prices, _at, previous) => prices.map((price, i) => ({ ...previous[i], eventTime: price.eventTime })),
  ],
  [
    'future-dated',
    (prices, at) =>
      prices.map((p, i) => (i === at ? { ...p, eventTime: `${Number(p.eventTime.slice(0, 4)) + 1}-01-15` } : p)),
  ],
  ['unknown-series', (prices, at) => [...prices, { ...prices[at], instrument: `${prices[at].instrument}_OLD` }]],
];

/** First bar that may carry a defect: the rules need some history to judge by. */
const FIRST_BAR = 60;

/** Alters a clean delivery by about `perYear` defects a year (252 bars), cycling through every kind. */
export function plantDefects(
  clean: readonly DeliveredBar[],
  perYear: number,
  rng: Rng,
): { bars: DeliveredBar[]; defects: PlantedDefect[] } {
  const bars = clean.map((bar) => ({ date: bar.date, prices: [...bar.prices] }));
  const defects: PlantedDefect[] = [];
  if (perYear <= 0) return { bars, defects };
  const spacing = Math.max(8, Math.floor(252 / perYear));
  for (let base = FIRST_BAR, kind = 0; base + spacing < bars.length; base += spacing, kind++) {
    const bar = base + rng.integer(spacing - 6);
    const [rule, alter] = ALTERATIONS[kind % ALTERATIONS.length];
    // the last instrument is cash, too smooth to carry a believable tick
    const at = rng.integer(bars[bar].prices.length - 1);
    const series = rule === 'repeated-row' ? '*' : bars[bar].prices[at].instrument;
    const prices = alter(bars[bar].prices, at, clean[bar - 1].prices);
    bars[bar] = { date: bars[bar].date, prices };
    defects.push({
      date: bars[bar].date,
      bar,
      series: rule === 'unknown-series' ? prices[prices.length - 1].instrument : series,
      rule,
    });
  }
  return { bars, defects };
}
