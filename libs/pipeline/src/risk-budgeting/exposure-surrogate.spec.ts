import { createRng, deepFreeze } from '@allostat/kernel';
import { simulatePortfolio } from '@allostat/quant';
import { mandatePolicy } from '../backfill/mandate-policy';
import { SAMPLE_MANDATE, SAMPLE_UNIVERSE } from '../mandate/sample-mandate';
import { brokenClaims } from '../optimization/claims';
import type { AllocationProposed } from '../optimization/events';
import { stormMarket, stormOptions, stormRegimeAt } from '../optimization/storm-market.fixture';
import { surrogateRefusal, surrogateSentences } from '../optimization/surrogate-words';
import { hasDecisionsToSettle, settleDecisions } from './decide';
import type { ExposureRow } from './exposure-record';
import { askSurrogate, exposureSurrogate } from './exposure-surrogate';

/** A day for each decision; exposure by a rule that only the test knows, or by chance. */
function decisions(count: number, decide: (row: { crisis: number; ratio: number; chance: number }) => number) {
  const rng = createRng(11);
  return deepFreeze(
    Array.from({ length: count }, (_, k): ExposureRow => {
      const row = { crisis: rng.uniform(), ratio: 0.5 + rng.uniform(), chance: rng.uniform() };
      return {
        asOf: new Date(Date.UTC(2015, 0, 5 + 7 * k)).toISOString().slice(0, 10),
        mandateVersion: 1,
        features: {
          'crisis-ahead': row.crisis,
          'volatility-ratio': row.ratio,
          trend: rng.normal(),
          'drawdown-used': 0,
        },
        decided: decide(row),
      };
    }),
  );
}
const planted = ({ crisis, ratio }: { crisis: number; ratio: number }): number =>
  crisis > 0.7 ? 0.4 : ratio > 1 ? 0.8 : 1;

describe('the tree that imitates the decisions of a mandate', () => {
  const found = exposureSurrogate({ rows: decisions(200, planted) });

  it('recovers a planted rule, says how well on decisions that it has not seen, and ranks what it looks at', () => {
    if (found.status !== 'faithful') throw new Error(found.reason);
    expect(found.fidelity).toBeGreaterThan(0.9);
    const [root] = found.nodes;
    expect(root).toMatchObject({ kind: 'split', feature: 'crisis-ahead' });
    expect(root.kind === 'split' && root.threshold).toBeCloseTo(0.7, 1);
    expect(found.importance.map(({ feature }) => feature)).toEqual(['crisis-ahead', 'volatility-ratio', 'trend']);
    expect(found.importance[1].loss).toBeGreaterThan(0.05);
    expect(Math.abs(found.importance[2].loss)).toBeLessThan(0.02);
    const answer = askSurrogate(found.nodes, { 'crisis-ahead': 0.9, 'volatility-ratio': 1.2, trend: 0 });
    expect(answer?.value).toBeCloseTo(0.4, 6);
    expect(answer?.path[0]).toMatchObject({ feature: 'crisis-ahead', above: true });
    expect(askSurrogate(found.nodes, { trend: 0 })).toBeUndefined();
    expect(surrogateSentences(found.nodes).at(-1)).toMatch(
      /^when the probability of a crisis a month ahead is above \d\d\.\d %.*: about 40\.0 % \(\d+ decisions\)$/,
    );
  });

  it.each([
    ['chance', 200, ({ chance }: { chance: number }): number => chance, 'not-faithful'],
    ['a rule that never acts', 200, (): number => 1, 'nothing-to-imitate'],
    ['a record of a year', 52, planted, 'too-few-decisions'],
  ] as const)('is refused for %s, and says why', (_name, count, rule, reason) => {
    const tree = exposureSurrogate({ rows: decisions(count, rule) });
    expect(tree).toMatchObject({ status: 'refused', reason });
    expect(surrogateRefusal({ tree, known: [], decided: 1 })).toMatch(/^No simple rule is shown: /);
  });

  it('is refused when the rule has changed on the way', () => {
    const rows = decisions(200, planted).map((row, k) => (k < 140 ? row : { ...row, decided: 1.4 - row.decided }));
    expect(exposureSurrogate({ rows })).toMatchObject({ status: 'refused', reason: 'not-faithful' });
  });

  it('forgets the decisions of an earlier version of the mandate', () => {
    const rows = decisions(100, planted);
    const waiting = decisions(4, planted).map((row) => ({ ...row, mandateVersion: 2 }));
    const { record, state } = settleDecisions({ waiting }, { rows });
    expect(record.rows).toEqual(waiting);
    expect(state.waiting).toBeUndefined();
    expect(state.surrogate).toMatchObject({ status: 'refused', rows: 4 });
    expect(hasDecisionsToSettle({ waiting: waiting.slice(1) })).toBe(false);
  });
});

describe('a proposal', () => {
  const mandate = {
    ...SAMPLE_MANDATE,
    construction: {
      core: 'anchor',
      volatilityShare: 0.8,
      tilt: 0.25,
      drawdownControl: true,
      drawdownMultiple: 1.5,
      regimeCut: 0.6,
      band: 0.15,
    },
    limits: { default: { min: 0, max: 1 }, noTradeBand: 0.01 },
  } as const;
  const run = (rows: number): AllocationProposed[] => {
    const proposals: AllocationProposed[] = [];
    const market = stormMarket(rows);
    const policy = mandatePolicy({
      mandate,
      universe: SAMPLE_UNIVERSE,
      regimeAt: stormRegimeAt,
      observe: (event) => {
        if (event.type === 'AllocationProposed') proposals.push(event);
      },
    });
    simulatePortfolio(market, policy, stormOptions);
    return proposals;
  };
  const proposals = run(1200);
  const faithful = proposals.filter(({ surrogate }) => surrogate?.tree.status === 'faithful');

  it('carries the tree of before its own bar, or why there is none', () => {
    expect(proposals.every(({ surrogate }) => surrogate !== undefined)).toBe(true);
    expect(proposals[0].surrogate?.tree).toEqual({
      status: 'refused',
      reason: 'too-few-decisions',
      rows: 0,
      fidelityMin: 0.7,
    });
    expect(faithful.length).toBeGreaterThan(5);
    for (const { surrogate, asOf, explanation } of faithful) {
      expect((surrogate?.tree.asOf as string) < asOf).toBe(true);
      expect(surrogate?.decided).toBe(explanation?.exposure.exposure);
    }
  });

  it('says what the tree would say as claims that hold; one that does not is found', () => {
    for (const proposal of faithful) {
      expect(brokenClaims(proposal)).toEqual([]);
      expect(proposal.claims?.map(({ kind }) => kind)).toContain('surrogate');
      const { surrogate } = proposal;
      if (surrogate?.tree.status !== 'faithful') throw new Error('refused');
      const nodes = surrogate.tree.nodes.map((node) =>
        node.kind === 'leaf' ? { ...node, value: node.value + 0.01 } : node,
      );
      const doctored = { ...proposal, surrogate: { ...surrogate, tree: { ...surrogate.tree, nodes } } };
      expect(brokenClaims(doctored)[0]).toMatch(/^"A simple rule, which reproduces .* is not so/);
    }
  });

  it('says the same when what came after it is taken away', () => {
    const earlier = run(1000);
    expect(earlier.length).toBeGreaterThan(10);
    expect(earlier.map(({ surrogate }) => surrogate)).toEqual(
      proposals.slice(0, earlier.length).map(({ surrogate }) => surrogate),
    );
  });
});
