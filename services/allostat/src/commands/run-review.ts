import type { ReviewView } from '@allostat/governance';
import { InputError } from '@allostat/kernel';
import { printResult } from '../cli/output';
import { withGovernance } from '../with-governance';

interface Options {
  readonly as?: string;
  readonly json?: boolean;
}

export async function list(options: Options & { readonly status?: string }): Promise<void> {
  const reviews = await withGovernance(options, (client, token) => client.list(token, options.status));
  printResult(
    reviews.map(brief),
    reviews.map(({ id, mandateId, status, needs, proposal }) => {
      return `${id}  ${mandateId}  ${proposal.asOf}  ${status}${needs > 0 ? `, needs ${needs}` : ''}`;
    }),
    options,
  );
}

export async function show(options: Options, id: string): Promise<void> {
  const review = await withGovernance(options, (client, token) => client.show(id, token));
  printResult({ ...brief(review), proposal: review.proposal }, describe(review), options);
}

export async function decide(
  options: Options & { readonly reason: string },
  id: string,
  decision: 'approve' | 'reject',
): Promise<void> {
  const review = await withGovernance(options, async (client, token) =>
    client.decide(await client.show(id, token), decision, options.reason, token),
  );
  printResult(
    brief(review),
    [`${id} is ${review.status}${review.needs > 0 ? `, needs ${review.needs} more` : ''}`],
    options,
  );
}

export async function override(
  options: Options & { readonly reason: string; readonly weight: readonly string[] },
  id: string,
): Promise<void> {
  const weights = Object.fromEntries(options.weight.map(parseWeight));
  const review = await withGovernance(options, (client, token) => client.override(id, weights, options.reason, token));
  printResult(brief(review), [`${review.id} waits for ${review.needs} approvals by others`], options);
}

function parseWeight(text: string): [string, number] {
  const match = /^(.+)=(-?\d+(?:\.\d+)?)$/.exec(text);
  if (!match) {
    throw new InputError(`--weight ${text}: use INSTRUMENT=WEIGHT`, { field: 'weight' }, 'for example US_EQUITY=0.4');
  }
  return [match[1], Number(match[2])];
}

function brief({ proposal: _proposal, ...review }: ReviewView): Omit<ReviewView, 'proposal'> {
  return review;
}

function describe({ proposal, decisions, ...review }: ReviewView): string[] {
  const percent = (value: number): string => `${(100 * value).toFixed(2)} %`;
  return [
    `${review.id}: ${review.mandateId} as of ${proposal.asOf}, ${review.status}, made by ${review.maker}`,
    ...proposal.rationale,
    ...proposal.weights
      .filter(({ previousWeight, targetWeight }) => previousWeight > 0 || targetWeight > 0)
      .map(({ instrument, previousWeight, targetWeight }) => {
        return `  ${instrument.padEnd(20)} ${percent(previousWeight).padStart(9)} -> ${percent(targetWeight).padStart(9)}`;
      }),
    ...decisions.map(({ actor, decision, reason, at }) => `${at} ${actor}: ${decision}, ${reason}`),
    `content ${review.contentHash}`,
  ];
}
