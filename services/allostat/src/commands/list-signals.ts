import { publicationOf, SIGNAL_DEFINITIONS } from '@allostat/pipeline';
import { printResult, type OutputOptions } from '../cli/output';

/** Prints what each signal of the market is, how far back it reads and when its values may be used. */
export function listSignals(options: OutputOptions): void {
  const signals = SIGNAL_DEFINITIONS.map((definition) => ({ ...definition, known: publicationOf(definition) }));
  const lines = signals.flatMap(({ name, units, definition, lookBack, known, reference }) => [
    `${name}   [${units}]`,
    `  ${definition}${reference === undefined ? '' : ` (${reference})`}`,
    `  reads ${lookBack}; known at: ${known}`,
  ]);
  printResult({ signals }, lines, options);
}
