import type { DecisionSurrogate, SurrogateFeature, SurrogateNode } from '../risk-budgeting/events';

const WORDS: Readonly<Record<SurrogateFeature, string>> = {
  'crisis-now': 'the probability of a crisis',
  'crisis-ahead': 'the probability of a crisis a month ahead',
  'tightening-ahead': 'the probability of tightening a month ahead',
  'recovery-ahead': 'the probability of recovery a month ahead',
  'drawdown-used': 'the part of the drawdown budget used',
  'volatility-ratio': 'the volatility of the core over its long run',
  volatility: 'the volatility of the core',
  trend: 'the trend of the core',
  signals: 'what the signals say of equities',
};

/** A feature of a tree as a sentence names it. */
export function featureWords(feature: SurrogateFeature): string {
  return WORDS[feature];
}

const IN_PERCENT: readonly SurrogateFeature[] = [
  'crisis-now',
  'crisis-ahead',
  'tightening-ahead',
  'recovery-ahead',
  'drawdown-used',
  'volatility',
];

/** A value of a feature as a sentence says it. */
export function featureValue(feature: SurrogateFeature, value: number): string {
  return IN_PERCENT.includes(feature) ? `${(100 * value).toFixed(1)} %` : value.toFixed(2);
}

interface Range {
  readonly above?: number;
  readonly most?: number;
}

/** A tree as sentences, one an answer; questions about one feature are said as one range. */
export function surrogateSentences(nodes: readonly SurrogateNode[]): string[] {
  const walk = (at: number, ranges: ReadonlyMap<SurrogateFeature, Range>): string[] => {
    const node = nodes[at];
    if (node.kind === 'leaf') {
      const words = [...ranges].map(([feature, range]) => `${featureWords(feature)} is ${rangeWords(feature, range)}`);
      const when = words.length === 0 ? 'always' : `when ${words.join(' and ')}`;
      return [`${when}: about ${(100 * node.value).toFixed(1)} % (${node.rows} decisions)`];
    }
    const { feature, threshold, low, high } = node;
    const range = ranges.get(feature) ?? {};
    return [
      ...walk(low, new Map([...ranges, [feature, { ...range, most: threshold }]])),
      ...walk(high, new Map([...ranges, [feature, { ...range, above: threshold }]])),
    ];
  };
  return walk(0, new Map());
}

function rangeWords(feature: SurrogateFeature, { above, most }: Range): string {
  const say = (value: number): string => featureValue(feature, value);
  if (above === undefined) return `at most ${say(most as number)}`; // a range has at least one end
  return most === undefined ? `above ${say(above)}` : `above ${say(above)} and at most ${say(most)}`;
}

/** Why no tree is shown, as a sentence; `undefined` when one is. */
export function surrogateRefusal({ tree }: DecisionSurrogate): string | undefined {
  if (tree.status === 'faithful') return undefined;
  const { rows, fidelityMin, fidelity, reason } = tree;
  switch (reason) {
    case 'too-few-decisions':
      return `No simple rule is shown: ${rows} past decisions of the mandate are on record, too few to judge one.`;
    case 'nothing-to-imitate':
      return `No simple rule is shown: the ${rows} past decisions on record are all the same.`;
    case 'not-faithful':
      return `No simple rule is shown: on past decisions that it has not seen, the best one reproduces ${percent(fidelity as number)} of the variance (${rows} on record); ${percent(fidelityMin)} are asked for.`;
  }
}

/** Where a tree comes from and how well it imitates; `undefined` when there is none. */
export function surrogateStanding({ tree }: DecisionSurrogate): string | undefined {
  if (tree.status !== 'faithful') return undefined;
  const { rows, asOf, fidelity } = tree;
  return `A tree of at most three questions that imitates the mandate's ${rows} last decisions on record (every fifth bar, to ${asOf}). On decisions that it has not seen, eight weeks at a time with four weeks left out on either side, it reproduces ${percent(fidelity)} of the variance. What was decided follows the exact rule of the mandate; the tree is for reading.`;
}

function percent(value: number): string {
  return `${(100 * value).toFixed(1)} %`;
}
