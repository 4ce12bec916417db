import { createHash } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { allostat } from '../line/line-processes';

const folder = mkdtempSync(join(tmpdir(), 'allostat-lineage-'));
const examples = join(__dirname, '../../examples');
const told = join(folder, 'lineage.ndjson');
const prices = join(folder, 'prices.csv');
const env = { ALLOSTAT_HOME: join(folder, 'home'), OPENLINEAGE_FILE: told };

interface Traced {
  readonly weights: readonly { instrument: string; price: { close: number; from: { file: string; row: number } } }[];
  readonly series: readonly {
    series: string;
    values: number;
    files: { file: string; firstRow: number; lastRow: number }[];
  }[];
  readonly inputs: Record<string, string>;
}
interface Told {
  readonly eventType: string;
  readonly run: { readonly runId: string; readonly facets?: Record<string, { message: string }> };
  readonly job: { readonly name: string };
  readonly inputs: readonly { namespace: string; name: string; facets: Record<string, Record<string, unknown>> }[];
  readonly outputs: readonly {
    name: string;
    facets?: { columnLineage?: { fields: Record<string, { inputFields: Record<string, string>[] }> } };
    outputFacets?: { outputStatistics: { rowCount: number } };
  }[];
}
const events = (): Told[] =>
  readFileSync(told, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Told);

async function ok(...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await allostat([...args, '--json'], env);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return stdout;
}

let trace: Traced;
let summary: { readonly bars: number; readonly refusedBars: number };
let server: Server;

jest.setTimeout(120_000);
beforeAll(async () => {
  await ok('simulate', '--years', '5', '--seed', '7', '--out', folder);
  const [lastDay] = readFileSync(prices, 'utf8').trim().split('\n').slice(-1)[0].split(',');
  const stray = new Date(Date.parse(lastDay) + 7 * 86_400_000).toISOString().slice(0, 10);
  appendFileSync(prices, `${stray},US_EQUITY,${stray},100\n`);
  await ok('ingest', prices, '--profile', join(examples, 'profiles/simulated-prices.yaml'));
  const universe = join(examples, 'universes/demo.yaml');
  const mandate = join(examples, 'mandates/demo-balanced.yaml');
  summary = JSON.parse(
    await ok('up', '--once', '--universe', universe, '--mandate', mandate, '--bars', '15'),
  ) as typeof summary;
  const { pat } = JSON.parse(readFileSync(join(env.ALLOSTAT_HOME, 'tokens.json'), 'utf8')) as Record<string, string>;
  const [{ id }] = JSON.parse(await ok('review', 'list', '--as', pat)) as { id: string }[];
  trace = JSON.parse(await ok('lineage', id)) as Traced;
});
afterAll(() => {
  server.close();
  rmSync(folder, { recursive: true, force: true });
});

it('a last day with a single value decides nothing and keeps nobody waiting', () => {
  expect(summary).toMatchObject({ bars: 14, refusedBars: 1 });
});

describe('allostat lineage', () => {
  it('leads every weight to the row of the file with its price', () => {
    const rows = readFileSync(prices, 'utf8').split('\n');
    const header = rows[0].split(',');
    expect(trace.weights.length).toBeGreaterThan(5);
    for (const { instrument, price } of trace.weights) {
      expect(price.from.file).toBe(prices);
      const cells = rows[price.from.row - 1].split(',');
      expect(cells).toContain(instrument);
      expect(Number(cells[header.indexOf('close')])).toBe(price.close);
    }
  });

  it('names the rows of the history behind it, and the hashes of all that it was made from', () => {
    const own = trace.series.find(({ series }) => series === trace.weights[0].instrument);
    expect(own?.values).toBe(274);
    expect(own?.files).toEqual([expect.objectContaining({ file: prices })]);
    for (const name of ['riskModel', 'budget', 'holdings', 'mandate'])
      expect(trace.inputs[name]).toMatch(/^[0-9a-f]{64}$/);
  });

  it('knows no lineage of a proposal that nobody made', async () => {
    const { code, stdout } = await allostat(['lineage', 'nothing', '--json'], env);
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'LINEAGE.UNKNOWN_PROPOSAL' } });
  });
});

describe('run events', () => {
  it('tell of an ingest: the file with its hash, the rows stored, and the column of every series', () => {
    const [start, complete] = events().filter(({ job }) => job.name === 'ingest');
    expect([start.eventType, complete.eventType]).toEqual(['START', 'COMPLETE']);
    expect(start.run.runId).toBe(complete.run.runId);
    const hash = createHash('sha256').update(readFileSync(prices)).digest('hex');
    expect(complete.inputs[0]).toMatchObject({ namespace: 'file', name: prices });
    expect(complete.inputs[0].facets.version).toMatchObject({ datasetVersion: `sha256:${hash}` });
    const [output] = complete.outputs;
    expect(output.outputFacets?.outputStatistics.rowCount).toBeGreaterThan(10_000);
    expect(output.facets?.columnLineage?.fields.GOLD.inputFields).toEqual([
      { namespace: 'file', name: prices, field: 'close' },
    ]);
  });

  it('tell of every stage of the line that it began and ended', () => {
    const line = events().filter(({ job }) => job.name.startsWith('line.'));
    const moments = (name: string) => line.filter(({ job }) => job.name === name).map(({ eventType }) => eventType);
    for (const stage of ['signal-ingestion', 'regime-detection', 'risk-budgeting', 'optimization', 'governance'])
      expect(moments(`line.${stage}`)).toEqual(['START', 'COMPLETE']);
  });

  it('tell of a failure with its message, to a backend over HTTP', async () => {
    const received: { path?: string; key?: string; event: Told }[] = [];
    server = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk: Buffer) => (body += chunk.toString()));
      request.on('end', () => {
        const { url, headers } = request;
        received.push({ path: url ?? '', key: headers.authorization ?? '', event: JSON.parse(body) as Told });
        response.writeHead(received.length === 1 ? 201 : 500).end();
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const bad = join(folder, 'bad.csv');
    writeFileSync(bad, 'when,GOLD\n2024-01-02,1\n');
    const { code, stderr } = await allostat(
      ['ingest', bad, '--profile', join(examples, 'profiles/simulated-prices.yaml'), '--json'],
      {
        ...env,
        OPENLINEAGE_FILE: '',
        OPENLINEAGE_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
        OPENLINEAGE_API_KEY: 'k',
      },
    );
    expect(code).toBe(2);
    expect(received.map(({ path, key, event }) => [path, key, event.eventType])).toEqual([
      ['/api/v1/lineage', 'Bearer k', 'START'],
      ['/api/v1/lineage', 'Bearer k', 'FAIL'],
    ]);
    expect(received[1].event.run.facets?.errorMessage.message).toMatch(/has no column/);
    // the work's own error is what the person is told; the backend's is a note
    expect(stderr).toMatch(/lineage of ingest could not be delivered: the lineage backend answered 500/);
  });
});
