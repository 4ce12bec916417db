import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { simulateMarket, simulationFiles } from '@allostat/quant';

/** Draws a market and writes its files into a folder, which is made when missing. */
export function writeMarket(options: {
  readonly seed: number;
  readonly years: number;
  readonly out: string;
}): { readonly file: string; readonly rows: number }[] {
  const { seed, years, out } = options;
  mkdirSync(out, { recursive: true });
  return simulationFiles(simulateMarket({ seed, years })).map(({ name, text, rows }) => {
    const file = join(out, name);
    writeFileSync(file, text);
    return { file, rows };
  });
}
