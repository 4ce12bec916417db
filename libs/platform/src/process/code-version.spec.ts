import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { codeVersion } from './code-version';

describe('code version', () => {
  const folder = mkdtempSync(join(tmpdir(), 'allostat-code-'));
  const write = (name: string, text: string) => writeFileSync(join(folder, name), text);
  const version = () => codeVersion(join(folder, 'package.json'), [join(folder, 'code', 'index.js')]);
  beforeAll(() => {
    mkdirSync(join(folder, 'code', 'deep'), { recursive: true });
    write('package.json', '{"version":"1.2.0"}');
    write('code/index.js', 'exports.x = 1;');
    write('code/deep/part.js', 'exports.y = 2;');
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('is the version of the package and a fingerprint that only code changes', () => {
    const before = version();
    expect(before).toMatch(/^1\.2\.0\+[0-9a-f]{12}$/);
    write('code/index.js.map', '{}');
    write('code/index.d.ts', 'export {};');
    write('code/index.spec.js', 'test();');
    expect(version()).toBe(before);
    write('code/deep/part.js', 'exports.y = 3;');
    expect(version()).not.toBe(before);
  });
});
