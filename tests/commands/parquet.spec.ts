import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { allostat } from '../line/line-processes';

const folder = mkdtempSync(join(tmpdir(), 'allostat-parquet-'));
const profile = join(__dirname, '../../examples/profiles/wide-prices.yaml');
jest.setTimeout(90_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const ROWS = Array.from({ length: 40 }, (_, i) => ({
  date: new Date(Date.UTC(2024, 0, 1 + i)).toISOString().slice(0, 10),
  A: i === 7 ? null : 100 + i / 3,
  B: i === 3 ? -1 : 1_000_000_007 + i,
}));

/** Writes a Parquet file by another implementation of the format, in a process of its own: it is an ES module. */
function write(name: string, columns: string, codec: string): string {
  const file = join(folder, name);
  const script = `import { parquetWriteFile } from 'hyparquet-writer';
    const rows = ${JSON.stringify(ROWS)};
    await parquetWriteFile({ filename: ${JSON.stringify(file)}, codec: ${JSON.stringify(codec)}, columnData: ${columns} });`;
  execFileSync(process.execPath, ['--input-type=module', '-e', script], { cwd: join(__dirname, '../..') });
  return file;
}

async function ingest(file: string): Promise<Record<string, unknown>> {
  const { code, stdout } = await allostat(['ingest', file, '--profile', profile, '--dry-run', '--json']);
  return { code, ...(JSON.parse(stdout.replaceAll(file, 'FILE')) as object) };
}

const COLUMNS = `[
  { name: 'date', data: rows.map(({ date }) => new Date(date)), type: 'TIMESTAMP' },
  { name: 'A', data: rows.map(({ A }) => A), type: 'DOUBLE', nullable: true },
  { name: 'B', data: rows.map(({ B }) => BigInt(B)), type: 'INT64' },
]`;

describe('a Parquet file', () => {
  const csv = join(folder, 'prices.csv');
  writeFileSync(csv, `date,A,B\n${ROWS.map(({ date, A, B }) => `${date},${A ?? ''},${B}`).join('\n')}\n`);

  it.each(['SNAPPY', 'UNCOMPRESSED'])(
    '%s, of dates, numbers and integers, is read as the same CSV is',
    async (codec) => {
      const read = await ingest(write(`${codec}.parquet`, COLUMNS, codec));
      expect(read).toEqual(await ingest(csv));
      expect(read).toMatchObject({
        code: 0,
        quarantined: expect.arrayContaining([
          { file: 'FILE', row: 5, series: 'B', rule: 'negative-price', value: '-1' },
        ]) as unknown,
        emptyCells: [{ file: 'FILE', row: 9, series: 'A' }],
      });
    },
  );

  it('that is cut, or no Parquet at all, is refused with its name', async () => {
    const whole = readFileSync(write('whole.parquet', COLUMNS, 'SNAPPY'));
    for (const [name, bytes] of [
      ['cut.parquet', whole.subarray(0, whole.length - 40)],
      ['text.parquet', Buffer.from('date,A\n2024-01-01,1\n')],
    ] as const) {
      writeFileSync(join(folder, name), bytes);
      const { code, error } = await ingest(join(folder, name));
      expect(code).toBe(2);
      expect((error as { message: string }).message).toContain('FILE cannot be read as Parquet');
    }
  });

  it('under another name is not taken for text', async () => {
    const file = join(folder, 'prices.dat');
    writeFileSync(file, readFileSync(write('named.parquet', COLUMNS, 'SNAPPY')));
    const { code, error } = await ingest(file);
    expect([code, (error as { hint: string }).hint]).toEqual([2, expect.stringContaining('.parquet')]);
  });

  it('with a column of lists is refused with row and column', async () => {
    const lists = `[
      { name: 'date', data: rows.map(({ date }) => date), type: 'STRING' },
      { name: 'A', data: rows.map(({ A }) => ({ of: A })), type: 'JSON' },
    ]`;
    const { code, error } = await ingest(write('lists.parquet', lists, 'SNAPPY'));
    expect([code, (error as { message: string }).message]).toEqual([
      2,
      'FILE:2: column "A" has a list or a structure, not a value',
    ]);
  });
});
