import { writeFileSync } from 'node:fs';
import type { ReviewView } from '@allostat/governance';
import { InputError } from '@allostat/kernel';
import {
  featureWords,
  surrogateRefusal,
  surrogateSentences,
  surrogateStanding,
  type DecisionSurrogate,
} from '@allostat/pipeline';
import { printResult } from '../cli/output';
import type { Decision } from '../governance-client';
import { committeePaper } from '../report/committee-paper';
import { withGovernance } from '../with-governance';

export { drill, drills, evidence, oversight } from './run-oversight';
export { infeasible } from './run-infeasible';
export { recheck } from './run-recheck';

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

export async function show(options: Options & { readonly paper?: string }, id: string): Promise<void> {
  const review = await withGovernance(options, (client, token) => client.show(id, token));
  if (options.paper !== undefined) writeFileSync(options.paper, committeePaper(review));
  printResult({ ...brief(review), proposal: review.proposal }, describe(review), options);
}

export async function decide(
  options: Options & Omit<Decision, 'decision'>,
  id: string,
  verdict: 'approve' | 'reject',
): Promise<void> {
  const { reason, reasonCode, function: role, onBehalfOf, confirm, evidence } = options;
  const decision: Decision = {
    decision: verdict,
    reason,
    ...(reasonCode !== undefined && { reasonCode }),
    ...(role !== undefined && { function: role }),
    ...(onBehalfOf !== undefined && { onBehalfOf }),
    ...(confirm !== undefined && { confirm }),
    ...(evidence !== undefined && { evidence }),
  };
  const review = await withGovernance(options, async (client, token) =>
    client.decide(await client.show(id, token), decision, token),
  );
  printStanding(review, options);
}

export async function challenge(
  options: Options & { readonly topic: string; readonly reason: string },
  id: string,
): Promise<void> {
  const { topic, reason } = options;
  printStanding(await withGovernance(options, (client, token) => client.challenge(id, topic, reason, token)), options);
}

export async function answer(
  options: Options & { readonly challenge: string; readonly reason: string },
  id: string,
): Promise<void> {
  const { challenge: asked, reason } = options;
  printStanding(await withGovernance(options, (client, token) => client.answer(id, asked, reason, token)), options);
}

export async function withdraw(options: Options & { readonly reason: string }, id: string): Promise<void> {
  printStanding(await withGovernance(options, (client, token) => client.withdraw(id, options.reason, token)), options);
}

export async function release(options: Options, id: string): Promise<void> {
  printStanding(await withGovernance(options, (client, token) => client.release(id, token)), options);
}

function printStanding(review: ReviewView, options: Options): void {
  const { id, status, needs, held = [] } = review;
  const lines = [
    `${id} is ${status}${needs > 0 ? `, needs ${needs} more` : ''}`,
    ...held.map(({ rule, reason }) => `held back by ${rule}: ${reason}`),
  ];
  printResult(brief(review), lines, options);
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

/** The rule that past decisions seem to follow, with what it looks at most first; or why there is none. */
function surrogateLines(surrogate: DecisionSurrogate | undefined): string[] {
  if (surrogate === undefined) return [];
  const { tree } = surrogate;
  if (tree.status === 'refused') return [surrogateRefusal(surrogate) as string];
  return [
    surrogateStanding(surrogate) as string,
    ...surrogateSentences(tree.nodes).map((text) => `  ${text}`),
    ...tree.importance.map(
      ({ feature, loss }) => `  ${loss.toFixed(2).padStart(6)} fidelity by ${featureWords(feature)}`,
    ),
  ];
}

function describe({ proposal, decisions, challenges, ...review }: ReviewView): string[] {
  const percent = (value: number): string => `${(100 * value).toFixed(2)} %`;
  return [
    `${review.id}: ${review.mandateId} as of ${proposal.asOf}, ${review.status}, tier ${review.tier}, made by ${review.maker}`,
    ...proposal.rationale,
    ...surrogateLines(proposal.surrogate),
    ...proposal.weights
      .filter(({ previousWeight, targetWeight }) => previousWeight > 0 || targetWeight > 0)
      .map(({ instrument, previousWeight, targetWeight }) => {
        return `  ${instrument.padEnd(20)} ${percent(previousWeight).padStart(9)} -> ${percent(targetWeight).padStart(9)}`;
      }),
    ...decisions.map(({ actor, decision, reason, at }) => `${at} ${actor}: ${decision}, ${reason}`),
    ...challenges.map(({ id, actor, topic, text, answer: given }) => {
      return `challenge ${id} by ${actor} on ${topic}: ${text}${given ? `; ${given.actor} answered: ${given.text}` : ''}`;
    }),
    ...(review.questions.length > 0 ? [`to be confirmed by each approver: ${review.questions.join(', ')}`] : []),
    `content ${review.contentHash}`,
  ];
}
