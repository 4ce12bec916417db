import { deterministicId, toInstant, type Clock } from '@allostat/kernel';
import type { DomainEvent } from '@allostat/pipeline';
import { AggregateStore, type Envelope, type UnitOfWork } from '@allostat/platform';

/** The message that brought a mandate's current proposal: a person's command continues its trace. */
export const PROPOSAL_ORIGINS = new AggregateStore<{ readonly envelope?: Envelope }>({ name: 'proposal-origin' });

/**
 * What stands as the cause of a person's command. A command has no message of its own, so its content names it, and
 * correlation and trace are those of the proposal it is about.
 * With the clock `event` a command counts as made when its proposal became known: a replay of the past stays in it.
 */
export class CommandCauses {
  constructor(
    private readonly clock: Clock,
    private readonly mode: 'wall' | 'event',
  ) {}

  async of(unit: UnitOfWork<DomainEvent>, mandateId: string, content: readonly string[]): Promise<Envelope> {
    const { envelope: origin } = await PROPOSAL_ORIGINS.load(unit, mandateId, () => ({}));
    const id = deterministicId('governance-command', mandateId, ...content);
    return {
      id,
      type: 'command',
      source: 'governance',
      time: this.mode === 'event' && origin ? origin.time : this.now(),
      correlationId: origin?.correlationId ?? id,
      ...(origin && { causationId: origin.id }),
      ...(origin?.traceparent !== undefined && { traceparent: origin.traceparent }),
    };
  }

  /** Cause of a command that is about no proposal. */
  free(content: readonly string[]): Envelope {
    const id = deterministicId('governance-command', ...content);
    return { id, type: 'command', source: 'governance', time: this.now(), correlationId: id };
  }

  now(): string {
    return toInstant(this.clock.now());
  }
}
