import { createHash } from 'node:crypto';
import { createReadStream, existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { ImportProfile, ReadObservations } from '@allostat/pipeline';
import {
  columnLineageFacet,
  outputFacet,
  qualityFacet,
  schemaFacet,
  versionFacet,
  type LineageDataset,
  type LineageWork,
  type SourceColumn,
} from '@allostat/platform';

/** The store that observations are read into, as a dataset. */
const STORE = { namespace: 'allostat', name: 'signal-ingestion.observation' } as const;

/** A file, or what stands behind an address, in the naming of OpenLineage. */
function place(file: string): { readonly namespace: string; readonly name: string } {
  if (!/^https?:\/\//.test(file)) return { namespace: 'file', name: resolve(file) };
  const { origin, pathname } = new URL(file);
  return { namespace: origin, name: pathname };
}

/** The files of an ingest, with their hashes, before they are read. */
export async function plannedWork(files: readonly string[]): Promise<LineageWork> {
  return { inputs: await Promise.all(files.map((file) => input(file))), outputs: [{ ...STORE }] };
}

/** What an ingest read and stored: rows and values of each file, and for each series the column it came from. */
export async function doneWork(
  files: readonly string[],
  profile: ImportProfile,
  read: readonly { readonly file: string; readonly rows: number; readonly series: ReadObservations['series'] }[],
  stored: number,
): Promise<LineageWork> {
  const columns: Record<string, SourceColumn[]> = {};
  const inputs = await Promise.all(
    files.map(async (file) => {
      const parts = read.filter((part) => part.file === file || part.file.startsWith(`${file}#`));
      const counts: Record<string, { count: number }> = {};
      for (const { id, count } of parts.flatMap(({ series }) => series)) {
        const field = columnOf(profile, id);
        counts[field] = { count: (counts[field]?.count ?? 0) + count }; // the first of its column
        const sources = (columns[id] ??= []);
        if (!sources.some(({ name }) => name === place(file).name)) sources.push({ ...place(file), field });
      }
      const rows = parts.reduce((sum, part) => sum + part.rows, 0);
      const fields = Object.keys(counts).map((name) => ({
        name,
        type: profile.kind === 'headline' ? 'text' : 'number',
      }));
      return {
        ...(await input(file, { schema: schemaFacet(fields) })),
        inputFacets: { dataQualityMetrics: qualityFacet(rows, counts) },
      };
    }),
  );
  const output: LineageDataset = {
    ...STORE,
    facets: { columnLineage: columnLineageFacet(columns) },
    outputFacets: { outputStatistics: outputFacet(stored) },
  };
  return { inputs, outputs: [output] };
}

async function input(file: string, facets: LineageDataset['facets'] = {}): Promise<LineageDataset> {
  if (!existsSync(file)) return { ...place(file), facets };
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return { ...place(file), facets: { version: versionFacet(`sha256:${hash.digest('hex')}`), ...facets } };
}

/** The column that a series is read from. */
function columnOf({ layout }: ImportProfile, series: string): string {
  if (layout.type === 'long') return layout.valueColumn ?? layout.textColumn ?? series; // a layout has one of them
  return Object.entries(layout.rename ?? {}).find(([, id]) => id === series)?.[0] ?? series; // not renamed
}
