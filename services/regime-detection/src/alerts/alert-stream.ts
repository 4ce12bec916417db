import type { MessageEvent } from '@nestjs/common';
import { Observable } from 'rxjs';
import { alertsAfter, readPulses, type Sql } from './alert.store';

export interface AlertStreamOptions {
  /** Last number that the reader has; what follows is told from there on. */
  readonly after: number;
  readonly pollMs: number;
  readonly heartbeatMs: number;
}

/**
 * The alerts of a universe as server-sent events: first what the reader missed, then each as it is committed, in order and
 * once, with its sequence number as the event's id. A heartbeat says up to which bar the market was assessed, so that a
 * silent stream and a dead one can be told apart. It asks the database, so that it does not matter which process decided.
 */
export function alertStream(sql: Sql, universeId: string, options: AlertStreamOptions): Observable<MessageEvent> {
  return new Observable((subscriber) => {
    let after = options.after;
    let beatAt = 0;
    let timer: NodeJS.Timeout | undefined;
    const poll = async (): Promise<void> => {
      for (let page = await alertsAfter(sql, universeId, after); page.length > 0 && !subscriber.closed;) {
        for (const event of page) {
          after = event.sequence;
          subscriber.next({ id: String(event.sequence), type: event.type, data: event });
        }
        page = await alertsAfter(sql, universeId, after);
      }
      if (Date.now() >= beatAt && !subscriber.closed) {
        beatAt = Date.now() + options.heartbeatMs;
        const [pulse] = await readPulses(sql, universeId);
        // the id is what a reader sends back as Last-Event-ID: a heartbeat leaves it where it is
        subscriber.next({ id: String(after), type: 'heartbeat', data: pulse ?? { universeId, sequence: 0 } });
      }
    };
    const next = (): void => {
      poll().then(
        () => {
          if (!subscriber.closed) timer = setTimeout(next, options.pollMs);
        },
        (error: unknown) => subscriber.error(error),
      );
    };
    next();
    return () => clearTimeout(timer);
  });
}
