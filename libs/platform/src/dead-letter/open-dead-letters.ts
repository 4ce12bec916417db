import { Pool } from 'pg';
import { clientOptions } from '../postgres/client-options';
import { schemaName } from '../postgres/role';
import { DeadLetters } from './dead-letters';

/** The dead letters of a service for a tool beside it: `url` is the administrator's or the service's own. */
export function openDeadLetters(url: string, service: string): { letters: DeadLetters; close(): Promise<void> } {
  const pool = new Pool({ ...clientOptions(url, `dlq:${service}`, schemaName(service)), max: 1 });
  // An idle connection may break, also while the pool ends; the next query gets a new one or fails by itself.
  pool.on('error', () => undefined);
  return { letters: new DeadLetters(pool), close: () => pool.end() };
}
