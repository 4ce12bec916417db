import { appendFile } from 'node:fs/promises';
import type { LineageEvent } from './lineage-event';

/** Where run events go. */
export interface LineageSink {
  send(event: LineageEvent): Promise<void>;
}

/** One JSON document a line, appended to a file. */
class FileSink implements LineageSink {
  constructor(private readonly file: string) {}

  send(event: LineageEvent): Promise<void> {
    return appendFile(this.file, `${JSON.stringify(event)}\n`);
  }
}

const TIMEOUT_MS = 10_000;

/** The API of an OpenLineage backend, such as Marquez. */
class HttpSink implements LineageSink {
  constructor(
    private readonly url: string,
    private readonly key: string | undefined,
  ) {}

  async send(event: LineageEvent): Promise<void> {
    const response = await fetch(`${this.url.replace(/\/$/, '')}/api/v1/lineage`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(this.key !== undefined && { authorization: `Bearer ${this.key}` }),
      },
      body: JSON.stringify(event),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    await response.body?.cancel();
    if (!response.ok) throw new Error(`the lineage backend answered ${response.status}`);
  }
}

/**
 * The sinks that the environment names: `OPENLINEAGE_URL` (with `OPENLINEAGE_API_KEY`, if the backend wants one), and
 * `OPENLINEAGE_FILE`. None of them: no events are made.
 */
export function lineageSinks(env: Readonly<Record<string, string | undefined>>): LineageSink[] {
  const { OPENLINEAGE_URL: url, OPENLINEAGE_FILE: file, OPENLINEAGE_API_KEY: key } = env;
  return [
    ...(url !== undefined && url !== '' ? [new HttpSink(url, key)] : []),
    ...(file !== undefined && file !== '' ? [new FileSink(file)] : []),
  ];
}
