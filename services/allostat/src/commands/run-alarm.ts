import type { GovernanceAlarmMoved } from '@allostat/pipeline';
import { printResult, type OutputOptions } from '../cli/output';
import { withGovernance } from '../with-governance';

interface Options extends OutputOptions {
  readonly as?: string;
}

export async function list(options: Options & { readonly open?: boolean }): Promise<void> {
  const path = options.open ? '/alarms?open=true' : '/alarms';
  const alarms = await withGovernance(options, (client, token) =>
    client.call<GovernanceAlarmMoved[]>('GET', path, token),
  );
  printResult({ alarms }, alarms.length > 0 ? alarms.map(lineOf) : ['nothing calls'], options);
}

export async function acknowledge(options: Options & { readonly reason: string }, id: string): Promise<void> {
  const { reason } = options;
  const alarm = await withGovernance(options, (client, token) =>
    client.call<GovernanceAlarmMoved>('POST', `/alarms/${encodeURIComponent(id)}/acknowledgement`, token, { reason }),
  );
  printResult(alarm, [lineOf(alarm)], options);
}

function lineOf({ alarmId, severity, step, at, text, actor }: GovernanceAlarmMoved): string {
  const hand = actor === undefined ? step : `in the hand of ${actor}`;
  return `${alarmId}  ${severity}  ${hand} at ${at}  ${text}`;
}
