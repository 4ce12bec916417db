import { headlineWords } from './headline-words';
import { scoreHeadline } from './score-headline';

const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;

/**
 * What a classifier sees of a headline: the buckets, each once, of its words, its pairs of neighbouring words (with marks for begin
 * and end) and the lexicon's score in five steps. `buckets` is a power of two. Hashing (FNV-1a, 32 bits) needs no vocabulary, so a
 * word that was never seen is no special case (Weinberger et al., 2009).
 */
export function headlineFeatures(text: string, buckets: number): Int32Array {
  const words = headlineWords(text);
  const found = new Set<number>([bucketOf(`= ${Math.round(2 * scoreHeadline(text))}`, buckets)]);
  let before = '<';
  for (const word of words) {
    found.add(bucketOf(word, buckets));
    found.add(bucketOf(`${before} ${word}`, buckets));
    before = word;
  }
  found.add(bucketOf(`${before} >`, buckets));
  return Int32Array.from(found);
}

function bucketOf(feature: string, buckets: number): number {
  let hash = FNV_OFFSET;
  for (let i = 0; i < feature.length; i++) hash = Math.imul(hash ^ feature.charCodeAt(i), FNV_PRIME);
  return (hash ^ (hash >>> 15)) & (buckets - 1);
}
