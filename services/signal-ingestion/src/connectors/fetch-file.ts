import { InputError } from '@allostat/kernel';
import { sleep } from '@allostat/platform';

export interface FetchFileOptions {
  /** Attempts in all; default 5. */
  readonly attempts?: number;
  /** First wait; it doubles from attempt to attempt. Default 500. */
  readonly backoffMs?: number;
  readonly timeoutMs?: number;
  readonly headers?: Readonly<Record<string, string>>;
}

const RETRY_AFTER_MAX_MS = 60_000;

/**
 * The bytes behind an http(s) address. Faults of the network, 429 and 5xx are tried again with growing waits, or as long as the
 * server's `Retry-After` asks for. Throws `InputError` with the address (without its query, which may hold a key) and what was
 * answered last.
 */
export async function fetchFile(url: string, options: FetchFileOptions = {}): Promise<Buffer> {
  const { attempts = 5, backoffMs = 500, timeoutMs = 30_000, headers = {} } = options;
  const shown = url.replace(/[?#].*$/, '');
  let failure = '';
  for (let attempt = 0; attempt < attempts; attempt++) {
    let wait = backoffMs * 2 ** attempt;
    try {
      const response = await fetch(url, { headers: { ...headers }, signal: AbortSignal.timeout(timeoutMs) });
      if (response.ok) return Buffer.from(await response.arrayBuffer());
      await response.body?.cancel();
      failure = `answered ${response.status}`;
      if (response.status !== 429 && response.status < 500) break;
      const asked = 1000 * Number(response.headers.get('retry-after') ?? NaN);
      if (asked >= 0) wait = Math.min(RETRY_AFTER_MAX_MS, Math.max(wait, asked));
    } catch (error) {
      failure = `could not be reached: ${(error as Error).message}`;
    }
    if (attempt + 1 < attempts) await sleep(wait);
  }
  throw new InputError(`${shown} ${failure}`, { file: shown }, 'check the address and the key, then try again');
}
