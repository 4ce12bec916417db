import { createRng } from '@allostat/kernel';
import { surrogateTree, treeSentences } from '@allostat/quant';
import type { ExposureRow } from '../commands/portfolio-run';
import { escapeText } from './chart-frame';
import { htmlTable, number, percent } from './report-tables';

const FEATURES = [
  'the share that volatility allows',
  'the drawdown budget used',
  'the probability of a crisis',
] as const;
const ROWS_MIN = 200;

/** What the exposure depended on, as a small tree that imitates it; says so when no tree does. */
export function exposureSection(rows: readonly ExposureRow[]): string {
  const spread = new Set(rows.map(({ exposure }) => exposure)).size;
  if (rows.length < ROWS_MIN || spread < 2) return '';
  const values = Float64Array.from(
    rows.flatMap(({ volatilityAllows, budgetUsed, crisisProbability }) => [
      volatilityAllows,
      budgetUsed,
      crisisProbability,
    ]),
  );
  const target = rows.map(({ exposure }) => exposure);
  const found = surrogateTree({ features: [...FEATURES], values }, target, { rng: createRng(1) });
  if (found.status === 'refused') {
    return `<p>No small tree imitates the exposure well enough to be shown: the best one reproduces ${percent(found.fidelity)} of its variance on days that it has not seen, ${percent(found.fidelityMin)} are asked for.</p>`;
  }
  const sentences = treeSentences(found.tree, (value) => `about ${percent(value)} of value is exposed`);
  return `<p>A tree of three questions imitates the exposure; on the last third of days, which it has not seen, it reproduces ${percent(found.fidelity)} of the variance. The exposure itself is the exact product of three factors; the tree is for reading.</p><ul>${sentences.map((text) => `<li>${escapeText(text)}</li>`).join('')}</ul>${htmlTable(
    ['feature', 'fidelity lost when it is shuffled'],
    Object.entries(found.importance).map(([feature, loss]) => ({ cells: [feature, number(loss)] })),
  )}`;
}
