import { Controller } from '@nestjs/common';
import { Ctx, EventPattern, Payload } from '@nestjs/microservices';
import type { DomainEvent, JobCancelled, JobSubmitted } from '@allostat/pipeline';
import type { MessageContext } from '@allostat/platform';
import { endJob, insertJob } from './job.store';

@Controller()
export class OnJob {
  /** Takes a job or its cancellation; slices are computed by the workers, outside of the message. */
  @EventPattern('model.job.v1')
  async handle(
    @Payload() event: JobSubmitted | JobCancelled,
    @Ctx() { unit, envelope }: MessageContext<DomainEvent>,
  ): Promise<void> {
    if (event.type === 'JobSubmitted') return insertJob(unit.manager, event, envelope.time);
    const { jobId, cancelledBy, reason } = event;
    await endJob(unit.manager, jobId, { status: 'cancelled', reason: `${reason} (${cancelledBy})` });
  }
}
