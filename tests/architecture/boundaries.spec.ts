import { productionSources, violations, type SourceFile } from './import-rules';

describe('boundaries', () => {
  it('hold in every source file', () => {
    const files = productionSources();
    expect(files.length).toBeGreaterThan(200);
    expect(violations(files)).toEqual([]);
  });

  const planted = (path: string, text: string): SourceFile[] => [{ path, text }];
  it.each([
    ['node I/O in the core', planted('libs/quant/src/a.ts', `import { readFileSync } from 'node:fs';`)],
    ['Nest in the core', planted('libs/pipeline/src/a.ts', `import { Injectable } from '@nestjs/common';`)],
    ['TypeORM in the core', planted('libs/pipeline/src/a.ts', `import { Entity } from "typeorm";`)],
    ['a clock in the core', planted('libs/kernel/src/a.ts', 'const t = Date.now();')],
    ['the present in the core', planted('libs/pipeline/src/a.ts', 'const t = new Date();')],
    ['randomness in the core', planted('libs/quant/src/a.ts', 'const x = Math.random();')],
    ['printing in the core', planted('libs/quant/src/a.ts', 'console.log(1);')],
    ['a timer in the core', planted('libs/quant/src/a.ts', 'setTimeout(() => undefined, 1);')],
    ['the environment in the core', planted('libs/quant/src/a.ts', 'const e = process.env.X;')],
    ['quant importing pipeline', planted('libs/quant/src/a.ts', `import { decide } from '@allostat/pipeline';`)],
    ['contracts importing kernel', planted('libs/contracts/src/a.ts', `import { invariant } from '@allostat/kernel';`)],
    [
      'platform importing the domain',
      planted('libs/platform/src/a.ts', `import type { Mandate } from '@allostat/pipeline';`),
    ],
    [
      'a service importing a service',
      planted('services/optimization/src/a.ts', `import { x } from '@allostat/governance';`),
    ],
    [
      'a service importing the testkit',
      planted('services/allostat/src/a.ts', `import { x } from '@allostat/testkit';`),
    ],
    [
      'a lazy import over the fence',
      planted('services/optimization/src/a.ts', `await import('@allostat/governance');`),
    ],
    ['a path out of the package', planted('libs/quant/src/a.ts', `import { x } from '../../kernel/src/ids';`)],
  ])('are broken by %s', (_name, files) => {
    expect(violations(files)).toHaveLength(1);
  });

  it.each([
    ['a comment that names a ban', planted('libs/quant/src/a.ts', '// never Math.random()\nexport const x = 1;')],
    ['a date made from an argument', planted('libs/kernel/src/a.ts', 'export const d = (t: number) => new Date(t);')],
    [
      'allostat importing a service',
      planted('services/allostat/src/a.ts', `import { x } from '@allostat/governance';`),
    ],
    ['a neighbour by path', planted('libs/quant/src/risk/a.ts', `import { x } from '../linalg/matrix';`)],
  ])('are not broken by %s', (_name, files) => {
    expect(violations(files)).toEqual([]);
  });
});
