import { createPublicKey, generateKeyPairSync, sign, verify, type KeyObject } from 'node:crypto';
import { toUtf8 } from '../encoding';
import { checkpointText } from './checkpoint';
import { consistencyPath, inclusionPath } from './merkle-proofs';
import { foldSubtrees, MerkleEdge, merkleLeaf, perfectSubtrees, type LeafRange } from './merkle-tree';
import { ED25519_TYPE, formatNote, keyIdOf, type VerifierKey, type VerifyEd25519 } from './signed-note';

export const verifyEd25519: VerifyEd25519 = (publicKey, message, signature) => {
  const x = Buffer.from(publicKey).toString('base64url');
  return verify(null, message, createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' }), signature);
};

/** A log in memory, with a key. */
export class TestLog {
  readonly records: string[] = [];
  private edge = MerkleEdge.empty;
  private readonly nodes = new Map<string, Uint8Array>();
  private readonly privateKey: KeyObject;
  readonly key: VerifierKey;

  constructor(readonly origin: string) {
    const pair = generateKeyPairSync('ed25519');
    this.privateKey = pair.privateKey;
    const x = pair.publicKey.export({ format: 'jwk' }).x as string;
    this.key = { name: origin, type: ED25519_TYPE, publicKey: Buffer.from(x, 'base64url') };
  }

  append(record: string): number {
    const leaf = merkleLeaf(toUtf8(record));
    this.nodes.set(`0/${this.edge.size}`, leaf);
    const { edge, nodes } = this.edge.append(leaf);
    for (const { level, index, hash } of nodes) this.nodes.set(`${level}/${index}`, hash);
    this.edge = edge;
    this.records.push(record);
    return edge.size;
  }

  /** The log signs whatever it is told to: an honest one only its own root. */
  checkpoint(root = this.edge.root, size = this.edge.size): string {
    const text = checkpointText({ origin: this.origin, size, root });
    const signature = sign(null, toUtf8(text), this.privateKey);
    return formatNote({ text, signatures: [{ name: this.origin, keyId: keyIdOf(this.key), signature }] });
  }

  inclusion(sequence: number): Uint8Array[] {
    return inclusionPath(sequence - 1, this.edge.size).map((range) => this.range(range));
  }

  consistency(from: number): Uint8Array[] {
    return consistencyPath(from, this.edge.size).map((range) => this.range(range));
  }

  private range(range: LeafRange): Uint8Array {
    return foldSubtrees(perfectSubtrees(range).map((id) => this.nodes.get(`${id.level}/${id.index}`) as Uint8Array));
  }
}
