import { unwatchFile, watchFile } from 'node:fs';
import { Inject, Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import type { Logger } from '../logs/logger';
import { LOGGER } from '../stage/runtime';
import { People } from './people';

const EVERY_MS = 1000;

/**
 * Reads the people file again when it changes. What it names is looked at, not the name: a file that is moved into its place
 * and a link that is set to another file are changes like any other.
 */
@Injectable()
export class PeopleWatch implements OnModuleInit, OnModuleDestroy {
  private retry: NodeJS.Timeout | undefined;

  constructor(
    private readonly people: People,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onModuleInit(): void {
    const { file } = this.people;
    if (file !== undefined) watchFile(file, { interval: EVERY_MS, persistent: false }, this.look);
  }

  onModuleDestroy(): void {
    if (this.people.file !== undefined) unwatchFile(this.people.file, this.look);
    clearTimeout(this.retry);
  }

  /** Tried again until the file can be used and is recorded: it may be half written, or the database away. */
  private readonly look = (): void => {
    clearTimeout(this.retry);
    this.people.refresh().then(
      () => this.logger.info({ file: this.people.file }, 'the people file was read again'),
      (error: unknown) => {
        this.logger.error({ error }, 'the people file cannot be used; those it named before stay in force');
        this.retry = setTimeout(this.look, EVERY_MS * 5).unref();
      },
    );
  };
}
