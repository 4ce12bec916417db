import { createRng } from '@allostat/kernel';
import type { MarketHistory } from './market-history';
import { stressBelief, stressFilter } from './stress-filter';

const rows = 900;

/** One asset, three times as wild from row 700 on. */
function market(): MarketHistory {
  const rng = createRng(8);
  const levels = new Float64Array(rows);
  for (let t = 0; t < rows; t++) {
    const size = (t > 200 && t < 300) || t >= 700 ? 0.03 : 0.008;
    levels[t] = t === 0 ? 100 : levels[t - 1] * (1 + size * rng.normal());
  }
  const dates = Array.from({ length: rows }, (_, t) => new Date(Date.UTC(2010, 0, 1 + t)).toISOString().slice(0, 10));
  return { dates, assets: ['A'], levels };
}

describe('the belief in stress', () => {
  const data = market();
  const believe = stressBelief('A');
  const filter = stressFilter('A');
  const seen = Array.from({ length: rows - 1 }, (_, k) => ({
    belief: believe(data, k + 1),
    plain: filter(data, k + 1),
  }));
  const last = seen[seen.length - 1].belief as NonNullable<(typeof seen)[number]['belief']>;

  it('is the filtered probability, high in a storm and low before it', () => {
    for (const { belief, plain } of seen) expect(belief?.probability).toBe(plain);
    expect(seen[650].plain as number).toBeLessThan(0.2);
    expect(seen[760].plain as number).toBeGreaterThan(0.8);
    expect(last.ahead(0)).toBe(last.probability);
  });

  it('forgets in a geometric way: what is left of it after two months is the square of what is left after one', () => {
    // for two states p(h) = s + (p(0) - s) x^h, whatever the transitions are
    const [now, month, two] = [0, 21, 42].map((bars) => last.ahead(bars));
    const settled = last.ahead(5000);
    expect(last.ahead(5001)).toBeCloseTo(settled, 12);
    const left = (month - settled) / (now - settled);
    expect((two - settled) / (now - settled)).toBeCloseTo(left * left, 8);
    expect(left).toBeGreaterThan(0);
    expect(left).toBeLessThan(1);
  });
});
