import {
  askSurrogate,
  featureValue,
  featureWords,
  surrogateRefusal,
  surrogateSentences,
  surrogateStanding,
  type AllocationProposed,
  type DecisionSurrogate,
} from '@allostat/pipeline';
import { escapeText } from './chart-frame';
import { htmlTable, number, percent } from './report-tables';

/** The rule that a mandate's past decisions seem to follow, and what it looks at; or why none is shown. */
export function surrogateSection(surrogate: DecisionSurrogate | undefined): string {
  if (surrogate === undefined) return '';
  const { tree, known, decided } = surrogate;
  if (tree.status === 'refused') return paragraph(surrogateRefusal(surrogate) as string);
  const valueOf = new Map(known.map(({ feature, value }) => [feature, value]));
  const answer = askSurrogate(tree.nodes, Object.fromEntries(valueOf));
  const here =
    answer === undefined
      ? ''
      : paragraph(`Here it would say ${percent(answer.value)}; ${percent(decided)} was decided.`);
  const rows = tree.importance.map(({ feature, loss }) => {
    const value = valueOf.get(feature);
    return { cells: [featureWords(feature), value === undefined ? '-' : featureValue(feature, value), number(loss)] };
  });
  const sentences = surrogateSentences(tree.nodes).map((text) => `<li>${escapeText(text)}</li>`);
  return `${paragraph(surrogateStanding(surrogate) as string)}<ul>${sentences.join('')}</ul>${here}${htmlTable(['looks at', 'now', 'fidelity lost when shuffled'], rows)}`;
}

/** The rule of the last proposal of a run, and how many of them had one. */
export function surrogateHistory(proposals: readonly AllocationProposed[]): string {
  const surrogates = proposals.flatMap(({ surrogate }) => (surrogate === undefined ? [] : [surrogate]));
  if (surrogates.length === 0) return '';
  const fidelities = surrogates
    .flatMap(({ tree }) => (tree.status === 'faithful' ? [tree.fidelity] : []))
    .sort((a, b) => a - b);
  const shown =
    fidelities.length === 0
      ? `None of the ${surrogates.length} proposals had a rule that was good enough to be shown.`
      : `${fidelities.length} of the ${surrogates.length} proposals had a rule that was good enough to be shown; it reproduced ${percent(fidelities[0])} to ${percent(fidelities[fidelities.length - 1])} of the variance of decisions that it had not seen. Each knew only decisions before its own bar. The last proposal says:`;
  return paragraph(shown) + surrogateSection(surrogates[surrogates.length - 1]);
}

const paragraph = (text: string): string => `<p>${escapeText(text)}</p>`;
