import type { ReconciliationView } from '@allostat/governance';
import { findingText } from '@allostat/pipeline';
import { sleep } from '@allostat/platform';
import { EXIT_REFUSED, printResult, type OutputOptions } from '../cli/output';
import type { GovernanceClient } from '../governance-client';
import { withGovernance } from '../with-governance';

interface Options extends OutputOptions {
  readonly as?: string;
  readonly mandate?: string;
  readonly timeout: number;
}

const POLL_MS = 200;

/** Asks the order system for its books and compares them with what was released; exit code 3 for a difference or silence. */
export async function runReconcile(options: Options): Promise<void> {
  const { mandate, timeout } = options;
  const reconciliations = await withGovernance(options, async (client, token) => {
    const body = mandate === undefined ? {} : { mandateId: mandate };
    const asked = await client.call<ReconciliationView[]>('POST', '/reconciliations', token, body);
    const deadline = Date.now() + timeout * 1000;
    const answered: ReconciliationView[] = [];
    for (const { requestId } of asked) answered.push(await answerTo(client, token, requestId, deadline));
    return answered;
  });
  const good = reconciliations.every(({ result }) => result?.findings.length === 0);
  printResult({ verified: good, reconciliations }, reconciliations.flatMap(linesOf), options);
  if (!good) process.exitCode = EXIT_REFUSED;
}

async function answerTo(
  client: GovernanceClient,
  token: string,
  requestId: string,
  deadline: number,
): Promise<ReconciliationView> {
  for (;;) {
    const path = `/reconciliations/${encodeURIComponent(requestId)}`;
    const view = await client.call<ReconciliationView>('GET', path, token);
    if (view.result || Date.now() > deadline) return view;
    await sleep(POLL_MS);
  }
}

function linesOf({ mandateId, throughSequence, result }: ReconciliationView): string[] {
  if (!result) return [`${mandateId}: the order system has not reported its book`];
  const { released, open, completed, refused, findings } = result;
  return [
    `${mandateId} through ${throughSequence}: ${released} released = ${open} open + ${completed} completed + ${refused} refused; ` +
      `${findings.length} differences`,
    ...findings.map((finding) => `  ${findingText(finding)}`),
  ];
}
