import { Client, type ClientConfig, type QueryConfig, type QueryResult, type QueryResultRow } from 'pg';

/** One connection that several loops share: statements wait for each other in the order they were asked for. */
export class SerialClient {
  private readonly client: Client;
  private last: Promise<unknown> = Promise.resolve();

  constructor(config: ClientConfig) {
    this.client = new Client(config);
  }

  /** Calls `listener` when the connection breaks or ends. */
  onLost(listener: (error: Error) => void): void {
    this.client.on('error', listener);
    this.client.on('end', () => listener(new Error('the database connection ended')));
  }

  onNotification(listener: (channel: string, payload: string) => void): void {
    this.client.on('notification', ({ channel, payload }) => listener(channel, payload ?? ''));
  }

  async connect(): Promise<void> {
    await this.client.connect();
  }

  query<Row extends QueryResultRow>(statement: string | QueryConfig, values?: unknown[]): Promise<QueryResult<Row>> {
    const run = () => this.client.query<Row>(statement as string, values);
    const result = this.last.then(run, run);
    this.last = result;
    return result;
  }

  async end(): Promise<void> {
    await this.client.end();
  }
}
