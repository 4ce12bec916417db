import { simulateMarket, simulationFiles } from '@allostat/quant';
import { parseImportProfile, type ImportProfile } from './import-profile';
import { readObservations } from './read-observations';

const profile = (more: object): ImportProfile =>
  parseImportProfile(
    { id: 'test', date: { column: 'date' }, layout: { type: 'wide' }, kind: 'price', ...more },
    'p.yaml',
  );

const table = (text: string): string[][] => text.split('\n').map((line) => line.split(','));

describe('readObservations', () => {
  it('reads a wide file with a byte-order mark, day-month order and missing marks', () => {
    const rows = table('\uFEFFDate,SPY,GLD\n12/31/1999,100,NA\n1/3/2000,101.5,NA\n1/4/2000,99,50');
    const read = readObservations(
      rows,
      profile({ date: { column: 'Date', order: 'mdy' }, missing: ['NA'], kind: 'total-return-index' }),
      'tri.csv',
    );
    expect(read.series).toEqual([
      { id: 'SPY', first: '1999-12-31', last: '2000-01-04', count: 3 },
      { id: 'GLD', first: '2000-01-04', last: '2000-01-04', count: 1 },
    ]);
    expect(read.missing).toEqual({ beforeFirst: 2, afterFirst: 0 });
    expect(read.quarantined).toEqual([]);
    expect(read.observations[1]).toEqual({
      seriesId: 'SPY',
      kind: 'total-return-index',
      eventTime: '2000-01-03',
      knownTime: '2000-01-03T21:00:00.000Z',
      revision: 0,
      value: 101.5,
      origin: { file: 'tri.csv', row: 3 },
    });
  });

  it('sets aside, with row and rule, what is malformed, negative, contradictory or a repeated row', () => {
    const rows = table(
      'date,A,B\n2020-01-01,1,2\n2020-01-02,x,2.1\n31/02/2020,1,2\n2020-01-03,-1,2.2\n2020-01-02,1,2.5\n2020-01-06,1.1,2.2\n2020-01-07,1.1,2.2',
    );
    const read = readObservations(rows, profile({}), 'f.csv');
    expect(read.quarantined.map(({ row, series, rule, value }) => [row, series, rule, value])).toEqual([
      [3, 'A', 'malformed', 'x'],
      [4, '*', 'malformed', '31/02/2020'],
      [5, 'A', 'negative-price', '-1'],
      [6, 'B', 'duplicate', '2.5'],
      [8, '*', 'repeated-row', '2020-01-07'],
    ]);
  });

  it('counts the same value twice as a duplicate and keeps it once', () => {
    const rows = table('date,A\n2020-01-01,1\n2020-01-01,1');
    expect(readObservations(rows, profile({}), 'f.csv')).toMatchObject({ duplicates: 1, quarantined: [] });
  });

  it('turns percent into decimals and dates a release by its publication lag', () => {
    const rows = table('date,CPI\n2020-02-01,2.5');
    const macro = profile({
      kind: 'macro',
      unit: 'percent',
      publication: { from: 'month-end', lagDays: 13, time: '13:30' },
    });
    expect(readObservations(rows, macro, 'f.csv').observations[0]).toMatchObject({
      value: 0.025,
      knownTime: '2020-03-13T13:30:00.000Z',
    });
  });

  it('skips rows below the header and reads dates in three columns', () => {
    const rows = table('day,month,year,EPU\nunits,,,index\n1,2,1985,103.8');
    const parts = { year: 'year', month: 'month', day: 'day' };
    const read = readObservations(rows, profile({ skipAfterHeader: 1, date: { parts }, kind: 'sentiment' }), 'f.csv');
    expect(read.observations).toHaveLength(1);
    expect(read.observations[0]).toMatchObject({ seriesId: 'EPU', eventTime: '1985-02-01', value: 103.8 });
  });

  it('counts revisions up where a file has only known dates', () => {
    const long = { type: 'long', seriesColumn: 's', valueColumn: 'v' };
    const rows = table('s,date,known,v\nGDP,2020-01-01,2020-04-29,1.1\nGDP,2020-01-01,2020-05-28,1.3');
    const read = readObservations(
      rows,
      profile({ layout: long, kind: 'macro', publication: { column: 'known' } }),
      'f.csv',
    );
    expect(read.observations.map((o) => [o.revision, o.value])).toEqual([
      [0, 1.1],
      [1, 1.3],
    ]);
  });

  it('names the file, the column and what there is when a column is absent', () => {
    const read = () => readObservations(table('Day,A\n2020-01-01,1'), profile({}), 'f.csv');
    expect(read).toThrow(/f.csv has no column "date"/);
  });

  it('reads back the macro releases and headlines that a simulated market writes', () => {
    const market = simulateMarket({ seed: 2, years: 2 });
    const files = new Map(simulationFiles(market).map((file) => [file.name, table(file.text.trimEnd())]));
    const macro = readObservations(
      files.get('macro.csv') ?? [],
      profile({
        date: { column: 'event_date' },
        layout: { type: 'long', seriesColumn: 'series', valueColumn: 'value', revisionColumn: 'revision' },
        kind: 'macro',
        publication: { column: 'known_date' },
      }),
      'macro.csv',
    );
    expect(macro.observations.map((o) => o.value)).toEqual(market.macro.map((m) => m.value));
    expect(macro.observations.map((o) => o.knownTime.slice(0, 10))).toEqual(market.macro.map((m) => m.knownDate));
  });
});

describe('parseImportProfile', () => {
  it.each([
    [{ id: 'x' }, /date|layout|kind/],
    [{ id: 'x', date: { column: 'd' }, layout: { type: 'tall' }, kind: 'price' }, /layout/],
    [{ id: 'x', date: { column: 'd' }, layout: { type: 'wide' }, kind: 'price', headerrow: 2 }, /headerrow/],
    [{ id: 'x', date: { column: 'd' }, layout: { type: 'long' }, kind: 'price' }, /seriesColumn or series/],
  ])('refuses %j', (document, message) => {
    expect(() => parseImportProfile(document, 'p.yaml')).toThrow(message);
  });
});
