import { startEmbeddedPostgres } from '@allostat/platform';
import type { Home, Room } from './home';

export interface OpenDatabase {
  /** Administrator's URL. */
  readonly url: string;
  close(): Promise<void>;
}

/**
 * The database to work on: `DATABASE_URL`, else that of the instance that runs on this home, else the embedded one
 * in the home, started for as long as it is open.
 */
export async function openDatabase(home: Home, room: Room = home.room): Promise<OpenDatabase> {
  const given = process.env.DATABASE_URL;
  if (given) return { url: given, close: async () => undefined };
  const running = home.running();
  if (running) return { url: running.databaseUrl, close: async () => undefined };
  const postgres = await startEmbeddedPostgres({ dataDir: home.databaseFolder(room), durable: room === 'own' });
  return { url: postgres.url, close: () => postgres.stop() };
}
