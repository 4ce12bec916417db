import { policySetSchema, type Recheck } from '@allostat/pipeline';
import { EXIT_REFUSED, printResult, type OutputOptions } from '../cli/output';
import { readYaml } from '../files/read-yaml';
import { withGovernance } from '../with-governance';

interface Options extends OutputOptions {
  readonly as?: string;
  readonly version?: number;
  readonly policies?: string;
}

/** Judges a past release again under another policy set; exit code 3 when it would be held. */
export async function recheck(options: Options, id: string): Promise<void> {
  const { version, policies } = options;
  const body = {
    ...(version !== undefined && { version }),
    ...(policies !== undefined && { policies: readYaml(policies, policySetSchema).value }),
  };
  const path = `/reviews/${encodeURIComponent(id)}/recheck`;
  const judged = await withGovernance(options, (client, token) => client.call<Recheck>('POST', path, token, body));
  const { then, now, changes } = judged;
  const lines = [
    `${id}: ${then.verdict} under ${then.policySet}, ${now.verdict} under ${now.policySet}`,
    ...changes.map(
      ({ policy, then: before, now: after }) => `${policy}: ${before.verdict} -> ${after.verdict}, ${after.reason}`,
    ),
  ];
  printResult(judged, lines, options);
  if (now.verdict === 'fail') process.exitCode = EXIT_REFUSED;
}
