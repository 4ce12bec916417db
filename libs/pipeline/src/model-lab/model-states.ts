import { AllostatError } from '@allostat/kernel';

/** What a version of a model may be used for, from the first fit to the end. */
export const MODEL_STATES = [
  'registered',
  'validated',
  'validation-failed',
  'shadow',
  'pilot',
  'production',
  'suspended',
  'retired',
] as const;
export type ModelState = (typeof MODEL_STATES)[number];

/** Steps that one person may take at once: only ever away from use. */
const ALONE: Readonly<Partial<Record<ModelState, readonly ModelState[]>>> = {
  registered: ['retired'],
  validated: ['suspended'],
  shadow: ['suspended'],
  pilot: ['suspended'],
  production: ['suspended'],
};

/** Steps that need an approved change. */
const APPROVED: Readonly<Partial<Record<ModelState, readonly ModelState[]>>> = {
  registered: ['validated', 'validation-failed', 'shadow', 'pilot', 'production'],
  validated: ['shadow', 'pilot', 'production', 'retired'],
  'validation-failed': ['retired'],
  shadow: ['pilot', 'production', 'retired'],
  pilot: ['shadow', 'production', 'retired'],
  production: ['shadow', 'pilot', 'retired'],
  suspended: ['shadow', 'pilot', 'production', 'retired'],
};

/** Thrown when a version cannot go from where it is to where it is wanted. */
export class ModelStepRefusedError extends AllostatError {
  constructor(from: ModelState, to: ModelState, hint: string) {
    super('MODEL.STEP_REFUSED', `a version that is ${from} does not become ${to}`, hint);
  }
}

/** Whether a step needs other people's approval. Throws `ModelStepRefusedError` for a step that there is not. */
export function needsApproval(from: ModelState, to: ModelState): boolean {
  if (ALONE[from]?.includes(to)) return false;
  if (APPROVED[from]?.includes(to)) return true;
  const possible = [...(ALONE[from] ?? []), ...(APPROVED[from] ?? [])].join(', ');
  throw new ModelStepRefusedError(from, to, possible === '' ? `${from} is an end` : `possible are ${possible}`);
}
