import type { ReviewView } from '@allostat/governance';
import type { AllocationProposed, RiskBudgetSet } from '@allostat/pipeline';
import { SAMPLE_EVENTS } from '@allostat/wire';
import { committeePaper } from './committee-paper';

const sample = SAMPLE_EVENTS.find(({ type }) => type === 'AllocationProposed') as AllocationProposed;
const exposure = { exposure: 0.6, volatility: 1, drawdown: 0.75, regime: 0.8 };
const explained: AllocationProposed = {
  ...sample,
  claims: [
    {
      kind: 'counterfactual',
      subject: 'GOLD',
      values: [0.6, 0.9],
      text: 'The trade in GOLD would turn around at 90 %.',
    },
    { kind: 'regime', subject: 'tightening', values: [0.8], text: 'The regime is tightening.' },
  ],
  explanation: {
    method: 'mean over all orders',
    exposure,
    attribution: [
      {
        instrument: 'US_EQUITY',
        parts: [
          { driver: 'regime', change: -0.1 },
          { driver: 'limit:max US_EQUITY', change: -0.05 },
          { driver: 'tax', change: 1e-9 },
        ],
      },
      { instrument: 'GOLD', parts: [{ driver: 'regime', change: 0.15 }] },
    ],
    counterfactuals: [],
    shadowPrices: [{ limit: 'max US_EQUITY', price: 0.0123456 }],
  },
};
const review: ReviewView = {
  id: 'p-1',
  kind: 'allocation',
  mandateId: 'balanced',
  status: 'challenged',
  tier: 'high',
  maker: 'service:optimization',
  needs: 1,
  functions: ['risk'],
  questions: ['limits-read'],
  contentHash: 'abc123',
  openedAt: '2024-01-31T21:00:00.000Z',
  expiresAt: '2024-02-05T21:00:00.000Z',
  decisions: [
    {
      actor: 'pat',
      onBehalfOf: 'quinn',
      decision: 'approve',
      function: 'portfolio-manager',
      reason: '<script>alert(1)</script> & more',
      contentHash: 'abc123',
      at: '2024-01-31T22:00:00.000Z',
    },
  ],
  challenges: [{ id: 'c-1', actor: 'riley', at: '2024-01-31T22:00:00.000Z', topic: 'data', text: 'why so much gold?' }],
  held: [{ rule: 'stale-data', reason: 'GOLD was last seen 4 days ago' }],
  proposal: explained,
};
/** Cells of the row that begins with `first`, in the table whose head begins with `head`. */
function cells(page: string, head: string, first: string): string[] {
  const table = page.slice(page.indexOf(`<th scope="col">${head}`));
  const row = table.slice(table.indexOf(`<td>${first}`));
  return [...row.slice(0, row.indexOf('</tr>')).matchAll(/<td[^>]*>(.*?)<\/td>/g)].map(([, text]) => text);
}

describe("a committee's paper", () => {
  const page = committeePaper(review);

  it('states weights, shares of risk before and after, and cost of each instrument', () => {
    expect(cells(page, 'instrument', 'US_EQUITY')).toEqual([
      'US_EQUITY',
      '75.00 %',
      '60.00 %',
      '-15.00',
      '90.0 %',
      '80.0 %',
      '0.4',
    ]);
  });

  it('gives every change by its causes, which sum to it, and no column to a cause that moves nothing', () => {
    const row = cells(page, 'points of weight', 'US_EQUITY');
    expect(row).toEqual(['US_EQUITY', '-10.00', '-5.00', '-15.00']);
    expect(row.slice(1, -1).reduce((sum, cell) => sum + Number(cell), 0)).toBeCloseTo(Number(row[row.length - 1]), 10);
    expect(page).toContain('the limit &#34;max US_EQUITY&#34;');
    expect(page).not.toContain('>tax<');
  });

  it('keeps the causes that move most on the page and sums up the others, which it names', () => {
    const parts = Array.from({ length: 10 }, (_, i) => ({ driver: `limit:cap ${i}` as const, change: 0.01 * (i + 1) }));
    const all = [{ driver: 'trend' as const, change: 0.001 }, ...parts];
    const { explanation } = explained as Required<AllocationProposed>;
    const attribution = [{ instrument: 'GOLD', parts: all }];
    const wide = committeePaper({
      ...review,
      proposal: { ...explained, explanation: { ...explanation, attribution } },
    });
    const row = cells(wide, 'points of weight', 'GOLD');
    expect(row).toEqual(['GOLD', '+0.10', '+7.00', '+8.00', '+9.00', '+10.00', '+21.00', '+15.00']);
    expect(wide).toContain('6 other causes');
    expect(wide).toContain('cap 0&#34;; the limit &#34;cap 1');
  });

  it('names factors, binding limits, counterfactuals, signatures, doubts, holds and the content that is signed', () => {
    for (const text of [
      'exposed to the core</td><td>60.0 %',
      'max US_EQUITY</td><td>0.0123',
      'The trade in GOLD would turn around at 90 %.',
      'pat for quinn',
      'not answered',
      'Held back by stale-data: GOLD was last seen 4 days ago',
      'abc123',
      '1 approval is missing (risk), until 2024-02-05T21:00:00.000Z',
    ]) {
      expect(page).toContain(text);
    }
  });

  it('shows the rule that past decisions seem to follow with its fidelity and what it looks at, or says why there is none', () => {
    expect(page).toContain(
      'No simple rule is shown: on past decisions that it has not seen, the best one reproduces 50.0 % of the variance (90 on record); 70.0 % are asked for.',
    );
    const budget = SAMPLE_EVENTS.find(({ type }) => type === 'RiskBudgetSet') as RiskBudgetSet;
    const { surrogate } = budget;
    if (surrogate === undefined) throw new Error('the sample has no rule');
    const shown = committeePaper({ ...review, proposal: { ...explained, surrogate } });
    for (const text of [
      'What the exposure seems to follow',
      '120 last decisions on record (every fifth bar, to 2024-01-26)',
      'reproduces 87.5 % of the variance',
      'when the probability of a crisis a month ahead is at most 50.0 %: about 80.0 % (100 decisions)',
      'Here it would say 80.0 %; 75.0 % was decided.',
      'the probability of a crisis a month ahead</td><td>12.5 %</td><td>0.75',
    ]) {
      expect(shown).toContain(text);
    }
  });

  it('is one file: no script, no request, and texts of people stay texts', () => {
    expect(page).not.toMatch(/<script|https?:\/\/|<link|<img|@import/);
    expect(page).toContain('&#60;script&#62;alert(1)&#60;/script&#62; &#38; more');
  });

  it('shows a proposal without an explanation, and leaves out what is not there', () => {
    const plain = committeePaper({ ...review, decisions: [], challenges: [], held: [], proposal: sample });
    expect(plain).not.toContain('<h2>Why</h2>');
    expect(plain).not.toContain('<h2>Doubts and answers</h2>');
    expect(plain).toContain('Nobody has signed.');
  });
});
