import { mkdtempSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { toInstant } from '@allostat/kernel';
import type { DomainEvent } from '@allostat/pipeline';
import { readConfig, People } from '@allostat/platform';
import { scoreHeadline } from '@allostat/quant';
import { eventually, StageWorld } from '@allostat/testkit';
import { DataSource } from 'typeorm';
import { signalIngestion } from '../index';
import { recordObservations } from '../observation.store';
import { LEXICON } from '../sentiment/open-sentiment-model';
import { pollSource } from './poll-source';
import { readSources, SOURCES_CONFIG, type PolledSource } from './read-sources';
import { startPolling } from './start-polling';

const clock = { now: () => toInstant(Date.now()) };
const folder = mkdtempSync(join(tmpdir(), 'polling-'));
/** What the server answers, by path; a number is a status. */
const answers = new Map<string, (string | number)[]>();
let snapshots: readonly DomainEvent[];
const asked: { path: string; key: string | undefined }[] = [];
let server: Server;
let origin: string;
let world: StageWorld;

/** The answers of a path in order; the last one stays. */
const serve = (path: string, ...bodies: (string | number)[]): void => void answers.set(path, bodies);

const SOURCES = `
sources:
  - { id: closes, universe: u, url: "ORIGIN/closes.csv", profile: closes.yaml, everySeconds: 1, closesBars: true, backoffMs: 1 }
  - id: unrate
    universe: u
    url: "ORIGIN/fred?series_id=UNRATE&api_key=\${FRED_KEY}"
    headers: { x-key: "\${FRED_KEY}" }
    profile: fred.yaml
    everySeconds: 3600
    backoffMs: 1
  - { id: news, universe: u, url: "ORIGIN/news.csv", profile: news.yaml, everySeconds: 3600, backoffMs: 1, attempts: 1 }
`;
const PROFILES = {
  'closes.yaml': 'id: closes\ndate: { column: date }\nlayout: { type: wide }\nkind: price\n',
  'fred.yaml':
    'id: fred\ndate: { column: date }\nlayout: { type: long, seriesColumn: series, valueColumn: value }\nkind: macro\nmissing: ["."]\npublication: { column: known }\ncalendar: monthly\n',
  'news.yaml':
    'id: news\ndate: { column: date }\nlayout: { type: long, series: NEWS, textColumn: text }\nkind: headline\ncalendar: daily\n',
};
let sources: Record<'closes' | 'unrate' | 'news', PolledSource>;

beforeAll(async () => {
  server = createServer((request, response) => {
    const [path] = (request.url ?? '').split('?');
    asked.push({ path, key: request.headers['x-key'] as string | undefined });
    const queue = answers.get(path) ?? [404];
    const answer = queue.length > 1 ? (queue.shift() as string | number) : queue[0];
    if (typeof answer === 'number') response.writeHead(answer).end();
    else response.end(answer);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  for (const [name, text] of Object.entries(PROFILES)) writeFileSync(join(folder, name), text);
  const file = join(folder, 'sources.yaml');
  writeFileSync(file, SOURCES.replaceAll('ORIGIN', origin));
  const [closes, unrate, news] = readSources(file, { FRED_KEY: 's3cret' });
  sources = { closes, unrate, news };

  world = await StageWorld.open(signalIngestion({ people: new People([]) }), { clock });
  snapshots = await world.listen('signal.snapshot.v1');
  const universe = {
    id: 'u',
    version: 1,
    currency: 'USD',
    instruments: [{ id: 'A', assetClass: 'equity' as const }],
    context: [
      { seriesId: 'UNRATE', role: 'macro' as const },
      { seriesId: 'NEWS', role: 'sentiment' as const },
    ],
  };
  await world.publish({ type: 'UniverseVersioned', universe }, '2024-01-01T00:00:00.000Z');
}, 120_000);
afterAll(async () => {
  await world.close();
  server.close();
}, 60_000);

const poll = (source: PolledSource) => pollSource(source, { units: world.stage.units, clock, model: LEXICON });
const stored = (series: string): Promise<unknown[]> =>
  world.stage
    .get<DataSource>(DataSource)
    .query(
      `select event_time::text as day, revision, value, text, derivation from observation where series_id = $1 order by event_time, revision, ordinal`,
      [series],
    );
const fred = (...values: (readonly [string, string])[]): string =>
  JSON.stringify({
    observations: values.map(([value, known]) => ({ realtime_start: known, date: '2008-10-01', value })),
  });

describe('polling', () => {
  it('delivers what is new and nothing twice, after a fault of the server and in two processes at a time', async () => {
    serve('/fred', 503, fred(['6.5', '2008-11-07']), fred(['6.5', '2008-11-07'], ['6.6', '2009-02-06']));
    expect(await poll(sources.unrate)).toMatchObject({ deliveries: 1, observations: 1 });
    expect(asked.filter(({ path }) => path === '/fred').map(({ key }) => key)).toEqual(['s3cret', 's3cret']);
    const both = await Promise.all([poll(sources.unrate), poll(sources.unrate)]);
    expect(both.map(({ observations }) => observations).sort()).toEqual([0, 1]);
    await eventually(async () =>
      expect(await stored('UNRATE')).toMatchObject([
        { day: '2008-10-01', revision: 0, value: 6.5 },
        { day: '2008-10-01', revision: 1, value: 6.6 },
      ]),
    );
  });

  it('numbers a revision after what a file brought of the same series and day', async () => {
    await world.stage.units.run(({ manager }) =>
      recordObservations(
        manager,
        [4.1, 4.2].map((value, revision) => ({
          seriesId: 'UNRATE',
          kind: 'macro',
          eventTime: '2008-12-01',
          knownTime: `2009-0${revision + 1}-05T21:00:00.000Z`,
          revision,
          value,
        })),
      ),
    );
    const row = { realtime_start: '2009-03-06', date: '2008-12-01', value: '4.4' };
    serve('/fred', JSON.stringify({ observations: [row] }));
    expect(await poll(sources.unrate)).toMatchObject({ observations: 1 });
    await eventually(async () => {
      const all = (await stored('UNRATE')) as { day: string }[];
      expect(all.filter(({ day }) => day === '2008-12-01')).toMatchObject([
        { revision: 0, value: 4.1 },
        { revision: 1, value: 4.2 },
        { revision: 2, value: 4.4 },
      ]);
    });
  });

  it('gives headlines their tone, delivers a new one of the same day, and no old one again', async () => {
    serve(
      '/news.csv',
      'date,text\n2024-01-02,Shares rally\n',
      'date,text\n2024-01-02,Shares rally\n2024-01-02,Shares tumble\n',
    );
    expect(await poll(sources.news)).toMatchObject({ deliveries: 1, observations: 1 });
    expect(await poll(sources.news)).toMatchObject({ deliveries: 1, observations: 1 });
    expect(await poll(sources.news)).toMatchObject({ deliveries: 0, observations: 0 });
    await eventually(async () =>
      expect(await stored('NEWS')).toMatchObject([
        { text: 'Shares rally', value: scoreHeadline('Shares rally'), derivation: `tone by ${LEXICON.identity}` },
        { text: 'Shares tumble', value: scoreHeadline('Shares tumble') },
      ]),
    );
  });

  it('says which rows it could not read, and fails without a delivery when the address does not answer', async () => {
    serve('/news.csv', 'date,text\nyesterday,Shares rise\n', 500);
    expect(await poll(sources.news)).toMatchObject({ deliveries: 0, setAside: [{ row: 2, rule: 'malformed' }] });
    await expect(poll(sources.news)).rejects.toThrow(/news.csv answered 500/);
  });

  it('closes a bar a day on its schedule, waits for values that are not known yet, and goes on after a fault', async () => {
    const tomorrow = new Date(Date.now() + 86_400_000).toISOString().slice(0, 10);
    serve(
      '/closes.csv',
      'date,A\n2024-01-02,100\n2024-01-03,101\n',
      404,
      `date,A\n2024-01-02,100\n2024-01-03,101\n2024-01-04,102\n${tomorrow},103\n`,
    );
    const stop = startPolling(world.stage, { sources: [sources.closes], clock });
    const database = world.stage.get<DataSource>(DataSource);
    await eventually(async () => {
      expect(await stored('A')).toMatchObject([{ value: 100 }, { value: 101 }, { value: 102 }]);
    });
    await stop();
    const requests = asked.length;
    const [feed] = (await database.query(
      `select next_sequence::int as next from http_feed where feed = 'closes'`,
    )) as unknown[];
    expect(feed).toEqual({ next: 3 });
    await eventually(() => {
      expect(snapshots).toMatchObject([{ asOf: '2024-01-02' }, { asOf: '2024-01-03' }, { asOf: '2024-01-04' }]);
      return Promise.resolve();
    });
    expect(asked).toHaveLength(requests);
  });
});

describe('readSources', () => {
  const read = (text: string) => {
    writeFileSync(join(folder, 'wrong.yaml'), text);
    return () => readSources(join(folder, 'wrong.yaml'), {});
  };
  const one = '{ id: a, universe: u, url: "http://h/${KEY}", profile: closes.yaml, everySeconds: 60 }';
  const open = one.replace('${KEY}', '');

  it('names file, line and field of what is wrong, and what is allowed', () => {
    expect(read(`sources:\n  - ${one}`)).toThrow(/wrong.yaml:2: sources.0.url: source a needs KEY, which is not set/);
    expect(read(`sources:\n  - ${open.replace('60', '0')}`)).toThrow(/wrong.yaml:2: sources.0.everySeconds: .*>=1/);
    expect(read(`sources:\n  - ${open}\n  - ${open}`)).toThrow(/wrong.yaml:3: sources.1.id: two sources are u a/);
    expect(read(`sources:\n  - ${open.replace('closes.yaml', 'nowhere.yaml')}`)).toThrow(
      /wrong.yaml:2: sources.0.profile: .*nowhere.yaml cannot be read/,
    );
    const closes = open.replace('60', '60, closesBars: true');
    expect(read(`sources:\n  - ${closes}\n  - ${closes.replace('id: a', 'id: b')}`)).toThrow(
      /wrong.yaml:3: sources.1.closesBars: two sources close the bars of u/,
    );
    expect(read('sources: [')).toThrow(/wrong.yaml:1: /);
    let hint: string | undefined;
    try {
      read(`sources:\n  - ${open.replace('everySeconds', 'everySecond')}`)();
    } catch (error) {
      ({ hint } = error as { hint?: string });
    }
    expect(hint).toBe('did you mean everySeconds?');
  });

  it('is part of the configuration: a service with a wrong file does not start', () => {
    const file = join(folder, 'wrong.yaml');
    writeFileSync(file, `sources:\n  - ${open.replace('60', '0')}\n`);
    const start = () => readConfig(SOURCES_CONFIG, { SIGNAL_SOURCES_FILE: file });
    expect(start).toThrow(/SIGNAL_SOURCES_FILE: .*wrong.yaml:2: sources.0.everySeconds/);
    expect(readConfig(SOURCES_CONFIG, {})).toEqual({});
  });
});
