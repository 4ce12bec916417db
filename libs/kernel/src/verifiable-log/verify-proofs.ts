import { merkleNode } from './merkle-tree';

export interface InclusionClaim {
  readonly index: number;
  readonly size: number;
  readonly leaf: Uint8Array;
  readonly proof: readonly Uint8Array[];
  readonly root: Uint8Array;
}

export interface ConsistencyClaim {
  readonly first: number;
  readonly second: number;
  readonly firstRoot: Uint8Array;
  readonly secondRoot: Uint8Array;
  readonly proof: readonly Uint8Array[];
}

/**
 * Why a proof does not show that the leaf stands at the index of the tree with this root, or undefined when it does
 * (RFC 9162, 2.1.3.2). A proof of a wrong length is refused before anything is hashed.
 */
export function inclusionFault({ index, size, leaf, proof, root }: InclusionClaim): string | undefined {
  if (!isSize(size) || !Number.isSafeInteger(index) || index < 0 || index >= size) {
    return `there is no leaf ${index} in a tree of ${size}`;
  }
  if (!areHashes([leaf, root, ...proof])) return 'a hash has not 32 bytes';
  const { inner, border } = pathLength(index, size);
  if (proof.length !== inner + border) return `the proof has ${proof.length} hashes; it must have ${inner + border}`;
  let hash = leaf;
  proof.slice(0, inner).forEach((sibling, level) => (hash = joined(hash, sibling, bit(index, level))));
  for (const left of proof.slice(inner)) hash = merkleNode(left, hash);
  return equal(hash, root) ? undefined : 'the proof leads to another root';
}

/** Why a proof does not show that the first tree is the beginning of the second, or undefined when it does (RFC 9162, 2.1.4.2). */
export function consistencyFault(claim: ConsistencyClaim): string | undefined {
  const { first, second, firstRoot, secondRoot, proof } = claim;
  if (!isSize(first) || !isSize(second) || first > second)
    return `sizes ${first} and ${second} are not in 1..${second}`;
  if (!areHashes([firstRoot, secondRoot, ...proof])) return 'a hash has not 32 bytes';
  if (first === second) {
    if (proof.length > 0) return 'trees of one size need no proof, so none may come with them';
    return equal(firstRoot, secondRoot) ? undefined : 'two trees of one size have different roots';
  }
  let shift = 0;
  while (bit(first, shift) === 0) shift++;
  const { inner: levels, border } = pathLength(first - 1, second);
  const inner = levels - shift;
  const isPerfect = 2 ** shift === first;
  const start = isPerfect ? 0 : 1;
  const length = start + inner + border;
  if (proof.length !== length) return `the proof has ${proof.length} hashes; it must have ${length}`;
  const seed = isPerfect ? firstRoot : proof[0];
  const lower = proof.slice(start, start + inner);
  const upper = proof.slice(start + inner);
  let [own, other] = [seed, seed];
  lower.forEach((sibling, level) => {
    const side = bit(first - 1, level + shift);
    if (side === 1) own = merkleNode(sibling, own);
    other = joined(other, sibling, side);
  });
  for (const left of upper) [own, other] = [merkleNode(left, own), merkleNode(left, other)];
  if (!equal(own, firstRoot)) return 'the proof does not lead to the root of the first tree';
  return equal(other, secondRoot) ? undefined : 'the proof does not lead to the root of the second tree';
}

/** Siblings below the point where the paths of the leaf and of the last leaf part, and left siblings above it. */
function pathLength(index: number, size: number): { readonly inner: number; readonly border: number } {
  let inner = 0;
  let [own, last] = [index, size - 1];
  while (own !== last) {
    inner++;
    own = Math.floor(own / 2);
    last = Math.floor(last / 2);
  }
  let border = 0;
  for (; own > 0; own = Math.floor(own / 2)) border += own % 2;
  return { inner, border };
}

function joined(hash: Uint8Array, sibling: Uint8Array, side: number): Uint8Array {
  return side === 0 ? merkleNode(hash, sibling) : merkleNode(sibling, hash);
}

function bit(value: number, level: number): number {
  return Math.floor(value / 2 ** level) % 2;
}

function isSize(size: number): boolean {
  return Number.isSafeInteger(size) && size > 0;
}

function areHashes(hashes: readonly Uint8Array[]): boolean {
  return hashes.every((hash) => hash.length === 32);
}

function equal(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}
