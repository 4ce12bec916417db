export type InfrastructureName = 'compose' | 'postgres' | 'kafka' | 'local-broker' | 'redis';

/** Something started for one test suite, and how to end it. */
export interface Infrastructure {
  readonly url: string;
  stop(): Promise<void>;
}

/** Thrown when nothing on this machine can provide the infrastructure; the message says what was tried. */
export class InfrastructureMissing extends Error {
  constructor(
    readonly infrastructure: InfrastructureName,
    reason: string,
  ) {
    super(`${infrastructure} is not available: ${reason}`);
    this.name = 'InfrastructureMissing';
  }
}
