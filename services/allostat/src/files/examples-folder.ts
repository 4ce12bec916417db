import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { AllostatError } from '@allostat/kernel';

/** The `examples` folder that the program was delivered with. */
export function examplesFolder(): string {
  for (let folder = __dirname; ; folder = dirname(folder)) {
    const candidate = join(folder, 'examples', 'mandates');
    if (existsSync(candidate)) return dirname(candidate);
    if (folder === dirname(folder)) {
      throw new AllostatError('INSTALLATION.INCOMPLETE', 'the examples folder is missing', 'install the program again');
    }
  }
}
