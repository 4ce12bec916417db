import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { InputError } from '@allostat/kernel';
import { parseImportProfile, readObservations } from '@allostat/pipeline';
import { readTables } from './read-table';

const folder = mkdtempSync(join(tmpdir(), 'allostat-table-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const profile = parseImportProfile(
  { id: 'wide', date: { column: 'date' }, layout: { type: 'wide' }, kind: 'macro' },
  'wide.yaml',
);
function write(name: string, bytes: string | Buffer): string {
  writeFileSync(join(folder, name), bytes);
  return join(folder, name);
}
async function read(file: string) {
  const [{ rows }] = await readTables(file, profile);
  return readObservations(rows, profile, file);
}
const good = 'date,A,B\n2024-01-01,1,2\n2024-01-02,3,4\n2024-01-03,5,6\n';

describe('hostile files: a clear error with file and row, and nothing else lost', () => {
  it.each([
    ['a line of 100 KB', 'x'.repeat(100_000)],
    ['NUL bytes', '3\0'],
    ['emoji', '🙂'],
    ['text from right to left', 'ثلاثة'],
    ['HTML', '<td>3</td>'],
  ])('%s in a cell sets that cell aside', async (_, text) => {
    const file = write('cell.csv', good.replace('3,4', `${text},4`));
    const { observations, quarantined } = await read(file);
    expect(quarantined).toEqual([
      expect.objectContaining({ file, row: 3, series: 'A', rule: 'malformed', value: text }),
    ]);
    expect(observations.map(({ seriesId, value }) => [seriesId, value])).toEqual([
      ['A', 1],
      ['B', 2],
      ['B', 4],
      ['A', 5],
      ['B', 6],
    ]);
  });

  it('a byte order mark, Windows line ends and UTF-16 that says so are read as they are meant', async () => {
    const expected = (await read(write('good.csv', good))).observations.map(({ value }) => value);
    const forms = [
      Buffer.from(`\ufeff${good}`),
      Buffer.from(good.replaceAll('\n', '\r\n')),
      Buffer.from(`\ufeff${good}`, 'utf16le'),
    ];
    for (const [i, bytes] of forms.entries())
      expect((await read(write(`form-${i}.csv`, bytes))).observations.map(({ value }) => value)).toEqual(expected);
  });

  it('another encoding is refused with its first line', async () => {
    const file = write('latin.csv', Buffer.from(good.replace('3,4', '3,caf\u00e9'), 'latin1'));
    const refusal = (await readTables(file, profile).catch((error: unknown) => error)) as InputError;
    expect(refusal).toBeInstanceOf(InputError);
    expect([refusal.message, refusal.hint]).toEqual([`${file}:3: is not in UTF-8`, expect.stringContaining('UTF-8')]);
  });

  it.each([
    ['gzip that is cut', 'cut.csv.gz', gzipSync(good).subarray(0, 30)],
    ['gzip that is none', 'none.csv.gz', Buffer.from(good)],
    ['a workbook that is cut', 'cut.xlsx', Buffer.from('PK\u0003\u0004 and no more')],
    ['a quote that is never closed', 'quote.csv', Buffer.from(good.replace('3,4', '"3,4'))],
  ])('%s is refused with its name', async (_, name, bytes) => {
    const file = write(name, bytes);
    const refusal = (await readTables(file, profile).catch((error: unknown) => error)) as Error;
    expect(refusal).toBeInstanceOf(InputError);
    expect(refusal.message).toContain(file);
  });
});
