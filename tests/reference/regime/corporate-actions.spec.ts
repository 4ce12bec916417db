import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import {
  adjustPrices,
  factorsFromTotalReturn,
  inspectPrices,
  parseImportProfile,
  PRICE_LIMITS,
  readFactors,
  readObservations,
  type Observation,
} from '@allostat/pipeline';
import { parse } from 'csv-parse/sync';
import { parse as parseYaml } from 'yaml';

const root = join(__dirname, '../../..');
const data = join(root, '../shared/data');
const present = existsSync(data);
if (!present) console.warn(`skipped: ${data} is absent`);

function read(file: string, name: string): readonly Observation[] {
  const profile = parseImportProfile(
    parseYaml(readFileSync(join(root, `examples/profiles/${name}.yaml`), 'utf8')),
    name,
  );
  const bytes = readFileSync(join(data, file));
  const rows = parse(file.endsWith('.gz') ? gunzipSync(bytes) : bytes, { bom: true }) as string[][];
  return readObservations(rows, profile, file).observations;
}

(present ? describe : describe.skip)('corporate actions on real files', () => {
  jest.setTimeout(120_000);

  describe('37 funds, prices beside total-return levels', () => {
    const prices = present ? read('etf37/ETFs_Prices.csv', 'etf37-prices') : [];
    const levels = present ? read('etf37/ETFs_TotalReturnIndices.csv', 'etf37-total-return') : [];
    const factors = factorsFromTotalReturn(prices, levels);
    const { observations: adjusted } = adjustPrices(prices, factors);
    const at = (all: readonly Observation[], series: string, date: string): number =>
      all.find(({ seriesId, eventTime }) => seriesId === series && eventTime === date)?.value ?? NaN;

    it('SPY fell by 18.18 % in 2022 with its dividends, by 19.48 % without', () => {
      const year = (all: readonly Observation[]) =>
        100 * (at(all, 'SPY', '2022-12-30') / at(all, 'SPY', '2021-12-31') - 1);
      expect(year(prices)).toBeCloseTo(-19.48, 2);
      expect(Math.abs(year(adjusted) + 18.18)).toBeLessThan(0.01);
    });

    it('each adjusted price is the total-return level, but for its base', () => {
      const bySeries = new Map<string, { price: number; level: number }>();
      const total = new Map(levels.map((own) => [`${own.seriesId}|${own.eventTime}`, own.value]));
      let compared = 0;
      let worst = 0;
      for (const { seriesId, eventTime, value } of adjusted) {
        const level = total.get(`${seriesId}|${eventTime}`);
        if (value === undefined || level === undefined) continue;
        const base = bySeries.get(seriesId);
        if (base === undefined) {
          bySeries.set(seriesId, { price: value, level });
          continue;
        }
        compared++;
        worst = Math.max(worst, Math.abs(value / base.price / (level / base.level) - 1));
      }
      expect(compared).toBeGreaterThan(100_000);
      expect(worst).toBeLessThan(1e-5);
    });
  });

  describe('S&P 500 members: spin-offs that the closes are not adjusted for', () => {
    const closes = present ? read('sp500-2013-2018/close.csv.gz', 'sp500-close') : [];
    const few = closes.filter(({ seriesId }) =>
      ['EBAY', 'BAX', 'NI', 'DISCA', 'DISCK', 'AAPL', 'MSFT'].includes(seriesId),
    );
    const jumps = (all: readonly Observation[]) =>
      inspectPrices(all, { jumpFloor: PRICE_LIMITS.singleNameJumpFloor }).filter(({ rule }) => rule === 'jump');

    it('are set aside with a word on what they look like', () => {
      const found = jumps(few);
      expect(found.map(({ series }) => series).sort()).toEqual(['BAX', 'DISCA', 'DISCK', 'EBAY', 'NI']);
      const reason = (series: string) => found.find((row) => row.series === series)?.reason;
      for (const series of ['EBAY', 'BAX', 'NI']) expect(reason(series)).toContain('may be a spin-off');
      expect(reason('DISCA')).toContain('not adjusted for');
    });

    it('pass once a file of factors says what was given, and nothing else changes', () => {
      const before = (series: string, date: string): [number, number] => {
        const own = few.filter(({ seriesId }) => seriesId === series);
        const i = own.findIndex(({ eventTime }) => eventTime === date);
        return [own[i - 1].value ?? NaN, own[i].value ?? NaN];
      };
      const days = [
        ['EBAY', '2015-07-20'],
        ['BAX', '2015-07-01'],
        ['NI', '2015-07-02'],
        ['DISCA', '2014-08-07'],
        ['DISCK', '2014-08-07'],
      ];
      const rows = days.map(([series, date]) => {
        const [last, next] = before(series, date);
        return [date, series, String(next / last)];
      });
      const factors = readFactors([['date', 'series', 'factor'], ...rows], 'factors.csv');
      const { observations, applied, unused } = adjustPrices(few, factors);
      expect([applied.length, unused.length]).toEqual([5, 0]);
      expect(jumps(observations)).toEqual([]);
      const isNamed = ({ seriesId }: Observation) => days.some(([series]) => series === seriesId);
      expect(observations.filter((own) => !isNamed(own))).toEqual(few.filter((own) => !isNamed(own)));
      const ebay = observations.find((o) => o.seriesId === 'EBAY' && o.eventTime === '2015-07-20');
      expect(ebay?.derivation).toMatch(/ over .*, factors.csv$/);
      expect(ebay?.origin?.file).toBe('sp500-2013-2018/close.csv.gz');
    });
  });
});
