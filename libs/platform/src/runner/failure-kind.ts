import { AllostatError } from '@allostat/kernel';
import { UNDECODABLE } from '../messaging/event-codec';

/** Thrown by a handler when something that will come has not come yet; the message is tried for longer. */
export class NotReadyError extends AllostatError {
  readonly retriable = true;

  constructor(message: string, code = 'STAGE.NOT_READY', hint?: string) {
    super(code, message, hint);
  }
}

export type FailureKind = 'undecodable' | 'infrastructure' | 'not-ready' | 'failure';

const NETWORK = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
]);
/** Classes of SQLSTATE: connection, resources, operator intervention, system error. */
const SERVER_CLASSES = ['08', '53', '57P', '58'];
/** Serialization failure, deadlock, lock not available. */
const CONFLICTS = new Set(['40001', '40P01', '55P03']);
/** A server that became a standby refuses to write. */
const READ_ONLY = '25006';
const DRIVER_TEXTS = [
  /^Connection terminated/,
  /^timeout exceeded when trying to connect/,
  /^Client has encountered a connection error/,
  /^Client was closed/,
  /^the database connection ended/,
  /^Cannot use a pool after calling end/,
  /^Driver not Connected/,
];

function* causes(error: unknown): Generator<Error> {
  const seen = new Set<unknown>();
  for (let next = error; next instanceof Error && !seen.has(next); next = next.cause) {
    seen.add(next);
    yield next;
    const { driverError } = next as { driverError?: unknown };
    if (driverError instanceof Error && !seen.has(driverError)) yield driverError;
    if (next instanceof AggregateError) yield* next.errors.filter((each) => each instanceof Error);
  }
}

/** kafkajs marks what it would try again itself: lost brokers, elections, time-outs. */
const isRetriableByKafka = (error: Error) =>
  error.name.startsWith('KafkaJS') && (error as { retriable?: unknown }).retriable !== false;

const codeOf = (error: Error): string => {
  const { code } = error as { code?: unknown };
  return typeof code === 'string' ? code : '';
};

/** Whether the transaction lost against another one and may simply be run again. */
export function isConflict(error: unknown): boolean {
  return [...causes(error)].some((each) => CONFLICTS.has(codeOf(each)));
}

/** Whether the surroundings failed (database, network), so that the message itself is not to blame. */
export function isInfrastructureError(error: unknown): boolean {
  return [...causes(error)].some((each) => {
    const code = codeOf(each);
    const server = code.length === 5 && SERVER_CLASSES.some((start) => code.startsWith(start));
    return (
      server ||
      code === READ_ONLY ||
      NETWORK.has(code) ||
      CONFLICTS.has(code) ||
      isRetriableByKafka(each) ||
      DRIVER_TEXTS.some((text) => text.test(each.message))
    );
  });
}

/** What an error says about the message that was being handled. */
export function failureKind(error: unknown): FailureKind {
  if (error instanceof AllostatError && error.code === UNDECODABLE) return 'undecodable';
  if (isInfrastructureError(error)) return 'infrastructure';
  if (typeof error === 'object' && error !== null && (error as { retriable?: unknown }).retriable === true) {
    return 'not-ready';
  }
  return 'failure';
}
