import { deterministicId } from '@allostat/kernel';
import { jobOf, type DomainEvent, type JobSpec, type JobSubmitted } from '@allostat/pipeline';
import type { ArtefactStore, Envelope, UnitOfWork } from '@allostat/platform';

const causeOf = (parts: readonly string[], time: string): Envelope => {
  const id = deterministicId(...(parts as [string, ...string[]]));
  return { id, type: 'command', source: 'model-lab', time, correlationId: id };
};

/** Stores what a job is asked to do and puts it on the topic; the same specification is the same job. */
export async function submitJob(
  unit: UnitOfWork<DomainEvent>,
  artefacts: ArtefactStore,
  spec: JobSpec,
  { by, at }: { readonly by: string; readonly at: string },
): Promise<JobSubmitted> {
  const { text, job } = jobOf(spec, by);
  await artefacts.put(unit.manager, Buffer.from(text), 'application/json');
  unit.publish([job], causeOf(['submit-job', job.jobId], at));
  return job;
}

/** Puts the wish to cancel a job on the topic. */
export function cancelJob(
  unit: UnitOfWork<DomainEvent>,
  jobId: string,
  { by, at, reason }: { readonly by: string; readonly at: string; readonly reason: string },
): void {
  unit.publish([{ type: 'JobCancelled', jobId, cancelledBy: by, reason }], causeOf(['cancel-job', jobId, at], at));
}
