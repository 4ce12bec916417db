import type { LoggerService } from '@nestjs/common';
import type { Logger } from '../logs/logger';

/** Nest's own lines in our log; what it tells about starting is of no interest in operation. */
export function nestLogger(logger: Logger): LoggerService {
  const text = (message: unknown) => (typeof message === 'string' ? message : JSON.stringify(message));
  return {
    log: (message: unknown, context?: unknown) => logger.debug({ context }, text(message)),
    debug: (message: unknown, context?: unknown) => logger.trace({ context }, text(message)),
    verbose: (message: unknown, context?: unknown) => logger.trace({ context }, text(message)),
    warn: (message: unknown, context?: unknown) => logger.warn({ context }, text(message)),
    error: (message: unknown, stack?: unknown, context?: unknown) => logger.error({ stack, context }, text(message)),
    fatal: (message: unknown, context?: unknown) => logger.fatal({ context }, text(message)),
  };
}
