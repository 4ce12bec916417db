import { simulateMarket } from '../simulation';
import { classifyHeadline } from './classify-headline';
import { trainHeadlineClassifier, type LabelledHeadline } from './train-headline-classifier';

const NAMES = { [-1]: 'negative', 0: 'neutral', 1: 'positive' } as const;
const headlines = (seed: number): LabelledHeadline[] =>
  simulateMarket({ seed, years: 4 }).headlines.map(({ text, tone }) => ({
    text,
    tone: NAMES[tone as keyof typeof NAMES],
  }));

const examples = headlines(5);
const model = trainHeadlineClassifier(examples, { buckets: 4_096 });

describe('classifyHeadline', () => {
  it('agrees with the tone of 19 in 20 headlines of another market', () => {
    const others = headlines(6);
    const right = others.filter(({ text, tone }) => classifyHeadline(text, model).tone === tone).length;
    expect(right / others.length).toBeGreaterThan(0.95);
  });

  it('has learnt nothing where tones are dealt out without regard to the text', () => {
    const dealt = examples.map(({ text }, i) => ({ text, tone: examples[(i * 7 + 3) % examples.length].tone }));
    const blind = trainHeadlineClassifier(dealt, { buckets: 4_096 });
    const others = headlines(6);
    const right = others.filter(({ text, tone }) => classifyHeadline(text, blind).tone === tone).length;
    expect(right / others.length).toBeLessThan(0.6);
  });

  it('gives probabilities that sum to one and a score between -1 and 1, whatever the text', () => {
    const hostile = [
      '',
      'a'.repeat(100_000),
      '🙂'.repeat(50_000),
      '<script>rise</script>'.repeat(9_000),
      'الأسهم ترتفع',
      '\u202e\u0000\ud800',
    ];
    for (const text of hostile) {
      const { probabilities, score } = classifyHeadline(text, model);
      expect(probabilities.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 12);
      expect(Math.abs(score)).toBeLessThanOrEqual(1);
    }
  });

  it('comes out of the same examples with the same weights', () => {
    expect(trainHeadlineClassifier(examples, { buckets: 4_096 }).weights).toEqual(model.weights);
  });

  it('refuses weights of another size and examples without one of the tones', () => {
    expect(() => classifyHeadline('', { ...model, buckets: 2_048 })).toThrow(/2048 buckets have 6144 weights/);
    expect(() => classifyHeadline('', { ...model, buckets: 1_000 })).toThrow(/power of two/);
    expect(() => trainHeadlineClassifier(examples.filter(({ tone }) => tone !== 'neutral'))).toThrow(/neutral/);
  });
});
