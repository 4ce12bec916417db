/** A message on its way out. The same key always lands in the same partition, on every transport. */
export interface OutgoingMessage {
  readonly topic: string;
  readonly key: string;
  readonly value: Buffer;
  readonly headers: Readonly<Record<string, string>>;
}

/** A message as it was read: `offset` is its place in the partition, `timestamp` the append time in milliseconds. */
export interface ReceivedMessage extends OutgoingMessage {
  readonly partition: number;
  readonly offset: string;
  readonly timestamp: number;
}
