import type { ClientConfig } from 'pg';

const CONNECT_TIMEOUT_MS = 10_000;

/** Connection settings that all of our Postgres clients share; `schema` becomes the search path. */
export function clientOptions(url: string, name: string, schema?: string): ClientConfig {
  return {
    connectionString: url,
    application_name: `allostat:${name}`.slice(0, 63),
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    keepAlive: true,
    ...(schema === undefined ? {} : { options: `-c search_path=${schema}` }),
  };
}
