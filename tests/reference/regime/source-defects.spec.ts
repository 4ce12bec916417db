import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import {
  inspectAverages,
  inspectBars,
  inspectLabels,
  inspectMembership,
  inspectPrices,
  inspectSeries,
  inspectWeights,
  numberRevisions,
  parseImportProfile,
  PRICE_LIMITS,
  readObservations,
  universeSchema,
  type ImportProfile,
  type QuarantinedRow,
} from '@allostat/pipeline';
import { parse } from 'csv-parse/sync';
import readWorkbook from 'read-excel-file/node';
import { parse as parseYaml } from 'yaml';

const root = join(__dirname, '../../..');
const data = join(root, '../shared/data');
const present = existsSync(data);
if (!present) console.warn(`skipped: ${data} is absent`);
const yaml = (path: string): unknown => parseYaml(readFileSync(join(root, 'examples', path), 'utf8'));
const profileOf = (name: string, change: Partial<ImportProfile> = {}): ImportProfile => ({
  ...parseImportProfile(yaml(`profiles/${name}.yaml`), name),
  ...change,
});
const table = (file: string, delimiter = ','): string[][] => {
  const bytes = readFileSync(join(data, file));
  return parse(file.endsWith('.gz') ? gunzipSync(bytes) : bytes, {
    bom: true,
    delimiter,
    relax_column_count: true,
    relax_quotes: true,
  }) as string[][];
};
const read = (file: string, profile: ImportProfile) => readObservations(table(file, profile.delimiter), profile, file);
const place = ({ file, row, series, rule, value }: QuarantinedRow) => ({ file, row, series, rule, value });

/** Every defect that the descriptions of the files name, and the rule that finds it on the real file. */
(present ? describe : describe.skip)('defects of the real files', () => {
  jest.setTimeout(120_000);

  describe('fred-daily', () => {
    it('502 holiday rows of DGS10 without a value, each with its row', () => {
      const { emptyCells } = read('macro/fred-daily/DGS10.csv', profileOf('fred-daily'));
      expect(emptyCells).toHaveLength(502);
      const rows = table('macro/fred-daily/DGS10.csv');
      for (const { file, row, series } of emptyCells) {
        expect([file, series]).toEqual(['macro/fred-daily/DGS10.csv', 'DGS10']);
        expect(rows[row - 1][1]).toBe('');
      }
    });

    it.each(['CPIAUCSL', 'UNRATE'])('the month that the shutdown left out of %s', (series) => {
      const layout = { type: 'long', series, valueColumn: 'value' } as const;
      const profile = profileOf('fred-daily', { calendar: 'monthly', layout });
      const file = `macro/fred-daily/${series}.csv`;
      const [gap, ...rest] = inspectSeries(read(file, profile).observations, profile);
      expect(rest).toEqual([]);
      const cells = table(file)[(gap.row ?? 0) - 1];
      expect(gap).toMatchObject({ file, series, rule: 'gap', value: String(Number(cells[1])) });
      expect(cells[0]).toBe('2025-11-01');
    });

    it('a snapshot of revised values says so', () => {
      const profile = profileOf('fred-daily', { calendar: 'monthly', vintage: 'latest' });
      const found = inspectSeries(read('macro/fred-daily/INDPRO.csv', profile).observations, profile);
      expect(found.filter(({ rule }) => rule === 'revised')).toHaveLength(1);
    });
  });

  describe('fred-md', () => {
    it('ragged last rows, series by series', () => {
      const profile = profileOf('fred-md');
      const found = inspectSeries(read('macro/fred-md/current.csv', profile).observations, profile);
      const last = table('macro/fred-md/current.csv')
        .filter(([date]) => date !== '')
        .at(-1) as string[];
      const header = table('macro/fred-md/current.csv')[0];
      const ragged = header.filter((_, i) => i > 0 && last[i] === '');
      expect(
        found
          .filter(({ rule }) => rule === 'stale')
          .map(({ series }) => series)
          .sort(),
      ).toEqual(ragged.sort());
    });

    it('empty last lines are no rows', () => {
      expect(read('macro/fred-md/current.csv', profileOf('fred-md')).quarantined).toEqual([]);
    });

    it('the vintage sheets are quarterly averages', async () => {
      const profile = profileOf('fred-md-vintages');
      const file = 'macro/fred-md/vintages-2005-2022/vintages_2019_2022.xlsx';
      const sheets = await readWorkbook(readFileSync(join(data, file)));
      const { sheet, data: cells } = sheets[sheets.length - 1];
      const rows = cells.map((row, i) => [
        ...row.map((cell) => (cell === null ? '' : String(cell))),
        i === 0 ? 'sheet' : sheet,
      ]);
      const quarters = readObservations(rows, profile, `${file}#${sheet}`).observations;
      const months = read('macro/fred-md/2022-09.csv', profileOf('fred-md')).observations;
      const found = inspectAverages(quarters, months);
      expect(found.map(({ series }) => series)).toEqual(
        expect.arrayContaining(['UNRATE', 'FEDFUNDS', 'TB3MS', 'GS10', 'BAA']),
      );
      expect(found[0]).toMatchObject({ file: `${file}#${sheet}`, rule: 'averaged', row: expect.any(Number) });
      // the months themselves are no averages of theirs
      expect(
        inspectAverages(
          months.filter(({ eventTime }) => /-(01|04|07|10)-/.test(eventTime)),
          months,
        ),
      ).toEqual([]);
    });

    it('values of a later vintage that differ are revisions, with file and row', () => {
      const [old, current] = ['macro/fred-md/2022-09.csv', 'macro/fred-md/current.csv'].map(
        (file) => read(file, profileOf('fred-md')).observations,
      );
      const stored = new Map(
        old.map((o) => [
          `${o.seriesId}|${o.eventTime}`,
          { revision: 0, knownTime: o.knownTime, ...(o.value !== undefined && { value: o.value }) },
        ]),
      );
      const { revised } = numberRevisions(current, stored, '2024-08-01T00:00:00.000Z');
      const payrolls = revised.find(({ observation }) => observation.seriesId === 'PAYEMS');
      expect(revised.length).toBeGreaterThan(1000);
      expect(payrolls?.observation.origin?.file).toBe('macro/fred-md/current.csv');
      expect(payrolls?.before.value).not.toBe(payrolls?.observation.value);
    });
  });

  it.each([
    ['macro/stress-and-credit/fsi.csv', 'ofr-stress', 'OFR_FSI'],
    ['macro/stress-and-credit/ebp_csv.csv', 'excess-bond-premium', 'EBP'],
    ['sentiment/sf-fed-daily-news-sentiment.csv', 'daily-news-sentiment', 'DNSI'],
    ['sentiment/All_Daily_Policy_Data.csv', 'daily-policy-uncertainty', 'EPU'],
  ])('%s is revised back in time', (file, name, series) => {
    const profile = profileOf(name);
    const found = inspectSeries(read(file, profile).observations, profile).filter(({ rule }) => rule === 'revised');
    expect(found.map((row) => row.file)).toContain(file);
    expect(found.map((row) => row.series)).toContain(series);
    expect(found[0].row).toBeGreaterThan(1);
  });

  it.each([
    ['sentiment/sf-fed-daily-news-sentiment.csv', 'daily-news-sentiment'],
    ['sentiment/All_Daily_Policy_Data.csv', 'daily-policy-uncertainty'],
  ])('%s has calendar days, not business days', (file, name) => {
    const { observations } = read(file, profileOf(name));
    const [found] = inspectSeries(observations, { calendar: 'weekdays' }).filter(({ rule }) => rule === 'off-calendar');
    expect(found).toMatchObject({ file, rule: 'off-calendar' });
    expect(inspectSeries(observations, { calendar: 'daily' }).map(({ rule }) => rule)).not.toContain('off-calendar');
  });

  it('Treasury curves: the 30-year bond that was not issued, and bills before they were', () => {
    const { observations, missing } = read('macro/treasury/treasury_curves.csv', profileOf('treasury-curves'));
    expect(inspectSeries(observations, { calendar: 'weekdays' }).map(place)).toEqual([
      { file: 'macro/treasury/treasury_curves.csv', row: 4030, series: 'UST30Y', rule: 'gap', value: '0.0451' },
    ]);
    expect(missing.beforeFirst).toBeGreaterThan(0);
  });

  describe('sp500-2013-2018', () => {
    it('spin-offs and splits that are not adjusted, and the bad tick', () => {
      const profile = profileOf('sp500-close');
      const { observations } = read('sp500-2013-2018/close.csv.gz', profile);
      const found = inspectPrices(observations, { jumpFloor: PRICE_LIMITS.singleNameJumpFloor });
      const rows = table('sp500-2013-2018/close.csv.gz');
      const day = (series: string, rule: string) =>
        found.filter((f) => f.series === series && f.rule === rule).map(({ row }) => rows[(row ?? 0) - 1][0]);
      expect(day('BAX', 'jump')).toEqual(['2015-07-01']);
      expect(day('EBAY', 'jump')).toEqual(['2015-07-20']);
      expect(day('NI', 'jump')).toEqual(['2015-07-02']);
      expect(day('DISCA', 'jump')).toEqual(['2014-08-07']);
      expect(day('DISCK', 'jump')).toEqual(['2014-08-07']);
      expect(day('LNT', 'bad-tick').every((date) => ['2016-05-19', '2016-05-20'].includes(date))).toBe(true);
      expect(day('LNT', 'bad-tick').length).toBeGreaterThan(0);
      // all that is found, named defects included, is less than one value in 10,000
      expect(found.length / observations.length).toBeLessThan(1e-4);
    });

    it('members of the time that the file leaves out, and symbols that were used again', () => {
      const [header, ...rows] = table('sp500-2013-2018/close.csv.gz');
      const spells = table('sp500-2013-2018/sp500_ticker_start_end.csv')
        .slice(1)
        .map(([symbol, from, until], i) => ({ symbol, from, ...(until !== '' && { until }), row: i + 2 }));
      const prices = { symbols: header.slice(1), first: rows[0][0], last: rows[rows.length - 1][0] };
      const found = inspectMembership(spells, 'sp500_ticker_start_end.csv', prices);
      const reused = found.filter(({ rule }) => rule === 'reused-symbol');
      const absent = found.filter(({ rule }) => rule === 'survivorship');
      expect(new Set(reused.map(({ series }) => series)).size).toBe(48);
      expect(absent).toHaveLength(119);
      expect(absent.map(({ series }) => series)).toEqual(expect.arrayContaining(['ALTR', 'APOL', 'BEAM', 'BCR']));
      const [listed] = absent;
      expect(table('sp500-2013-2018/sp500_ticker_start_end.csv')[(listed.row ?? 0) - 1][0]).toBe(listed.series);
    });

    it('bars that contradict themselves or lack a field', () => {
      const columns = 'AOS CHD SPG CHK IP O DHR VRTX REGN WRK ES BBY UA LNT FTV BHF AAPL MSFT XOM JPM'.split(' ');
      const field = (name: string, kind: 'price' | 'volume' = 'price') =>
        read(`sp500-2013-2018/${name}.csv.gz`, profileOf('sp500-close', { kind, layout: { type: 'wide', columns } }))
          .observations;
      const found = inspectBars({
        open: field('open'),
        high: field('high'),
        low: field('low'),
        close: field('close'),
        volume: field('volume', 'volume'),
      });
      const count = (part: string) => found.filter(({ reason }) => reason.includes(part)).length;
      expect([count('no open'), count('without a volume'), count('high is below'), count('close is below')]).toEqual([
        11, 4, 1, 8,
      ]);
    });
  });

  describe('etf37', () => {
    it('holiday rows that repeat the last price', () => {
      const { quarantined } = read('etf37/ETFs_Prices.csv', profileOf('etf37-prices'));
      expect(quarantined.length).toBeGreaterThanOrEqual(183);
      expect(quarantined.every(({ rule, row }) => rule === 'repeated-row' && row !== undefined)).toBe(true);
    });

    it('real-estate funds that are labelled as equity, by what they move with', () => {
      const universe = universeSchema.parse(yaml('universes/etf37.yaml'));
      const { observations } = read('etf37/ETFs_TotalReturnIndices.csv', profileOf('etf37-total-return'));
      const dates = [...new Set(observations.map(({ eventTime }) => eventTime))].sort();
      const levels = new Map(observations.map((o) => [`${o.seriesId}|${o.eventTime}`, o.value]));
      const returnsOf = (id: string) =>
        dates.slice(1).map((date, t) => {
          const [before, now] = [levels.get(`${id}|${dates[t]}`), levels.get(`${id}|${date}`)];
          return before === undefined || now === undefined ? undefined : now / before - 1;
        });
      const labelled = table('etf37/ETFs_desc.csv')
        .slice(1)
        .map(([id, , , label], i) => ({
          id,
          label: label.trim(),
          reference: universe.instruments.find((instrument) => instrument.id === id)?.assetClass ?? '',
          returns: returnsOf(id),
          row: i + 2,
        }));
      const found = inspectLabels(labelled, 'ETFs_desc.csv');
      expect(found.map(({ series }) => series).sort()).toEqual(['IYR', 'REM', 'RWO', 'RWX', 'VNQ']);
      expect(found[0]).toMatchObject({ file: 'ETFs_desc.csv', rule: 'wrong-class', value: 'Equity' });
    });

    it('weights that do not sum to one, a fund listed twice, and weights per slot', () => {
      const listed = table('etf37/reference_allocations.csv').flatMap(([kind, name, symbols, weights], i) =>
        kind === 'static' || kind === 'tactical'
          ? [{ name, symbols: symbols.split(' '), weights: weights.split(' ').map(Number), row: i + 1 }]
          : [],
      );
      const found = inspectWeights(listed, 'reference_allocations.csv').map(place);
      const file = 'reference_allocations.csv';
      expect(found).toEqual(
        [
          { file, row: 3, series: 'rob_arnott', rule: 'weights-sum', value: '1.1' },
          { file, row: 3, series: 'rob_arnott', rule: 'duplicate', value: 'VNQ' },
          { file, row: expect.any(Number), series: 'globalAA', rule: 'weights-sum', value: '0.982' },
          { file, row: 18, series: 'raa', rule: 'weights-sum', value: '1' },
          { file, row: 19, series: 'dual_mom', rule: 'weights-sum', value: '2' },
        ].filter(({ series }) => series !== 'raa'),
      );
    });
  });

  it('gold headlines: 165 dates that cannot be read, each with its row, and rows out of order', () => {
    const { quarantined, observations } = read('sentiment/gold-headlines.csv', profileOf('gold-headlines'));
    expect(quarantined.filter(({ rule, row }) => rule === 'malformed' && row !== undefined)).toHaveLength(165);
    expect(inspectSeries(observations, { calendar: 'daily' }).map(({ rule }) => rule)).toContain('unordered');
  });
});
