import { InputError } from '@allostat/kernel';
import type { Absence, Meeting } from '@allostat/pipeline';
import { printResult, type OutputOptions } from '../cli/output';
import { withGovernance } from '../with-governance';

interface Options extends OutputOptions {
  readonly as?: string;
}

export async function meetings(options: Options): Promise<void> {
  const all = await withGovernance(options, (client, token) => client.call<Meeting[]>('GET', '/meetings', token));
  const lines = all.map(({ meetingId, committee, items, minutes }) => {
    const carried = minutes?.results.filter((result) => result.carried).length;
    const standing = carried === undefined ? 'open' : `closed, ${carried} of ${items.length} carried`;
    return `${meetingId}  ${committee.id}  ${standing}`;
  });
  printResult({ meetings: all }, lines.length > 0 ? lines : ['no meeting has been convened'], options);
}

export async function convene(options: Options & { readonly subject: readonly string[] }, id: string): Promise<void> {
  const body = { committee: id, subjects: options.subject };
  const meeting = await withGovernance(options, (client, token) =>
    client.call<Meeting>('POST', '/meetings', token, body),
  );
  printResult(meeting, [`meeting ${meeting.meetingId} of ${meeting.committee.members.join(', ')}`], options);
}

export async function vote(
  options: Options & { readonly choice: string; readonly reason?: string; readonly onBehalfOf?: string },
  id: string,
  subject: string,
): Promise<void> {
  const { choice, reason, onBehalfOf } = options;
  const meeting = await withGovernance(options, async (client, token) => {
    const { items } = await client.call<Meeting>('GET', `/meetings/${encodeURIComponent(id)}`, token);
    const item = items.find((candidate) => candidate.subject === subject);
    if (!item) throw new InputError(`${subject} is not before meeting ${id}`, { field: 'subject' });
    return client.call<Meeting>('POST', `/meetings/${encodeURIComponent(id)}/votes`, token, {
      subject,
      choice,
      contentHash: item.contentHash,
      ...(reason !== undefined && { reason }),
      ...(onBehalfOf !== undefined && { onBehalfOf }),
    });
  });
  printResult(meeting, [`${meeting.votes.length} votes so far in meeting ${id}`], options);
}

export async function minutes(
  options: Options & { readonly text: string; readonly followUp?: readonly string[] },
  id: string,
): Promise<void> {
  const body = { text: options.text, followUps: (options.followUp ?? []).map(parseFollowUp) };
  const meeting = await withGovernance(options, (client, token) =>
    client.call<Meeting>('POST', `/meetings/${encodeURIComponent(id)}/minutes`, token, body),
  );
  const lines = (meeting.minutes?.results ?? []).map((result) => {
    const { subject, carried, quorumMet, for: inFavour, against, abstained } = result;
    const outcome = carried ? 'carried' : quorumMet ? 'not carried' : 'no quorum';
    return `${subject}: ${outcome}, ${inFavour} for, ${against} against, ${abstained} abstained`;
  });
  printResult(meeting, lines, options);
}

export async function absent(
  options: Options & {
    readonly from?: string;
    readonly until: string;
    readonly person?: string;
    readonly deputy?: string;
    readonly reason: string;
  },
): Promise<void> {
  const { from, until: validUntil, person, deputy, reason } = options;
  const absence = await withGovernance(options, (client, token) =>
    client.call<Absence>('POST', '/absences', token, {
      // a delegation begins when it is made or later: a moment from now it is
      validFrom: from ?? new Date(Date.now() + 5000).toISOString(),
      validUntil,
      reason,
      ...(person !== undefined && { person }),
      ...(deputy !== undefined && { deputy }),
    }),
  );
  const { id, person: who, deputy: standIn } = absence;
  const line = `${who} is away until ${absence.validUntil}${standIn === undefined ? '' : `; ${standIn} stands in`} (${id})`;
  printResult(absence, [line], options);
}

export async function back(options: Options, id: string): Promise<void> {
  const ended = await withGovernance(options, (client, token) =>
    client.call<{ ended: string }>('DELETE', `/absences/${encodeURIComponent(id)}`, token),
  );
  printResult(ended, [`absence ${id} is over`], options);
}

function parseFollowUp(text: string): { who: string; due: string; what: string } {
  const match = /^([^=]+)=(\d{4}-\d{2}-\d{2}):(.+)$/.exec(text);
  if (match) return { who: match[1], due: match[2], what: match[3].trim() };
  throw new InputError(`--follow-up ${text}: use WHO=DATE:WHAT`, { field: 'followUp' }, 'pat=2024-06-30:look at costs');
}
