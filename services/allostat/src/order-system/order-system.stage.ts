import { Controller } from '@nestjs/common';
import { Ctx, EventPattern, Payload } from '@nestjs/microservices';
import {
  decideOrderSystem,
  initialOrderSystemState,
  type AllocationReleased,
  type BookRequested,
  type DomainEvent,
  type InstructionUnreadable,
  type KillAcknowledged,
  type KillSwitchEngaged,
  type OrderSystemInput,
  type OrderSystemState,
  type SignalSnapshotPublished,
} from '@allostat/pipeline';
import {
  AggregateStore,
  decideInUnit,
  type MessageContext,
  type StageDefinition,
  type UnitStage,
} from '@allostat/platform';

/** One-way cost at which the simulated order system trades. */
const COST_RATE = 5e-4;

const BOOK = 'book';
const STAGE: UnitStage<OrderSystemState, OrderSystemInput, DomainEvent> = {
  states: new AggregateStore<OrderSystemState>({ name: 'order-system' }),
  initial: initialOrderSystemState,
  decide: (event, state, { now }) => decideOrderSystem(event, state, { costRate: COST_RATE, now }),
};

@Controller()
class OnInstruction {
  @EventPattern('allocation.instruction.v1')
  async handle(
    @Payload() event: AllocationReleased | InstructionUnreadable | BookRequested,
    @Ctx() context: MessageContext<DomainEvent>,
  ): Promise<void> {
    await decideInUnit(STAGE, BOOK, event, context);
  }
}

@Controller()
class OnKill {
  @EventPattern('control.killswitch.v1')
  async handle(
    @Payload() event: KillSwitchEngaged | KillAcknowledged,
    @Ctx() context: MessageContext<DomainEvent>,
  ): Promise<void> {
    if (event.type === 'KillSwitchEngaged') await decideInUnit(STAGE, BOOK, event, context);
  }
}

@Controller()
class OnClose {
  @EventPattern('signal.snapshot.v1')
  async handle(@Payload() event: SignalSnapshotPublished, @Ctx() context: MessageContext<DomainEvent>): Promise<void> {
    await decideInUnit(STAGE, BOOK, event, context);
  }
}

/** A simulated order system: checks instructions, takes them and reports them done at the next close. For demonstrations and tests. */
export const ORDER_SYSTEM: StageDefinition = {
  name: 'order-system',
  controllers: [OnInstruction, OnKill, OnClose],
  entities: [],
  migrations: [],
};
