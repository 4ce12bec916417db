import { simulateMarket } from '../simulation';
import { scoreHeadline } from './score-headline';

describe('scoreHeadline', () => {
  it.each([
    ['Wall Street rallies as earnings beat forecasts', 1],
    ['Miners tumble as default fears spread', -1],
    ['Jobless claims fall and Tech stocks gain', 1],
    ['Unemployment rises', -1],
    ['Profit did not improve', -1],
    ['What to watch this week: Miners', 0],
    ['', 0],
  ])('scores "%s" as %d', (text, expected) => {
    expect(Math.sign(scoreHeadline(text))).toBe(expected);
  });

  it('agrees with the tone of nine in ten simulated headlines', () => {
    const { headlines } = simulateMarket({ seed: 5, years: 4 });
    const right = headlines.filter((h) => Math.sign(scoreHeadline(h.text)) === h.tone).length;
    expect(right / headlines.length).toBeGreaterThan(0.9);
  });

  it('takes hostile text without an error', () => {
    const hostile = [
      '🙂'.repeat(50_000),
      '<script>rise</script>'.repeat(9_000),
      'الأسهم ترتفع',
      '\u202e\u0000',
      'a'.repeat(100_000),
    ];
    for (const text of hostile) expect(Math.abs(scoreHeadline(text))).toBeLessThanOrEqual(1);
  });
});
