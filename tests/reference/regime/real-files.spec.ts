import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import {
  inspectBars,
  inspectPrices,
  inspectSeries,
  inspectWeights,
  numberRevisions,
  parseImportProfile,
  universeSchema,
  PRICE_LIMITS,
  readObservations,
  type Observation,
} from '@allostat/pipeline';
import { parse } from 'csv-parse/sync';
import readWorkbook from 'read-excel-file/node';
import { parse as parseYaml } from 'yaml';

const root = join(__dirname, '../../..');
const data = join(root, '../shared/data');
const present = existsSync(data);
if (!present) console.warn(`skipped: ${data} is absent`);
const yaml = (path: string): unknown => parseYaml(readFileSync(join(root, 'examples', path), 'utf8'));
const profileOf = (name: string) => parseImportProfile(yaml(`profiles/${name}.yaml`), name);

describe('the examples', () => {
  it('are valid profiles and universes', () => {
    for (const name of readdirSync(join(root, 'examples/profiles'))) profileOf(name.replace('.yaml', ''));
    for (const name of readdirSync(join(root, 'examples/universes')))
      expect(universeSchema.parse(yaml(`universes/${name}`)).id).toBe(name.replace('.yaml', ''));
  });
});

(present ? describe : describe.skip)('real files', () => {
  function read(file: string, name: string) {
    const profile = profileOf(name);
    const bytes = readFileSync(join(data, file));
    const text = file.endsWith('.gz') ? gunzipSync(bytes) : bytes;
    const options = { delimiter: profile.delimiter, relax_column_count: true, relax_quotes: true };
    return readObservations(parse(text, options) as string[][], profile, file);
  }
  const rules = (result: ReturnType<typeof read>) => new Set(result.quarantined.map((q) => q.rule));

  it('a FRED series: holidays are empty cells, not zeros and not errors', () => {
    const result = read('macro/fred-daily/DGS10.csv', 'fred-daily');
    expect(result.missing.beforeFirst + result.missing.afterFirst).toBe(502);
    expect(result.quarantined).toEqual([]);
    expect(result.observations.every((o) => o.value !== 0)).toBe(true);
  });

  it('a FRED-MD vintage: transformation codes are skipped and empty last lines are no rows', () => {
    const result = read('macro/fred-md/current.csv', 'fred-md');
    expect(result.quarantined).toEqual([]);
    expect(result.series.find((s) => s.id === 'FEDFUNDS')).toMatchObject({ first: '1959-01-01', last: '2024-07-01' });
    expect(result.observations[0].knownTime).toBe('1959-03-07T21:00:00.000Z');
  });

  it('Treasury curves with a time of day, a stress index, a premium in M/D/YYYY, the VIX and two news indices', () => {
    const files = [
      read('macro/treasury/treasury_curves.csv', 'treasury-curves'),
      read('macro/stress-and-credit/fsi.csv', 'ofr-stress'),
      read('macro/stress-and-credit/ebp_csv.csv', 'excess-bond-premium'),
      read('vix/finance-vix--vix-daily.csv', 'vix'),
      read('sentiment/All_Daily_Policy_Data.csv', 'daily-policy-uncertainty'),
      read('sentiment/sf-fed-daily-news-sentiment.csv', 'daily-news-sentiment'),
    ];
    expect(files.map((f) => f.series[f.series.length - 1]).map((s) => [s.id, s.first, s.count])).toEqual([
      ['1month', '2001-07-31', expect.any(Number)],
      ['OFR_FSI', '2000-01-03', 6496],
      ['EBP_RECESSION_PROBABILITY', '1973-01-01', 605],
      ['VIX', '1990-01-02', expect.any(Number)],
      ['EPU', '1985-01-01', 14835],
      ['DNSI', '1980-01-01', 16717],
    ]);
    for (const file of files) expect([...rules(file)]).toEqual([]);
  });

  it('gold headlines: day-first dates, and the rows whose date cannot be read are set aside', () => {
    const result = read('sentiment/gold-headlines.csv', 'gold-headlines');
    expect(result.quarantined.every((q) => q.rule === 'malformed' && q.series === '*')).toBe(true);
    expect(result.quarantined).toHaveLength(165);
    const set = result.observations.length + result.duplicates + result.quarantined.length;
    expect(set).toBe(10_570);
  });

  it('stock closes: spin-offs are jumps, the tick that reverses is a bad tick, news is neither', () => {
    const profile = profileOf('sp500-close');
    const { observations } = read('sp500-2013-2018/close.csv.gz', 'sp500-close');
    const jumpFloor = profile.holdings === 'funds' ? PRICE_LIMITS.jumpFloor : PRICE_LIMITS.singleNameJumpFloor;
    const findings = inspectPrices(observations, { jumpFloor });
    const found = (series: string, rule: string) => findings.filter((f) => f.series === series && f.rule === rule);
    for (const series of ['BAX', 'EBAY', 'NI', 'DISCA', 'DISCK']) expect(found(series, 'jump')).toHaveLength(1);
    expect(found('LNT', 'bad-tick')[0]).toMatchObject({
      file: 'sp500-2013-2018/close.csv.gz',
      row: 827,
      value: '17.87',
    });
    expect(findings.length / observations.length).toBeLessThan(1e-4);
  });

  it('a month that the shutdown of the government left out, and a bond that was not issued for four years, are gaps', () => {
    const monthly = parseImportProfile({ ...(yaml('profiles/fred-daily.yaml') as object), calendar: 'monthly' }, 'm');
    const rows = parse(readFileSync(join(data, 'macro/fred-daily/UNRATE.csv'))) as string[][];
    const found = inspectSeries(readObservations(rows, monthly, 'UNRATE.csv').observations, monthly);
    expect(found).toEqual([expect.objectContaining({ rule: 'gap', row: 552, value: '4.6' })]);
    const curves = read('macro/treasury/treasury_curves.csv', 'treasury-curves').observations;
    expect(inspectSeries(curves, { calendar: 'weekdays' })).toMatchObject([
      { rule: 'gap', series: 'UST30Y', row: 4030, value: '0.0451' },
    ]);
  });

  it('the ragged end of a FRED-MD vintage is told series by series, and headlines out of order once', () => {
    const ragged = inspectSeries(read('macro/fred-md/current.csv', 'fred-md').observations, { calendar: 'monthly' });
    const ends = ragged.filter(({ rule }) => rule === 'stale');
    expect(ends.map(({ series }) => series)).toEqual(expect.arrayContaining(['CMRMTSPLx', 'HWI', 'BUSINVx']));
    expect(ends[0]).toMatchObject({ file: 'macro/fred-md/current.csv', row: 788, value: '1522770' });
    const news = read('sentiment/gold-headlines.csv', 'gold-headlines').observations;
    expect(inspectSeries(news, { calendar: 'daily' })).toMatchObject([{ rule: 'unordered', row: 4 }]);
  });

  it('the fields of bars contradict each other where the source says, and nowhere else', () => {
    // the names with a defect and some without; all 505 in the exhaustive mode
    const some = 'AOS CHD SPG CHK IP O DHR VRTX REGN WRK ES BBY UA LNT FTV BHF AAPL MSFT XOM JPM GE PG KO T'.split(' ');
    const columns = process.env.ALLOSTAT_EXHAUSTIVE === '1' ? {} : { columns: some };
    const field = (name: string, kind: 'price' | 'volume' = 'price') => {
      const profile = { ...profileOf('sp500-close'), kind, layout: { type: 'wide' as const, ...columns } };
      const rows = parse(gunzipSync(readFileSync(join(data, `sp500-2013-2018/${name}.csv.gz`)))) as string[][];
      return readObservations(rows, profile, `${name}.csv.gz`).observations;
    };
    const close = field('close');
    const found = inspectBars({
      open: field('open'),
      high: field('high'),
      low: field('low'),
      close,
      volume: field('volume', 'volume'),
    });
    const count = (part: string) => found.filter(({ reason }) => reason.includes(part)).length;
    expect(count('no open')).toBe(11);
    expect(count('a price without a volume')).toBe(4);
    expect(count('the high is below the low')).toBe(1);
    expect(count('the close is below the low')).toBe(8);
    expect(found.every(({ row, series, file }) => row !== undefined && series !== '' && file !== '')).toBe(true);
    if (process.env.ALLOSTAT_EXHAUSTIVE === '1') expect(found.length / close.length).toBeLessThan(1e-4);
  });

  it('reference weights that do not sum to one, and a fund that is listed twice', () => {
    const rows = parse(readFileSync(join(data, 'etf37/reference_allocations.csv'))) as string[][];
    const listed = rows.flatMap(([kind, name, symbols, weights], i) =>
      kind === 'static'
        ? [{ name, symbols: symbols.split(' '), weights: weights.split(' ').map(Number), row: i + 1 }]
        : [],
    );
    const found = inspectWeights(listed, 'reference_allocations.csv');
    expect(found.map(({ rule, series, value }) => [rule, series, value])).toEqual([
      ['weights-sum', 'rob_arnott', '1.1'],
      ['duplicate', 'rob_arnott', 'VNQ'],
      ['weights-sum', 'globalAA', '0.982'],
    ]);
  });

  describe('71 real-time vintages of macro series', () => {
    const profile = profileOf('fred-md-vintages');
    let read: Observation[] = [];
    beforeAll(async () => {
      const folder = join(data, 'macro/fred-md/vintages-2005-2022');
      for (const name of readdirSync(folder).sort()) {
        for (const { sheet, data: rows } of await readWorkbook(readFileSync(join(folder, name)))) {
          const text = rows.map((cells, i) => [
            ...cells.map((cell) => (cell === null ? '' : String(cell))),
            i === 0 ? 'sheet' : sheet,
          ]);
          read = read.concat(readObservations(text, profile, `${name}#${sheet}`).observations);
        }
      }
    }, 60_000);
    const asOf = (observations: readonly Observation[], known: string) => {
      const values = new Map<string, number | undefined>();
      for (const o of [...observations].sort((a, b) => a.revision - b.revision))
        if (o.knownTime <= known) values.set(`${o.seriesId} ${o.eventTime}`, o.value);
      return values;
    };

    it('what was known at a date is the vintage of that date, and later vintages do not change it', () => {
      const { fresh, revised } = numberRevisions(read, new Map(), '2030-01-01T00:00:00.000Z');
      expect(revised.length).toBeGreaterThan(10_000);
      // payrolls of 2008Q3 as three vintages gave them
      const payrolls = (known: string) => Math.round(asOf(fresh, known).get('PAYEMS 2008-07-01') ?? NaN);
      expect(['2008-10-31T22', '2009-04-30T22', '2010-10-31T22'].map(payrolls)).toEqual([137_448, 137_004, 136_700]);
      for (const known of ['2008-10-31T22', '2014-04-30T22']) {
        const before = numberRevisions(
          read.filter(({ knownTime }) => knownTime <= known),
          new Map(),
          known,
        ).fresh;
        expect(asOf(before, known)).toEqual(asOf(fresh, known));
      }
    });

    it('the same test catches a reader that takes the newest value', () => {
      const { fresh } = numberRevisions(read, new Map(), '2030-01-01T00:00:00.000Z');
      const known = '2008-10-31T22';
      const newest = asOf(fresh, '2030');
      const then = asOf(fresh, known);
      expect([...then].filter(([key, value]) => newest.get(key) !== value).length).toBeGreaterThan(500);
    });
  });
});
