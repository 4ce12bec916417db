import { createHash } from 'node:crypto';

/** What a headline is marked with: kind and version of the model that heard it, and the hash of what it scores by. */
export function identityOf(kind: string, version: string, content: string | Uint8Array): string {
  return `${kind} ${version} sha256:${createHash('sha256').update(content).digest('hex')}`;
}
