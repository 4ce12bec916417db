import { parseCheckpoint } from './checkpoint';
import { isSignedBy, parseNote, type VerifierKey, type VerifyEd25519 } from './signed-note';
import { consistencyFault } from './verify-proofs';

/** The last checkpoint of a log that a witness has co-signed. */
export interface WitnessState {
  readonly origin: string;
  readonly size: number;
  /** Base64 of the root. */
  readonly root: Uint8Array;
}

export interface WitnessRequest {
  /** The log's signed checkpoint. */
  readonly note: string;
  /** Size from which `proof` starts: the witness's own last size, 0 at first. */
  readonly from: number;
  readonly proof: readonly Uint8Array[];
}

export type WitnessVerdict =
  | { readonly accepted: true; readonly state: WitnessState }
  | { readonly accepted: false; readonly status: 400 | 403 | 404 | 409 | 422; readonly reason: string };

/**
 * Whether a witness may co-sign a checkpoint: signed by the log, and the continuation of what it saw last. A log that shows two
 * histories is refused, because no proof leads from one to the other (C2SP tlog-witness; its status codes).
 */
export function judgeCheckpoint(
  { note, from, proof }: WitnessRequest,
  {
    last,
    logKey,
    verify,
  }: { readonly last: WitnessState | undefined; readonly logKey: VerifierKey; readonly verify: VerifyEd25519 },
): WitnessVerdict {
  const refuse = (status: 400 | 403 | 404 | 409 | 422, reason: string): WitnessVerdict => ({
    accepted: false,
    status,
    reason,
  });
  const signed = parseNote(note);
  const checkpoint = signed && parseCheckpoint(signed.text);
  if (!signed || !checkpoint) return refuse(400, 'the checkpoint is out of form');
  const { origin, size, root } = checkpoint;
  if (origin !== logKey.name || (last && last.origin !== origin)) return refuse(404, `${origin} is another log`);
  if (!isSignedBy(signed, logKey, verify)) return refuse(403, `the checkpoint is not signed by ${logKey.name}`);
  const known = last?.size ?? 0;
  if (from !== known) return refuse(409, `the proof starts at ${from}; this witness has seen ${known}`);
  if (size < known) return refuse(422, `the log has ${size} entries; this witness has seen ${known}`);
  if (known > 0) {
    const fault = consistencyFault({
      first: known,
      second: size,
      firstRoot: (last as WitnessState).root,
      secondRoot: root,
      proof,
    });
    if (fault !== undefined) return refuse(422, `the log shows another history than before: ${fault}`);
  }
  return { accepted: true, state: { origin, size, root } };
}
