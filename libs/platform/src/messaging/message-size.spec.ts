import { assertCarriable, MAX_MESSAGE_BYTES, messageBytes } from './message-size';

const message = (bytes: number) => ({ topic: 't', key: 'mandate-ü', value: Buffer.alloc(bytes), headers: { a: 'é' } });

describe('message size', () => {
  it('counts value, key and headers in bytes', () => {
    expect(messageBytes(message(10))).toBe(10 + 10 + 1 + 2);
  });

  it('refuses what no transport takes, with topic, key, size and limit', () => {
    const most = MAX_MESSAGE_BYTES - 1024 - messageBytes(message(0));
    expect(() => assertCarriable(message(most))).not.toThrow();
    expect(() => assertCarriable(message(most + 1))).toThrow(
      'a message for t with key mandate-ü has 8387585 bytes; at most 8387584 are carried',
    );
  });
});
