import type { AllocationReleased, AllocationStatusReported, KillAcknowledged } from '@allostat/pipeline';
import { makeInstruction, type InstructionWish } from './make-instruction';
import type { OrderSystemChannel } from './order-system-channel';

/** Thrown when the order system does not do what a case demands; the message says what was seen. */
export class NotConforming extends Error {}

export interface CaseRunOptions {
  readonly channel: OrderSystemChannel;
  readonly mandateId: string;
  readonly now: () => string;
  readonly timeoutMs: number;
}

/** The hands of one case: instructions for its own mandate, the answers to them, and demands on those. */
export class CaseRun {
  constructor(private readonly options: CaseRunOptions) {}

  get channel(): OrderSystemChannel {
    return this.options.channel;
  }

  get mandateId(): string {
    return this.options.mandateId;
  }

  now(): string {
    return this.options.now();
  }

  make(sequence: number, weight: number, wish: Partial<InstructionWish> = {}): AllocationReleased {
    return makeInstruction({ mandateId: this.mandateId, sequence, weight, now: this.now(), ...wish });
  }

  async close(asOf: string, price = 100): Promise<void> {
    await this.channel.close({
      type: 'SignalSnapshotPublished',
      universeId: 'conformance',
      universeVersion: 1,
      asOf,
      knownTime: `${asOf}T21:00:00Z`,
      bar: 1,
      instruments: [
        { id: 'EQ', close: price, staleBars: 0 },
        { id: 'BOND', close: 50, staleBars: 0 },
      ],
      signals: [],
      coverage: 1,
    });
  }

  /** Answers to this case's mandate, in order. */
  statuses(instruction?: Pick<AllocationReleased, 'instructionId'>): AllocationStatusReported[] {
    return this.channel.answers().flatMap((event) => {
      if (event.type !== 'AllocationStatusReported' || event.mandateId !== this.mandateId) return [];
      return instruction === undefined || event.instructionId === instruction.instructionId ? [event] : [];
    });
  }

  /** Waits for an answer to an instruction; demands that it comes. */
  async expectAnswer(
    instruction: Pick<AllocationReleased, 'instructionId'>,
    wanted: Partial<Pick<AllocationStatusReported, 'status' | 'reasonCode'>>,
    from = 0,
  ): Promise<AllocationStatusReported> {
    const matches = (answer: AllocationStatusReported): boolean =>
      Object.entries(wanted).every(([key, value]) => answer[key as keyof typeof wanted] === value);
    const found = await this.channel.waitFor(
      () => this.statuses(instruction).slice(from).find(matches),
      this.options.timeoutMs,
    );
    if (found) return found;
    const seen = this.statuses(instruction).map(({ status, reasonCode = '' }) => `${status} ${reasonCode}`.trim());
    throw new NotConforming(`expected ${JSON.stringify(wanted)}, got ${seen.join(', ') || 'no answer'}`);
  }

  async expectKillCount(): Promise<KillAcknowledged> {
    const found = await this.channel.waitFor(() => {
      return this.channel
        .answers()
        .find(
          (event): event is KillAcknowledged => event.type === 'KillAcknowledged' && event.mandateId === this.mandateId,
        );
    }, this.options.timeoutMs);
    if (!found) throw new NotConforming('the stop was not acknowledged with its counts');
    return found;
  }

  /** How often an instruction was taken up: must be at most once. */
  timesWorked(instruction: Pick<AllocationReleased, 'instructionId'>): number {
    return this.statuses(instruction).filter(
      ({ status, reasonCode }) => status === 'working' && reasonCode !== 'EXISTS',
    ).length;
  }

  demand(holds: boolean, otherwise: string): void {
    if (!holds) throw new NotConforming(otherwise);
  }
}
