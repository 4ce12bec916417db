import { runSlice, type JobSpec } from '@allostat/pipeline';
import type { DecisionTask } from '@allostat/platform';

/** What a thread of `JobWorkers` runs. */
export function decide({
  event,
}: DecisionTask<undefined, { readonly spec: JobSpec; readonly slice: number }>): unknown {
  return { state: undefined, events: [runSlice(event.spec, event.slice)] };
}
