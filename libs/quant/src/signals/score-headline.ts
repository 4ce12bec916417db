import { BAD_WORDS, DOWN_WORDS, INVERSE_NOUNS, NEGATIONS, UP_WORDS } from './direction-lexicon';
import { headlineWords } from './headline-words';

const NEGATION_REACH = 3;
const NOUN_REACH = 4;

/**
 * Tone of a financial headline for risky assets, -1 (bad) to 1 (good), 0 when nothing is said either way.
 *
 * Counts words of direction; a direction turns round when the nearest noun it speaks of is one whose rise is bad
 * ("unemployment falls"), and when a negation stands up to three words before it. Any text is accepted; only the first
 * 2,000 characters are read.
 */
export function scoreHeadline(text: string): number {
  const words = headlineWords(text);
  let score = 0;
  let spoken = 0;
  words.forEach((word, at) => {
    const direction = UP_WORDS.has(word) ? 1 : DOWN_WORDS.has(word) ? -1 : 0;
    if (direction !== 0) {
      const inverse = nounBeside(words, at) !== undefined;
      score += direction * (inverse ? -1 : 1) * (negated(words, at) ? -1 : 1);
      spoken++;
    } else if (BAD_WORDS.has(word) && !directionBeside(words, at)) {
      score += negated(words, at) ? 1 : -1;
      spoken++;
    }
  });
  return spoken === 0 ? 0 : Math.max(-1, Math.min(1, score / spoken));
}

function negated(words: readonly string[], at: number): boolean {
  for (let i = Math.max(0, at - NEGATION_REACH); i < at; i++) if (NEGATIONS.has(words[i])) return true;
  return false;
}

/** The inverse noun that a direction word speaks of: the one just before it, else one shortly after. */
function nounBeside(words: readonly string[], at: number): string | undefined {
  for (let i = at - 1; i >= Math.max(0, at - 2); i--) if (INVERSE_NOUNS.has(words[i])) return words[i];
  const end = Math.min(words.length, at + 1 + NOUN_REACH);
  for (let i = at + 1; i < end; i++) {
    if (UP_WORDS.has(words[i]) || DOWN_WORDS.has(words[i]) || words[i] === 'as' || words[i] === 'and') return undefined;
    if (INVERSE_NOUNS.has(words[i])) return words[i];
  }
  return undefined;
}

function directionBeside(words: readonly string[], at: number): boolean {
  if (!INVERSE_NOUNS.has(words[at])) return false;
  for (let i = Math.max(0, at - NOUN_REACH); i < Math.min(words.length, at + 3); i++)
    if (UP_WORDS.has(words[i]) || DOWN_WORDS.has(words[i])) return true;
  return false;
}
