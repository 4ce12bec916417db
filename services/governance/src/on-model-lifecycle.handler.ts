import { Controller } from '@nestjs/common';
import { Ctx, EventPattern, Payload } from '@nestjs/microservices';
import type { DomainEvent, ModelSuspended } from '@allostat/pipeline';
import type { MessageContext, UnitOfWork } from '@allostat/platform';
import { recordOf, recordOutputs } from './govern-in-unit';
import { MODEL_STANDINGS, standingKey } from './models/model-standing.store';

/** Keeps what the registry tells of versions: who made them, on data until when, and whether one is out of use. */
@Controller()
export class OnModelLifecycle {
  @EventPattern('model.lifecycle.v1')
  async handle(@Payload() event: DomainEvent, @Ctx() { unit, envelope }: MessageContext<DomainEvent>): Promise<void> {
    switch (event.type) {
      case 'CandidateTrained': {
        const { trainedTo, developers = [] } = event;
        return change(unit, event, (known) => ({ ...known, trainedTo, developers }));
      }
      case 'ModelSuspended': {
        const suspended = `${event.reason} (${event.actor}, ${event.at})`;
        await change(unit, event, (known) => ({ ...known, suspended }));
        return record(unit, event, envelope);
      }
      case 'ModelPromoted':
        // promoting needs an approved change: who signed it has seen that it was suspended
        return change(unit, event, ({ suspended: _over, ...known }) => known);
      default:
        return;
    }
  }
}

type Standing = Parameters<typeof MODEL_STANDINGS.save>[2];

async function change(
  unit: UnitOfWork<DomainEvent>,
  { model: name, version }: { readonly model: string; readonly version: string },
  next: (known: Standing) => Standing,
): Promise<void> {
  const key = standingKey({ name, version });
  MODEL_STANDINGS.save(unit, key, next(await MODEL_STANDINGS.load(unit, key, () => ({ developers: [] }))));
}

async function record(
  unit: UnitOfWork<DomainEvent>,
  { model, version, actor, reason, at }: ModelSuspended,
  envelope: MessageContext<DomainEvent>['envelope'],
): Promise<void> {
  const body = { model, version, reason };
  recordOutputs(unit, [recordOf(at, actor, 'model.suspended', `model:${model}`, body)], envelope);
}
