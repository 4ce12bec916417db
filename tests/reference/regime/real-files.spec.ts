import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { inspectPrices, parseImportProfile, universeSchema, PRICE_LIMITS, readObservations } from '@allostat/pipeline';
import { parse } from 'csv-parse/sync';
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
});
