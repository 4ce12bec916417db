import { createHash } from 'node:crypto';

/** Whether a headline belongs to the half that judges: by the hash of its words, so that copies of a headline stay together. */
export function inTest(text: string): boolean {
  const words = text.toLowerCase().match(/[a-z0-9]+/g) ?? [];
  return createHash('sha256').update(words.join(' ')).digest()[0] % 2 === 0;
}
