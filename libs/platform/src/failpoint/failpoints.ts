import { InputError } from '@allostat/kernel';

export const FAILPOINTS = ['before-commit', 'after-commit', 'after-publish', 'before-offset'] as const;
export type FailpointName = (typeof FAILPOINTS)[number];

/** Places where a crash test may kill the process. */
export interface Failpoints {
  pass(name: FailpointName): void;
}

export const NO_FAILPOINTS: Failpoints = { pass: () => undefined };

/**
 * Reads `ALLOSTAT_FAILPOINT=<service>:<name>:<n>`: the process kills itself, as by kill -9, when `service` passes the
 * place for the n-th time. Without the variable nothing ever happens.
 */
export function failpointsFromEnv(
  service: string,
  env: Readonly<Record<string, string | undefined>>,
  kill: () => void = () => process.kill(process.pid, 'SIGKILL'),
): Failpoints {
  const value = env.ALLOSTAT_FAILPOINT;
  if (value === undefined || value === '') return NO_FAILPOINTS;
  const [target, name, count] = value.split(':');
  const passes = Number(count);
  if (!FAILPOINTS.includes(name as FailpointName) || !Number.isInteger(passes) || passes < 1) {
    throw new InputError(
      `ALLOSTAT_FAILPOINT must be <service>:<${FAILPOINTS.join('|')}>:<n>, got ${JSON.stringify(value)}`,
      { field: 'ALLOSTAT_FAILPOINT' },
      'unset it outside of crash tests',
    );
  }
  if (target !== service) return NO_FAILPOINTS;
  let left = passes;
  return {
    pass: (passed) => {
      if (passed === name && --left === 0) kill();
    },
  };
}
