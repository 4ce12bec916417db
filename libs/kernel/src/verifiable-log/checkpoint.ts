import { fromBase64, toBase64 } from '../encoding';

/** What a log says of itself at one size; C2SP tlog-checkpoint. */
export interface Checkpoint {
  /** Name of the log. */
  readonly origin: string;
  readonly size: number;
  readonly root: Uint8Array;
}

/** The text that is signed. */
export function checkpointText({ origin, size, root }: Checkpoint): string {
  return `${origin}\n${size}\n${toBase64(root)}\n`;
}

/** Reads a checkpoint's text; undefined when it is out of form. */
export function parseCheckpoint(text: string): Checkpoint | undefined {
  const [, origin, digits, encoded] = /^([^\n]+)\n(0|[1-9]\d{0,15})\n([A-Za-z0-9+/=]+)\n$/.exec(text) ?? [];
  const root = encoded === undefined ? undefined : fromBase64(encoded);
  const size = Number(digits);
  if (root?.length !== 32 || !Number.isSafeInteger(size)) return undefined;
  return { origin, size, root };
}
