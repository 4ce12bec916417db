import { FIELD_LINEAGE, STAGES, type TopicName } from '@allostat/contracts';
import { columnLineageFacet, LineageRun, type LineageDataset, type LineageRunOptions } from '@allostat/platform';

const NAMESPACE = 'allostat';

/** A topic as a dataset; one that is written says what its fields are computed from. */
function dataset(topic: TopicName, written: boolean): LineageDataset {
  const fields = written ? FIELD_LINEAGE[topic] : undefined;
  if (fields === undefined) return { namespace: NAMESPACE, name: topic };
  const columns = Object.entries(fields).map(([field, sources]) => [
    field,
    sources.map(({ topic: name, field: column }) => ({ namespace: NAMESPACE, name, field: column })),
  ]);
  return {
    namespace: NAMESPACE,
    name: topic,
    facets: { columnLineage: columnLineageFacet(Object.fromEntries(columns)) },
  };
}

/** Tells the lineage of every stage of the line while `work` runs: its start, and that it ended or failed. */
export async function withLineage<T>(options: LineageRunOptions, work: () => Promise<T>): Promise<T> {
  if (options.sinks.length === 0) return work();
  const stages = STAGES.map(({ name, consumes, emits }) => ({
    name,
    about: {
      inputs: consumes.map((topic) => dataset(topic, false)),
      outputs: emits.map((topic) => dataset(topic, true)),
    },
  }));
  const runs = await Promise.all(
    stages.map(async ({ name, about }) => ({ about, run: await LineageRun.start(`line.${name}`, about, options) })),
  );
  try {
    const result = await work();
    await Promise.all(runs.map(({ run, about }) => run.complete(about)));
    return result;
  } catch (error) {
    await Promise.all(runs.map(({ run, about }) => run.fail(error, about)));
    throw error;
  }
}
