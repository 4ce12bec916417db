import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fetchFile } from './fetch-file';
import { fredRows } from './fred-rows';

let server: Server;
let url: string;
let answers: { status: number; body?: string; headers?: Record<string, string> }[] = [];
let asked = 0;

beforeAll(async () => {
  server = createServer((_request, response) => {
    asked++;
    const { status, body = '', headers = {} } = answers.shift() ?? { status: 500 };
    response.writeHead(status, headers).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/fred/series/observations?series_id=UNRATE&api_key=s3cret`;
});
afterAll(() => void server.close());
beforeEach(() => (asked = 0));

describe('fetchFile', () => {
  it('tries again after faults of the server and waits as long as it asks', async () => {
    answers = [{ status: 503 }, { status: 429, headers: { 'retry-after': '0' } }, { status: 200, body: 'date,value' }];
    expect((await fetchFile(url, { backoffMs: 1 })).toString()).toBe('date,value');
    expect(asked).toBe(3);
  });

  it('does not repeat a request that is wrong, and shows no key', async () => {
    answers = [{ status: 404 }];
    await expect(fetchFile(url, { backoffMs: 1 })).rejects.toThrow(/observations answered 404$/);
    expect(asked).toBe(1);
    answers = [];
    await expect(fetchFile(url, { backoffMs: 1, attempts: 2 })).rejects.not.toThrow(/s3cret/);
  });
});

describe('fredRows', () => {
  const body = JSON.stringify({
    observations: [
      { realtime_start: '2008-11-07', realtime_end: '2009-02-05', date: '2008-10-01', value: '6.5' },
      { realtime_start: '2009-02-06', realtime_end: '9999-12-31', date: '2008-10-01', value: '6.6' },
      { realtime_start: '2008-12-05', realtime_end: '9999-12-31', date: '2008-11-01', value: '.' },
    ],
  });
  it('gives each vintage a row with the day from which it held', () => {
    expect(fredRows(body, url)).toEqual([
      ['series', 'date', 'value', 'known'],
      ['UNRATE', '2008-10-01', '6.5', '2008-11-07'],
      ['UNRATE', '2008-10-01', '6.6', '2009-02-06'],
      ['UNRATE', '2008-11-01', '.', '2008-12-05'],
    ]);
  });
  it('refuses an answer of another form', () => {
    expect(() => fredRows('{"error_message": "no key"}', url)).toThrow(/observations/);
  });
});
