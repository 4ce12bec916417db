import { AllocationInstructionSchema } from '@allostat/contracts';
import { AllostatError } from '@allostat/kernel';
import type { DomainEvent, InstructionUnreadable } from '@allostat/pipeline';
import type { EventCodec } from '@allostat/platform';
import { WIRE_CODEC } from '@allostat/wire';
import { fromBinary } from '@bufbuild/protobuf';

/**
 * Messages as an order system must read them: an instruction with a value or a field in its terms that it does not know
 * becomes a refusal to answer with, instead of a dead letter that the sender hears nothing of.
 */
export const ORDER_SYSTEM_CODEC: EventCodec<DomainEvent> = {
  encode: (event) => WIRE_CODEC.encode(event),
  decode: (message) => {
    try {
      const event = WIRE_CODEC.decode(message);
      if (event.type === 'AllocationReleased') requireKnownFields(message.value);
      return event;
    } catch (error) {
      const unreadable = message.type === AllocationInstructionSchema.typeName && readIdentity(message.value, error);
      if (!unreadable) throw error;
      return unreadable as unknown as DomainEvent;
    }
  },
};

function requireKnownFields(value: Uint8Array): void {
  const { terms, $unknown } = fromBinary(AllocationInstructionSchema, value);
  const groups = [terms, terms?.holdings, terms?.cash, terms?.provenance, ...(terms?.orders ?? [])];
  const unknown = [...($unknown ?? []), ...groups.flatMap((group) => group?.$unknown ?? [])];
  if (unknown.length === 0) return;
  throw new AllostatError('MESSAGE.UNKNOWN_FIELD', `field ${unknown[0].no} is not known`, 'update the order system');
}

/** Whose instruction it is, when at least that can be read. */
function readIdentity(value: Uint8Array, error: unknown): InstructionUnreadable | undefined {
  try {
    const { mandateId, instructionId, sequence, asOf } = fromBinary(AllocationInstructionSchema, value);
    if (mandateId === '' || instructionId === '') return undefined;
    const reason = error instanceof Error ? error.message : String(error);
    return { type: 'InstructionUnreadable', mandateId, instructionId, sequence: Number(sequence), asOf, reason };
  } catch {
    return undefined; // not even a message: nobody to answer to
  }
}
