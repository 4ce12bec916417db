import { CaseRun, NotConforming } from './case-run';
import { CONFORMANCE_CASES } from './cases';
import type { OrderSystemChannel } from './order-system-channel';

export interface CaseResult {
  readonly number: number;
  readonly name: string;
  readonly rule: string;
  readonly passed: boolean;
  readonly detail: string;
}

export interface ConformanceOptions {
  readonly channel: OrderSystemChannel;
  /** Tells the mandates of this run from those of others. */
  readonly runId: string;
  readonly now: () => string;
  /** How long an answer may take; default 60 s, which a gap alert may take, too. */
  readonly timeoutMs?: number;
  readonly onCase?: (result: CaseResult) => void;
}

/** Tries every case on an order system; a fault of the channel itself is thrown, a case that fails says why. */
export async function runConformance(options: ConformanceOptions): Promise<CaseResult[]> {
  const { channel, runId, now, timeoutMs = 60_000 } = options;
  const results: CaseResult[] = [];
  for (const { number, name, rule, mandatePrefix = 'conformance', run } of CONFORMANCE_CASES) {
    const mandateId = `${mandatePrefix}-${runId}-${number}`;
    let detail = 'as the rule says';
    let passed = true;
    try {
      await run(new CaseRun({ channel, mandateId, now, timeoutMs }));
    } catch (error) {
      if (!(error instanceof NotConforming)) throw error;
      passed = false;
      detail = error.message;
    }
    const result = { number, name, rule, passed, detail };
    results.push(result);
    options.onCase?.(result);
  }
  return results;
}
