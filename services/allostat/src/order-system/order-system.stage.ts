import { Controller } from '@nestjs/common';
import { Ctx, EventPattern, Payload } from '@nestjs/microservices';
import {
  decideOrderSystem,
  initialOrderSystemState,
  type AllocationReleased,
  type DomainEvent,
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
  decide: (event, state) => decideOrderSystem(event, state, { costRate: COST_RATE }),
};

@Controller()
class OnInstruction {
  @EventPattern('allocation.instruction.v1')
  async handle(@Payload() event: AllocationReleased, @Ctx() context: MessageContext<DomainEvent>): Promise<void> {
    await decideInUnit(STAGE, BOOK, event, context);
  }
}

@Controller()
class OnClose {
  @EventPattern('signal.snapshot.v1')
  async handle(@Payload() event: SignalSnapshotPublished, @Ctx() context: MessageContext<DomainEvent>): Promise<void> {
    await decideInUnit(STAGE, BOOK, event, context);
  }
}

/** A simulated order system: accepts instructions and reports them done at the next close. For demonstrations and tests. */
export const ORDER_SYSTEM: StageDefinition = {
  name: 'order-system',
  controllers: [OnInstruction, OnClose],
  entities: [],
  migrations: [],
};
