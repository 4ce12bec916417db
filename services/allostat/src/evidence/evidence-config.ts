import { dirname, resolve } from 'node:path';
import { z } from 'zod';
import { historyShape, type LocatedFile } from '../commands/backtest-config';
import { readYaml } from '../files/read-yaml';

const date = z.iso.date();

const evidenceSchema = z.strictObject({
  id: z.string().min(1),
  ...historyShape,
  universe: z.string(),
  /** CSV with kind, name, tickers and weights; rows of kind `static` are the anchors. */
  anchors: z.string(),
  cash: z.string(),
  /** Asset whose returns tell calm from stress. */
  stress: z.string(),
  /** Mandates whose constructions are tested. */
  overlay: z.string(),
  scratch: z.string(),
  costs: z.tuple([z.number().min(0).max(0.2), z.number().min(0).max(0.2)]),
  periods: z.array(z.strictObject({ name: z.string(), from: date, to: date })).min(1),
  trials: z.int().positive(),
  bootstrap: z.strictObject({
    seed: z.int().min(0),
    draws: z.int().min(100).max(20000),
    meanBlock: z.number().min(1),
  }),
  placebo: z.strictObject({ seed: z.int().min(0), draws: z.int().min(1).max(1000) }),
});

export type EvidenceConfig = z.infer<typeof evidenceSchema>;
export type EvidenceFile = LocatedFile<EvidenceConfig>;

/** Reads and checks the configuration of the evidence; throws `InputError` with file, line and what would be right. */
export function readEvidenceConfig(file: string): EvidenceFile {
  return { ...readYaml(file, evidenceSchema), path: (relative) => resolve(dirname(file), relative) };
}
