import { fromHex, toHex, toUtf8 } from '../encoding';
import { consistencyPath, inclusionPath } from './merkle-proofs';
import {
  EMPTY_ROOT,
  foldSubtrees,
  MerkleEdge,
  merkleLeaf,
  merkleNode,
  perfectSubtrees,
  type LeafRange,
} from './merkle-tree';
import { consistencyFault, inclusionFault, type ConsistencyClaim, type InclusionClaim } from './verify-proofs';

/** Leaves and roots of the reference tests of Certificate Transparency (RFC 6962), which every implementation shares. */
const LEAVES = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f'];
const ROOTS = [
  'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
];

/** The definition of RFC 6962, word by word: slow, and written without looking at the code under test. */
function slowRoot(leaves: readonly Uint8Array[]): Uint8Array {
  if (leaves.length === 0) return EMPTY_ROOT;
  if (leaves.length === 1) return leaves[0];
  let k = 1;
  while (k * 2 < leaves.length) k *= 2;
  return merkleNode(slowRoot(leaves.slice(0, k)), slowRoot(leaves.slice(k)));
}

const leafAt = (i: number): Uint8Array => merkleLeaf(toUtf8(`record ${i}`));
const leavesOf = (n: number): Uint8Array[] => Array.from({ length: n }, (_, i) => leafAt(i));
const hashesOf = (leaves: readonly Uint8Array[], ranges: readonly LeafRange[]): Uint8Array[] =>
  ranges.map(({ begin, end }) => slowRoot(leaves.slice(begin, end)));

function inclusion(index: number, size: number): InclusionClaim {
  const leaves = leavesOf(size);
  return {
    index,
    size,
    leaf: leaves[index],
    proof: hashesOf(leaves, inclusionPath(index, size)),
    root: slowRoot(leaves),
  };
}

function consistency(first: number, second: number): ConsistencyClaim {
  const leaves = leavesOf(second);
  return {
    first,
    second,
    firstRoot: slowRoot(leaves.slice(0, first)),
    secondRoot: slowRoot(leaves),
    proof: hashesOf(leaves, consistencyPath(first, second)),
  };
}

describe('the Merkle tree', () => {
  it('has the roots of RFC 6962', () => {
    let edge = MerkleEdge.empty;
    expect(toHex(edge.root)).toBe(ROOTS[0]);
    LEAVES.forEach((leaf, i) => {
      edge = edge.append(merkleLeaf(fromHex(leaf))).edge;
      expect(toHex(edge.root)).toBe(ROOTS[i + 1]);
    });
  });

  it('keeps every perfect subtree once, and finds its edge again from them', () => {
    let edge = MerkleEdge.empty;
    const stored = new Map<string, Uint8Array>();
    const leaves = leavesOf(70);
    leaves.forEach((leaf, i) => {
      const { edge: next, nodes } = edge.append(leaf);
      stored.set(`0/${i}`, leaf);
      for (const { level, index, hash } of nodes) {
        expect(stored.has(`${level}/${index}`)).toBe(false);
        stored.set(`${level}/${index}`, hash);
      }
      edge = next;
      const peaks = perfectSubtrees({ begin: 0, end: i + 1 }).map((id) => stored.get(`${id.level}/${id.index}`));
      expect(toHex(MerkleEdge.of(i + 1, peaks as Uint8Array[]).root)).toBe(toHex(slowRoot(leaves.slice(0, i + 1))));
    });
    for (let begin = 0; begin < 64; begin += 16) {
      const range = { begin, end: Math.min(70, begin + 11) };
      const parts = perfectSubtrees(range).map((id) => stored.get(`${id.level}/${id.index}`) as Uint8Array);
      expect(toHex(foldSubtrees(parts))).toBe(toHex(slowRoot(leaves.slice(range.begin, range.end))));
    }
  });

  it('proves every leaf of every size, and that every size continues every smaller one', () => {
    for (let size = 1; size <= 33; size++) {
      for (let index = 0; index < size; index++) expect(inclusionFault(inclusion(index, size))).toBeUndefined();
      for (let first = 1; first <= size; first++) {
        expect(consistencyFault(consistency(first, size))).toBeUndefined();
      }
    }
  });
});

const flip = (hash: Uint8Array, bit: number): Uint8Array =>
  hash.map((byte, i) => (i === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte));

/** Proofs that somebody has tampered with, with what was done to each. */
function* damagedProofs(
  proof: readonly Uint8Array[],
  others: readonly Uint8Array[],
): Generator<[string, Uint8Array[]]> {
  for (let k = 0; k < proof.length; k++) {
    for (const bit of [0, 7, 100, 255]) {
      yield [`bit ${bit} of hash ${k} flipped`, proof.map((h, i) => (i === k ? flip(h, bit) : h))];
    }
    yield [`hash ${k} left out`, proof.filter((_, i) => i !== k)];
    yield [`hash ${k} twice`, [...proof.slice(0, k + 1), ...proof.slice(k)]];
    yield [`hash ${k} short by a byte`, proof.map((h, i) => (i === k ? h.slice(0, 31) : h))];
    yield [`hash ${k} long by a byte`, proof.map((h, i) => (i === k ? Uint8Array.of(...h, 0) : h))];
    yield [`hash ${k} zero`, proof.map((h, i) => (i === k ? new Uint8Array(32) : h))];
    if (k > 0 && toHex(proof[k]) !== toHex(proof[k - 1])) {
      yield [
        `hashes ${k - 1} and ${k} swapped`,
        proof.map((h, i) => proof[i === k ? k - 1 : i === k - 1 ? k : i] ?? h),
      ];
    }
  }
  for (const other of others) {
    yield ['a hash before', [other, ...proof]];
    yield ['a hash behind', [...proof, other]];
  }
  if (proof.length > 0) yield ['no proof', []];
}

describe('proofs that do not hold', () => {
  it('are refused: at least 500 ways of tampering with inclusion and consistency', () => {
    const cases: { readonly what: string; readonly fault: string | undefined }[] = [];
    for (const [index, size] of [
      [0, 1],
      [0, 2],
      [2, 3],
      [4, 7],
      [6, 8],
      [5, 11],
      [12, 23],
    ] as const) {
      const claim = inclusion(index, size);
      const others = [claim.leaf, claim.root, EMPTY_ROOT, new Uint8Array(0)];
      const check = (what: string, change: Partial<InclusionClaim>): void => {
        cases.push({ what: `leaf ${index} of ${size}: ${what}`, fault: inclusionFault({ ...claim, ...change }) });
      };
      for (const [what, proof] of damagedProofs(claim.proof, others)) check(what, { proof });
      for (const wrong of [-1, index + 1, index - 1, index ^ 2, size, size * 2, index + 2 ** 32, 0.5, NaN]) {
        if (wrong !== index) check(`as leaf ${wrong}`, { index: wrong });
      }
      for (const wrong of [0, size - 1, size * 2, Math.floor(size / 2), size + 2 ** 33, -size, NaN, Infinity]) {
        // what binds the size is the signed checkpoint: a neighbouring size with a path of the same length hashes alike
        const sameLength = wrong > index && wrong < 50 && inclusionPath(index, wrong).length === claim.proof.length;
        if (wrong !== size && !sameLength) check(`in a tree of ${wrong}`, { size: wrong });
      }
      for (const bit of [0, 63, 255]) check(`bit ${bit} of the root`, { root: flip(claim.root, bit) });
      for (const bit of [0, 63, 255]) check(`bit ${bit} of the leaf`, { leaf: flip(claim.leaf, bit) });
      check('another root', { root: EMPTY_ROOT });
      check('no root', { root: new Uint8Array(0) });
      if (size > 1) check('root and leaf swapped', { root: claim.leaf, leaf: claim.root });
    }
    for (const [first, second] of [
      [1, 2],
      [2, 3],
      [3, 7],
      [4, 8],
      [6, 8],
      [7, 20],
      [16, 23],
    ] as const) {
      const claim = consistency(first, second);
      const others = [claim.firstRoot, claim.secondRoot, EMPTY_ROOT, new Uint8Array(0)];
      const check = (what: string, change: Partial<ConsistencyClaim>): void => {
        cases.push({ what: `${first} to ${second}: ${what}`, fault: consistencyFault({ ...claim, ...change }) });
      };
      for (const [what, proof] of damagedProofs(claim.proof, others)) check(what, { proof });
      for (const wrong of [0, -1, first + 1, first - 1, second, second + 1, first + 2 ** 32, NaN]) {
        if (wrong !== first) check(`from ${wrong}`, { first: wrong });
      }
      for (const wrong of [0, first - 1, first, NaN, Infinity, -second]) check(`to ${wrong}`, { second: wrong });
      for (const bit of [0, 100, 255]) check(`bit ${bit} of the first root`, { firstRoot: flip(claim.firstRoot, bit) });
      for (const bit of [0, 100, 255])
        check(`bit ${bit} of the second root`, { secondRoot: flip(claim.secondRoot, bit) });
      check('roots swapped', { firstRoot: claim.secondRoot, secondRoot: claim.firstRoot });
    }
    expect(cases.length).toBeGreaterThanOrEqual(500);
    expect(cases.filter(({ fault }) => fault === undefined).map(({ what }) => what)).toEqual([]);
  });

  it('are refused for trees of one size that come with a proof, or with different roots', () => {
    const root = slowRoot(leavesOf(5));
    const claim = { first: 5, second: 5, firstRoot: root, secondRoot: root, proof: [] };
    expect(consistencyFault(claim)).toBeUndefined();
    expect(consistencyFault({ ...claim, proof: [root] })).toMatch(/no proof/);
    expect(consistencyFault({ ...claim, secondRoot: EMPTY_ROOT })).toMatch(/different roots/);
  });
});
