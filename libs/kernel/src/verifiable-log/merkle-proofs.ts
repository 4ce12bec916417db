import { invariant } from '../invariant';
import type { LeafRange } from './merkle-tree';

/** Largest power of two below n > 1. */
function split(n: number): number {
  let k = 1;
  while (k * 2 < n) k *= 2;
  return k;
}

/** The ranges whose hashes prove that the leaf at `index` is in the tree of `size` leaves, lowest first (RFC 6962, 2.1.1). */
export function inclusionPath(index: number, size: number): LeafRange[] {
  invariant(
    Number.isSafeInteger(index) && index >= 0 && index < size,
    () => `there is no leaf ${index} in a tree of ${size}`,
  );
  const out: LeafRange[] = [];
  let [begin, end] = [0, size];
  while (end - begin > 1) {
    const middle = begin + split(end - begin);
    if (index < middle) {
      out.unshift({ begin: middle, end });
      end = middle;
    } else {
      out.unshift({ begin, end: middle });
      begin = middle;
    }
  }
  return out;
}

/** The ranges whose hashes prove that a tree of `first` leaves is the beginning of one of `second` (RFC 6962, 2.1.2). */
export function consistencyPath(first: number, second: number): LeafRange[] {
  invariant(
    Number.isSafeInteger(first) && first > 0 && first <= second,
    () => `consistency is proven from a size in 1..${second}, got ${first}`,
  );
  const out: LeafRange[] = [];
  let [begin, end, whole] = [0, second, true];
  while (end !== first) {
    const middle = begin + split(end - begin);
    if (first <= middle) {
      out.unshift({ begin: middle, end });
      end = middle;
    } else {
      out.unshift({ begin, end: middle });
      begin = middle;
      whole = false;
    }
  }
  // the first tree itself is known to whoever asks, unless it is only a part of the left side
  return whole ? out : [{ begin, end }, ...out];
}
