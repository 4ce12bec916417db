/** Where we are told from, and the versions of OpenLineage that we speak. */
const PRODUCER = 'urn:allostat:lineage:1';
const SPEC = 'https://openlineage.io/spec';

/** A facet of OpenLineage: named facts about a run or a dataset, with their schema. */
export interface LineageFacet {
  readonly _producer: string;
  readonly _schemaURL: string;
  readonly [fact: string]: unknown;
}

export interface LineageDataset {
  readonly namespace: string;
  readonly name: string;
  readonly facets?: Readonly<Record<string, LineageFacet>>;
  readonly inputFacets?: Readonly<Record<string, LineageFacet>>;
  readonly outputFacets?: Readonly<Record<string, LineageFacet>>;
}

/** What one run reads and writes. */
export interface LineageWork {
  readonly inputs: readonly LineageDataset[];
  readonly outputs: readonly LineageDataset[];
}

/** A run event of OpenLineage 2. */
export interface LineageEvent extends LineageWork {
  readonly eventType: 'START' | 'COMPLETE' | 'FAIL';
  readonly eventTime: string;
  readonly producer: string;
  readonly schemaURL: string;
  readonly run: { readonly runId: string; readonly facets?: Readonly<Record<string, LineageFacet>> };
  readonly job: { readonly namespace: string; readonly name: string };
}

/** A column that another is computed from. */
export interface SourceColumn {
  readonly namespace: string;
  readonly name: string;
  readonly field: string;
}

const facet = (schema: string, facts: Readonly<Record<string, unknown>>): LineageFacet => ({
  _producer: PRODUCER,
  _schemaURL: `${SPEC}/facets/${schema}`,
  ...facts,
});

/** The columns of a dataset. */
export const schemaFacet = (fields: readonly { readonly name: string; readonly type: string }[]): LineageFacet =>
  facet('1-2-0/SchemaDatasetFacet.json#/$defs/SchemaDatasetFacet', { fields });

/** Which content a dataset had, for example by its hash. */
export const versionFacet = (datasetVersion: string): LineageFacet =>
  facet('1-0-1/DatasetVersionDatasetFacet.json#/$defs/DatasetVersionDatasetFacet', { datasetVersion });

/** For each column of a dataset the columns it is computed from. */
export const columnLineageFacet = (fields: Readonly<Record<string, readonly SourceColumn[]>>): LineageFacet =>
  facet('1-2-0/ColumnLineageDatasetFacet.json#/$defs/ColumnLineageDatasetFacet', {
    fields: Object.fromEntries(Object.entries(fields).map(([name, inputFields]) => [name, { inputFields }])),
  });

/** Rows of an input, and per column how many values it had. */
export const qualityFacet = (
  rowCount: number,
  columnMetrics: Readonly<Record<string, { readonly count: number }>>,
): LineageFacet =>
  facet('1-0-3/DataQualityMetricsInputDatasetFacet.json#/$defs/DataQualityMetricsInputDatasetFacet', {
    rowCount,
    columnMetrics,
  });

/** Rows that a run wrote. */
export const outputFacet = (rowCount: number): LineageFacet =>
  facet('1-0-2/OutputStatisticsOutputDatasetFacet.json#/$defs/OutputStatisticsOutputDatasetFacet', { rowCount });

const errorFacet = (message: string): LineageFacet =>
  facet('1-0-1/ErrorMessageRunFacet.json#/$defs/ErrorMessageRunFacet', {
    message,
    programmingLanguage: 'TypeScript',
  });

/** The event of one moment of a run. `error` belongs to a run that failed. */
export function lineageEvent(
  eventType: LineageEvent['eventType'],
  about: {
    readonly runId: string;
    readonly job: string;
    readonly at: string;
    readonly work: LineageWork;
    readonly error?: string;
  },
): LineageEvent {
  const { runId, job, at, work, error } = about;
  return {
    eventType,
    eventTime: at,
    producer: PRODUCER,
    schemaURL: `${SPEC}/2-0-2/OpenLineage.json#/$defs/RunEvent`,
    run: { runId, ...(error !== undefined && { facets: { errorMessage: errorFacet(error) } }) },
    job: { namespace: 'allostat', name: job },
    inputs: work.inputs,
    outputs: work.outputs,
  };
}
