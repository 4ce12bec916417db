import { TOPICS } from '@allostat/contracts';
import type { TopicSpec } from '@allostat/platform';

const DAY_MS = 86_400_000;

/** The topic registry as a log creates it. */
export function topicSpecs(): TopicSpec[] {
  return TOPICS.map(({ name, partitions, retentionDays }) => ({
    name,
    partitions,
    ...(retentionDays === 'compacted' ? { compacted: true } : { retentionMs: retentionDays * DAY_MS }),
  }));
}
