import { MODEL_STATES, ModelStepRefusedError, needsApproval, type ModelState } from './model-states';

const steps = MODEL_STATES.flatMap((from) => MODEL_STATES.map((to) => [from, to] as const));
const outcome = (from: ModelState, to: ModelState): 'alone' | 'approved' | 'refused' => {
  try {
    return needsApproval(from, to) ? 'approved' : 'alone';
  } catch (error) {
    if (error instanceof ModelStepRefusedError) return 'refused';
    throw error;
  }
};
const reached = (from: ModelState, kind: string): ModelState[] =>
  MODEL_STATES.filter((to) => outcome(from, to) === kind);

it('every pair is a step for one person, a step to be approved, or a typed refusal', () => {
  expect(steps.map(([from, to]) => outcome(from, to)).filter((kind) => kind === 'refused').length).toBeGreaterThan(30);
});

it('one person alone can only take a version out of use', () => {
  for (const from of MODEL_STATES) {
    for (const to of reached(from, 'alone')) expect(['suspended', 'retired']).toContain(to);
  }
});

it('whatever is in use can be suspended at once, and comes back only by approval', () => {
  for (const from of ['validated', 'shadow', 'pilot', 'production'] as const) {
    expect(outcome(from, 'suspended')).toBe('alone');
  }
  expect(reached('suspended', 'alone')).toEqual([]);
  expect(reached('suspended', 'approved')).toContain('production');
});

it('what is retired stays so, and what failed its validation is never used', () => {
  expect(reached('retired', 'alone').concat(reached('retired', 'approved'))).toEqual([]);
  expect(reached('validation-failed', 'approved')).toEqual(['retired']);
});
