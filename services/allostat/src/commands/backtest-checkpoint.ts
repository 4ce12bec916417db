import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { canonicalJson, sha256Hex } from '@allostat/kernel';
import { decodeState, encodeState } from '@allostat/platform';
import type { PortfolioRun, PortfolioTask } from './portfolio-run';

/** Version of what is kept; another one is not read. */
const FORMAT = 1;

/**
 * Runs of portfolios in a folder, each under the hash of all that it depends on. A run that is there need not be made again; one that changed
 * in any setting or price has another name. A file is complete or absent: it is written beside and then renamed.
 */
export class BacktestCheckpoint {
  constructor(
    private readonly folder: string,
    /** SHA-256 of the history. */
    private readonly dataHash: string,
  ) {
    mkdirSync(folder, { recursive: true });
  }

  read(task: PortfolioTask): PortfolioRun | undefined {
    const file = this.fileOf(task);
    return existsSync(file) ? decodeState<PortfolioRun>(readFileSync(file)) : undefined;
  }

  keep(task: PortfolioTask, run: PortfolioRun): void {
    const file = this.fileOf(task);
    writeFileSync(`${file}.${process.pid}`, encodeState(run));
    renameSync(`${file}.${process.pid}`, file);
  }

  private fileOf({ spec, terms, observed }: PortfolioTask): string {
    const hash = sha256Hex(canonicalJson({ format: FORMAT, data: this.dataHash, spec, terms, observed }));
    return join(this.folder, `${hash}.run`);
  }
}
