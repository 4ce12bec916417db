import type { ClientConfig } from 'pg';
import { SerialClient } from '../../postgres/serial-client';
import type { TopicPartition } from '../message-bus';
import type { ReceivedMessage } from '../message';
import type { GroupMember } from './assignment';

export interface GroupSessionOptions {
  readonly client: ClientConfig;
  readonly group: string;
  readonly memberId: string;
  readonly topics: readonly string[];
  readonly sessionTimeoutMs: number;
  readonly heartbeatMs: number;
  /** A partition grew; `end` is the offset its next message will get. */
  readonly onAppend: (place: TopicPartition, end: bigint) => void;
  readonly onGroupChange: () => void;
  readonly onLost: (error: Error) => void;
}

const GROUP_CHANNEL = 'allostat_log_group';

/**
 * One member's connection. Everything that only the owner of a partition may do runs on it: when the connection ends,
 * the advisory locks end with it, and a process that was given up for dead can no longer commit an offset.
 */
export class GroupSession {
  private readonly client: SerialClient;
  private closing = false;
  private beatTimer: NodeJS.Timeout | undefined;

  constructor(private readonly options: GroupSessionOptions) {
    this.client = new SerialClient(options.client);
    this.client.onLost((error) => this.lost(error));
    this.client.onNotification((channel, payload) => {
      if (channel === GROUP_CHANNEL) {
        if (payload === options.group) options.onGroupChange();
      } else {
        const [topic, partition, end] = JSON.parse(payload) as [string, number, string];
        if (options.topics.includes(topic)) options.onAppend({ topic, partition }, BigInt(end));
      }
    });
  }

  get memberId(): string {
    return this.options.memberId;
  }

  async open(): Promise<void> {
    await this.client.connect();
    // An offset that is lost in a crash of the server only means that messages come again.
    await this.client.query(`set synchronous_commit = off; set tcp_keepalives_idle = 5; set tcp_keepalives_interval = 2;
      set tcp_keepalives_count = 3; listen allostat_log; listen ${GROUP_CHANNEL}`);
    await this.beat();
    this.beatTimer = setInterval(() => {
      this.beat().catch((error: unknown) => this.lost(error as Error));
    }, this.options.heartbeatMs);
    await this.announce();
  }

  private async beat(): Promise<void> {
    await this.client.query({
      name: 'beat',
      text: `insert into log.member (group_id, member_id, topics, seen, backend_pid, backend_start)
        select $1, $2, $3, clock_timestamp(), pid, backend_start from pg_stat_activity where pid = pg_backend_pid()
        on conflict (group_id, member_id) do update set seen = clock_timestamp()`,
      values: [this.options.group, this.options.memberId, [...this.options.topics]],
    });
  }

  /**
   * Members whose connection lives. One that lives but is silent beyond the session timeout is cut off:
   * its connection is ended, which releases its locks.
   */
  async liveMembers(): Promise<GroupMember[]> {
    const { group, sessionTimeoutMs } = this.options;
    const { rows } = await this.client.query<{ id: string; topics: string[]; pid: number | null; late: boolean }>({
      name: 'members',
      text: `select m.member_id as id, m.topics, a.pid,
          m.seen < clock_timestamp() - make_interval(secs => $2::float8 / 1000) as late
        from log.member m
        left join pg_stat_activity a on a.pid = m.backend_pid
          and (a.backend_start is null or a.backend_start = m.backend_start)
        where m.group_id = $1`,
      values: [group, sessionTimeoutMs],
    });
    for (const { id, pid, late } of rows) {
      if (id === this.options.memberId || (pid !== null && !late)) continue;
      if (pid !== null) await this.client.query('select pg_terminate_backend($1)', [pid]);
      await this.client.query('delete from log.member where group_id = $1 and member_id = $2', [group, id]);
    }
    return rows.filter(({ id, pid, late }) => id === this.options.memberId || (pid !== null && !late));
  }

  async tryLock(place: TopicPartition): Promise<boolean> {
    const { rows } = await this.client.query<{ ok: boolean }>({
      name: 'lock',
      text: 'select pg_try_advisory_lock(hashtextextended($1, 0)) as ok',
      values: [this.lockName(place)],
    });
    return rows[0].ok;
  }

  async unlock(place: TopicPartition): Promise<void> {
    await this.client.query('select pg_advisory_unlock(hashtextextended($1, 0))', [this.lockName(place)]);
  }

  /** Where the group stands in a partition, and its end. */
  async position(place: TopicPartition, fromBeginning: boolean): Promise<{ position: bigint; end: bigint }> {
    const { rows } = await this.client.query<{ position: string; end: string }>({
      name: 'position',
      text: `select p.next_offset as "end",
          coalesce(o.next_offset, case when $4 then 0 else p.next_offset end) as position
        from log.partition p
        left join log.position o on o.group_id = $1 and o.topic = p.topic and o.partition = p.partition
        where p.topic = $2 and p.partition = $3`,
      values: [this.options.group, place.topic, place.partition, fromBeginning],
    });
    return { position: BigInt(rows[0].position), end: BigInt(rows[0].end) };
  }

  /** The ends of all partitions of the group's topics. */
  async ends(): Promise<(TopicPartition & { end: bigint })[]> {
    const { rows } = await this.client.query<{ topic: string; partition: number; next_offset: string }>({
      name: 'ends',
      text: 'select topic, partition, next_offset from log.partition where topic = any($1::text[])',
      values: [[...this.options.topics]],
    });
    return rows.map(({ topic, partition, next_offset }) => ({ topic, partition, end: BigInt(next_offset) }));
  }

  async fetch({ topic, partition }: TopicPartition, from: bigint, limit: number): Promise<ReceivedMessage[]> {
    const { rows } = await this.client.query<Record<'offset' | 'key' | 'at', string> & RecordRow>({
      name: 'fetch',
      text: `select "offset", key, value, headers, extract(epoch from at) * 1000 as at from log.record
        where topic = $1 and partition = $2 and "offset" >= $3 order by "offset" limit $4`,
      values: [topic, partition, String(from), limit],
    });
    return rows.map(({ offset, key, value, headers, at }) => ({
      topic,
      partition,
      offset,
      key,
      value,
      headers,
      timestamp: Number(at),
    }));
  }

  async commit({ topic, partition }: TopicPartition, next: bigint): Promise<void> {
    await this.client.query({
      name: 'commit',
      text: `insert into log.position (group_id, topic, partition, next_offset) values ($1, $2, $3, $4)
        on conflict (group_id, topic, partition) do update set next_offset = excluded.next_offset`,
      values: [this.options.group, topic, partition, String(next)],
    });
  }

  /** Tells the other members to look at the group again. */
  async announce(): Promise<void> {
    await this.client.query('select pg_notify($1, $2)', [GROUP_CHANNEL, this.options.group]);
  }

  async close(): Promise<void> {
    this.closing = true;
    clearInterval(this.beatTimer);
    try {
      await this.client.query('delete from log.member where group_id = $1 and member_id = $2', [
        this.options.group,
        this.options.memberId,
      ]);
      await this.client.query('select pg_advisory_unlock_all()');
      await this.announce();
    } finally {
      await this.client.end();
    }
  }

  /** Drops the connection without ceremony, after it has failed. */
  abandon(): void {
    this.closing = true;
    clearInterval(this.beatTimer);
    this.client.end().catch(() => undefined);
  }

  private lost(error: Error): void {
    if (this.closing) return;
    this.closing = true;
    this.options.onLost(error);
  }

  private lockName({ topic, partition }: TopicPartition): string {
    return `allostat log|${this.options.group}|${topic}|${partition}`;
  }
}

interface RecordRow {
  readonly value: Buffer;
  readonly headers: Record<string, string>;
}
