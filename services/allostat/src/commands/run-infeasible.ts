import type { InfeasibleView } from '@allostat/governance';
import { printResult, type OutputOptions } from '../cli/output';
import { withGovernance } from '../with-governance';

interface Options extends OutputOptions {
  readonly as?: string;
  readonly mandate?: string;
  readonly standing?: boolean;
}

/** Lists decisions that no weights could meet, with the limits in conflict and the cheapest way out. */
export async function infeasible(options: Options): Promise<void> {
  const { mandate, standing } = options;
  const query = new URLSearchParams({
    ...(mandate !== undefined && { mandateId: mandate }),
    ...(standing === true && { standing: 'true' }),
  });
  const decisions = await withGovernance(options, (client, token) =>
    client.call<InfeasibleView[]>('GET', `/infeasible?${query.toString()}`, token),
  );
  const lines = decisions.flatMap(linesOf);
  printResult({ decisions }, lines.length > 0 ? lines : ['every decision had weights that meet the limits'], options);
}

function linesOf({ mandateId, asOf, trigger, conflict, relaxation, stands }: InfeasibleView): string[] {
  const wayOut = relaxation.map(({ limit, by }) => `${limit} by ${String(by)}`).join(', ');
  return [
    `${mandateId}  ${asOf}  ${trigger}  ${stands ? 'stands' : 'a later decision followed'}`,
    `  in conflict: ${conflict.join(', ')}`,
    wayOut === '' ? '  no way out was found by loosening limits' : `  cheapest way out: loosen ${wayOut}`,
  ];
}
