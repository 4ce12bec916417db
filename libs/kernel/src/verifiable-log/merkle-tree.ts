import { invariant } from '../invariant';
import { sha256Bytes } from '../hash';

/**
 * Hashes of an append-only Merkle tree, RFC 6962 section 2.1: leaves and inner nodes are hashed with different prefixes, so that
 * neither can pass for the other.
 */
export function merkleLeaf(data: Uint8Array): Uint8Array {
  const input = new Uint8Array(data.length + 1);
  input.set(data, 1);
  return sha256Bytes(input);
}

/** Hash of an inner node. */
export function merkleNode(left: Uint8Array, right: Uint8Array): Uint8Array {
  const input = new Uint8Array(65);
  input[0] = 1;
  input.set(left, 1);
  input.set(right, 33);
  return sha256Bytes(input);
}

/** Root of the tree without leaves. */
export const EMPTY_ROOT = sha256Bytes(new Uint8Array(0));

/** A perfect subtree: `index` counts those of its level from the left; level 0 are the leaves. */
export interface NodeId {
  readonly level: number;
  readonly index: number;
}

/** Leaves from `begin` to before `end`. */
export interface LeafRange {
  readonly begin: number;
  readonly end: number;
}

/** The perfect subtrees that a range is made of, from left to right; `begin` must be a multiple of the largest. */
export function perfectSubtrees({ begin, end }: LeafRange): NodeId[] {
  const out: NodeId[] = [];
  for (let at = begin; at < end;) {
    let level = 0;
    for (let width = 2; at % width === 0 && at + width <= end; width *= 2) level++;
    out.push({ level, index: at / 2 ** level });
    at += 2 ** level;
  }
  return out;
}

/** Hash of the range that perfect subtrees from left to right make up. */
export function foldSubtrees(hashes: readonly Uint8Array[]): Uint8Array {
  if (hashes.length === 0) return EMPTY_ROOT;
  return hashes.slice(0, -1).reduceRight((right, left) => merkleNode(left, right), hashes[hashes.length - 1]);
}

export interface NewNode extends NodeId {
  readonly hash: Uint8Array;
}

/** The right edge of a tree: all that appending needs. */
export class MerkleEdge {
  private constructor(
    readonly size: number,
    /** Roots of the perfect subtrees from left to right. */
    private readonly peaks: readonly Uint8Array[],
  ) {}

  static readonly empty = new MerkleEdge(0, []);

  /** The edge of a stored tree, from the hashes of `perfectSubtrees({ begin: 0, end: size })`. */
  static of(size: number, peaks: readonly Uint8Array[]): MerkleEdge {
    const wanted = perfectSubtrees({ begin: 0, end: size }).length;
    invariant(peaks.length === wanted, () => `a tree of ${size} leaves has ${wanted} peaks, got ${peaks.length}`);
    return new MerkleEdge(size, peaks);
  }

  /** The edge with a leaf more, and the inner nodes that became perfect by it. */
  append(leaf: Uint8Array): { readonly edge: MerkleEdge; readonly nodes: readonly NewNode[] } {
    const peaks = [...this.peaks];
    const nodes: NewNode[] = [];
    let hash = leaf;
    let index = this.size;
    for (let level = 1; index % 2 === 1; level++) {
      hash = merkleNode(peaks.pop() as Uint8Array, hash);
      index = (index - 1) / 2;
      nodes.push({ level, index, hash });
    }
    peaks.push(hash);
    return { edge: new MerkleEdge(this.size + 1, peaks), nodes };
  }

  get root(): Uint8Array {
    return foldSubtrees(this.peaks);
  }
}
