import { createHash } from 'node:crypto';
import type { EntityManager } from 'typeorm';
import { AllostatError, InputError, type ArtefactHash } from '@allostat/kernel';

const HASH = /^[0-9a-f]{64}$/;

/** Immutable blobs, addressed by the SHA-256 of their bytes; the same bytes are stored once. */
export class ArtefactStore {
  /** Stores bytes in the caller's transaction and returns their hash. */
  async put(manager: EntityManager, bytes: Uint8Array, mediaType: string): Promise<ArtefactHash> {
    const hash = createHash('sha256').update(bytes).digest('hex');
    await manager.query(
      'insert into artefacts.artefact (hash, media_type, bytes) values ($1, $2, $3) on conflict do nothing',
      [hash, mediaType, Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)],
    );
    return hash;
  }

  /** The bytes of a hash. Throws `InputError` when it is unknown, `AllostatError` (ARTEFACT.CORRUPT) when they changed. */
  async get(manager: EntityManager, hash: ArtefactHash): Promise<Buffer> {
    if (!HASH.test(hash))
      throw new InputError(`an artefact hash has 64 hexadecimal digits, got ${JSON.stringify(hash)}`);
    const rows = await manager.query<{ bytes: Buffer }[]>('select bytes from artefacts.artefact where hash = $1', [
      hash,
    ]);
    if (rows.length === 0) throw new InputError(`there is no artefact ${hash}`, { field: 'hash' });
    const { bytes } = rows[0];
    if (createHash('sha256').update(bytes).digest('hex') !== hash) {
      throw new AllostatError(
        'ARTEFACT.CORRUPT',
        `the bytes of artefact ${hash} are not what was stored`,
        'restore it from a backup',
      );
    }
    return bytes;
  }
}
