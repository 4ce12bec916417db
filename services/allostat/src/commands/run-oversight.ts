import type { DrillView } from '@allostat/governance';
import type { Evidence, OversightReport, PersonOversight } from '@allostat/pipeline';
import { printResult } from '../cli/output';
import { withGovernance } from '../with-governance';

interface Options {
  readonly as?: string;
  readonly json?: boolean;
}

/** Opens one part of the evidence of a proposal. */
export async function evidence(options: Options, id: string, part: string): Promise<void> {
  const path = `/reviews/${encodeURIComponent(id)}/evidence/${encodeURIComponent(part)}`;
  const opened = await withGovernance(options, (client, token) => client.call<Evidence>('GET', path, token));
  printResult(opened, [JSON.stringify(opened.content, null, 2), `content ${opened.hash}`], options);
}

/** Reports how people decide. */
export async function oversight(
  options: Options & { readonly since?: string; readonly until?: string },
): Promise<void> {
  const { since, until } = options;
  const query = new URLSearchParams({ ...(since !== undefined && { since }), ...(until !== undefined && { until }) });
  const report = await withGovernance(options, (client, token) =>
    client.call<OversightReport>('GET', `/oversight?${query.toString()}`, token),
  );
  printResult(report, reportLines(report), options);
}

/** Plants a faulty proposal. */
export async function drill(
  options: Options & { readonly fault: string; readonly reason: string },
  mandateId: string,
): Promise<void> {
  const { fault, reason } = options;
  const planted = await withGovernance(options, (client, token) =>
    client.call<DrillView>('POST', '/drills', token, { mandateId, fault, reason }),
  );
  const line = `${planted.proposalId} waits for the reviewers of ${planted.mandateId}: ${planted.wrong}`;
  printResult(planted, [line], options);
}

/** Lists drills and how they ended. */
export async function drills(options: Options): Promise<void> {
  const all = await withGovernance(options, (client, token) => client.call<DrillView[]>('GET', '/drills', token));
  const lines = all.map(({ proposalId, mandateId, fault, outcome, caughtBy }) => {
    return `${proposalId}  ${mandateId}  ${fault}  ${outcome ?? 'runs'}${caughtBy === undefined ? '' : ` by ${caughtBy}`}`;
  });
  printResult({ drills: all }, lines.length > 0 ? lines : ['no drill has been planted'], options);
}

function reportLines({ proposals, decisions, drills: planted, people, ...report }: OversightReport): string[] {
  const { overrideRate, overridesScored, overrideValueAddedMean } = report;
  return [
    `${decisions} decisions on ${proposals} proposals; overridden ${share(overrideRate)}, ${overridesScored} of these scored: ` +
      `${share(overrideValueAddedMean)} value added on average`,
    `drills: ${planted.caught} caught, ${planted.missed} missed, ${planted.notDecided} not decided; catch rate ${share(planted.catchRate)}`,
    ...people.map(personLine),
    ...people.flatMap(({ alarms }) => alarms.map(({ rule, reason }) => `ALARM ${rule}: ${reason}`)),
  ];
}

function personLine(person: PersonOversight): string {
  const { approvals, rejections, challenges, overrides, medianSecondsToDecide, evidencePartsMean } = person;
  const time =
    medianSecondsToDecide === null ? 'nothing opened before' : `${medianSecondsToDecide.toFixed(0)} s to decide`;
  const parts = evidencePartsMean === null ? '' : `, ${evidencePartsMean.toFixed(1)} parts of the evidence opened`;
  return `${person.person}: ${approvals} approvals, ${rejections} rejections, ${challenges} challenges, ${overrides} overrides; ${time}${parts}`;
}

function share(value: number | null): string {
  return value === null ? 'not known' : `${(100 * value).toFixed(2)} %`;
}
