export {
  EMPTY_ROOT,
  foldSubtrees,
  MerkleEdge,
  merkleLeaf,
  merkleNode,
  perfectSubtrees,
  type LeafRange,
  type NewNode,
  type NodeId,
} from './merkle-tree';
export { consistencyPath, inclusionPath } from './merkle-proofs';
export { consistencyFault, inclusionFault, type ConsistencyClaim, type InclusionClaim } from './verify-proofs';
export { checkpointText, parseCheckpoint, type Checkpoint } from './checkpoint';
export {
  COSIGNATURE_TYPE,
  cosignatureBytes,
  cosignedMessage,
  ED25519_TYPE,
  formatNote,
  formatVerifierKey,
  isSignedBy,
  keyIdOf,
  parseNote,
  parseVerifierKey,
  signatureLine,
  type NoteSignature,
  type SignedNote,
  type VerifierKey,
  type VerifyEd25519,
} from './signed-note';
export { judgeCheckpoint, type WitnessRequest, type WitnessState, type WitnessVerdict } from './witness';
