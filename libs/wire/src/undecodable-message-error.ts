import { AllostatError } from '@allostat/kernel';

/** Thrown when a message cannot be read as the event it claims to be; its bytes go to the dead letters. */
export class UndecodableMessageError extends AllostatError {
  constructor(
    readonly messageType: string,
    readonly field: string,
    reason: string,
  ) {
    super(
      'MESSAGE.UNDECODABLE',
      `${messageType}.${field}: ${reason}`,
      'mend the producer, then redrive the dead letter',
    );
  }
}
