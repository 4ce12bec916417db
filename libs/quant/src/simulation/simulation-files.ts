import type { SimulatedMarket } from './simulate-market';

/** A CSV text ready to be written; `rows` counts data rows without the header. */
export interface SimulationFile {
  readonly name: string;
  readonly text: string;
  readonly rows: number;
}

/** The market as CSV texts: prices as delivered (defects included), macro with vintages, headlines, true regime, planted defects. */
export function simulationFiles(market: SimulatedMarket): SimulationFile[] {
  return [
    csv(
      'prices.csv',
      ['date', 'instrument', 'event_date', 'close'],
      market.bars.flatMap((bar) =>
        bar.prices.map((price) => [bar.date, price.instrument, price.eventTime, cell(price.value)]),
      ),
    ),
    csv(
      'macro.csv',
      ['series', 'event_date', 'known_date', 'revision', 'value'],
      market.macro.map((m) => [m.seriesId, m.eventTime, m.knownDate, String(m.revision), cell(m.value)]),
    ),
    csv(
      'headlines.csv',
      ['date', 'text', 'tone'],
      market.headlines.map((h) => [h.date, h.text, String(h.tone)]),
    ),
    csv(
      'true-regime.csv',
      ['date', 'regime'],
      market.dates.map((date, bar) => [date, market.regimes[bar]]),
    ),
    csv(
      'planted-defects.csv',
      ['date', 'series', 'rule'],
      market.defects.map((d) => [d.date, d.series, d.rule]),
    ),
  ];
}

const cell = (value: number | undefined): string => (value === undefined ? '' : String(value));

function csv(name: string, header: readonly string[], rows: readonly (readonly string[])[]): SimulationFile {
  const lines = [header, ...rows].map((row) => row.map(quote).join(','));
  return { name, text: lines.join('\n') + '\n', rows: rows.length };
}

const quote = (field: string): string => (/[",\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field);
