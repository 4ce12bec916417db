import { invariant } from '@allostat/kernel';
import { TONES, type Tone } from './classify-headline';

/** A tone that a person gave and the one that a model said. */
export interface JudgedTone {
  readonly real: Tone;
  readonly said: Tone;
}

/**
 * Share of right answers, and the mean over tones of the harmonic mean of precision and recall (macro-F1: the rare tone counts as much
 * as the common ones; a tone that neither side names counts zero). Throws without an answer.
 */
export function judgeTones(answers: readonly JudgedTone[]): { readonly accuracy: number; readonly macroF1: number } {
  invariant(answers.length > 0, 'there is no answer to judge');
  const count = (match: (answer: JudgedTone) => boolean): number => answers.filter(match).length;
  const f1 = TONES.map((tone) => {
    const right = count(({ real, said }) => real === tone && said === tone);
    const named = count(({ real }) => real === tone) + count(({ said }) => said === tone);
    return named === 0 ? 0 : (2 * right) / named;
  });
  return {
    accuracy: count(({ real, said }) => real === said) / answers.length,
    macroF1: f1.reduce((a, b) => a + b, 0) / TONES.length,
  };
}
