import { randomUUID } from 'node:crypto';
import { AllocationInstructionSchema } from '@allostat/contracts';
import { toInstant } from '@allostat/kernel';
import type { OrderSystemOutput } from '@allostat/pipeline';
import { envelopeHeaders, readEnvelope, sleep, type MessageBus, type Subscription } from '@allostat/platform';
import { decodeEvent, encodeEvent } from '@allostat/wire';
import { fromBinary, toBinary } from '@bufbuild/protobuf';
import type { OrderSystemChannel } from './order-system-channel';

const POLL_MS = 10;
const UNKNOWN = { enumValue: 99, fieldNumber: 200 } as const;

/** The cases' way to an order system over the bus, as governance itself goes. */
export class BusChannel implements OrderSystemChannel {
  private readonly seen: OrderSystemOutput[] = [];
  private subscription: Subscription | undefined;

  private constructor(
    private readonly bus: MessageBus,
    private readonly restarts: (() => Promise<void>) | undefined,
  ) {}

  /** `restarts` stops and starts the order system, where that is possible. */
  static async open(bus: MessageBus, restarts?: () => Promise<void>): Promise<BusChannel> {
    const channel = new BusChannel(bus, restarts);
    channel.subscription = await bus.subscribe({
      group: `conformance-${randomUUID()}`,
      topics: ['allocation.status.v1', 'control.killswitch.v1'],
      handler: async ({ messages }) => {
        for (const { topic, headers, value } of messages) {
          const event = decodeEvent({ topic, type: readEnvelope(headers).type, value });
          if (event.type === 'AllocationStatusReported' || event.type === 'KillAcknowledged') channel.seen.push(event);
        }
      },
      fromBeginning: true,
    });
    return channel;
  }

  async send(...[instruction, spoil]: Parameters<OrderSystemChannel['send']>): Promise<void> {
    const encoded = encodeEvent(instruction);
    await this.publish(spoil === undefined ? encoded : { ...encoded, value: spoiled(encoded.value, spoil) });
  }

  close(snapshot: Parameters<OrderSystemChannel['close']>[0]): Promise<void> {
    return this.publish(encodeEvent(snapshot));
  }

  kill(press: Parameters<OrderSystemChannel['kill']>[0]): Promise<void> {
    return this.publish(encodeEvent(press));
  }

  async restart(): Promise<boolean> {
    await this.restarts?.();
    return this.restarts !== undefined;
  }

  answers(): readonly OrderSystemOutput[] {
    return this.seen;
  }

  async waitFor<T>(found: () => T | undefined, timeoutMs: number): Promise<T | undefined> {
    for (const end = Date.now() + timeoutMs; ;) {
      const result = found();
      if (result !== undefined || Date.now() >= end) return result;
      await sleep(POLL_MS);
    }
  }

  async end(): Promise<void> {
    await this.subscription?.close();
  }

  private async publish({ topic, key, type, value }: ReturnType<typeof encodeEvent>): Promise<void> {
    // every sending is a message of its own: that two carry one instruction is what a case may be about
    const id = randomUUID();
    const time = toInstant(Date.now());
    const headers = envelopeHeaders({ id, type, source: 'conformance', time, correlationId: id });
    await this.bus.publish([{ topic, key, value: Buffer.from(value), headers }]);
  }
}

function spoiled(value: Uint8Array, how: 'unknown-enum' | 'unknown-field'): Uint8Array {
  const message = fromBinary(AllocationInstructionSchema, value);
  if (!message.terms) return value;
  if (how === 'unknown-enum') message.terms.action = UNKNOWN.enumValue as typeof message.terms.action;
  else message.terms.$unknown = [{ no: UNKNOWN.fieldNumber, wireType: 0, data: Uint8Array.of(1) }];
  return toBinary(AllocationInstructionSchema, message);
}
