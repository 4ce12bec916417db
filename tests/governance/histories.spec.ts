import type { AllocationReleased } from '@allostat/pipeline';
import { history, type History, type Step } from './review-histories';

const HISTORIES = process.env.ALLOSTAT_EXHAUSTIVE === '1' ? 1_000_000 : 4_000;

/**
 * Who shaped the content that was released, told from the inputs alone: the reviews' own bookkeeping is not asked.
 * Whoever overrode a proposal that stood before in the same chain of edits is a maker, too.
 */
function makersOf(steps: readonly Step[], proposalId: string): Set<string> {
  const makers = new Set<string>();
  for (let wanted: string | undefined = proposalId; wanted !== undefined;) {
    const made: Step | undefined = steps.find(
      ({ input, refused, state }) =>
        input.type === 'OverrideProposal' && refused === undefined && state.review?.proposal.proposalId === wanted,
    );
    if (made?.input.type !== 'OverrideProposal') break;
    makers.add(made.input.actor);
    wanted = made.input.proposalId;
  }
  return makers;
}

/** Everything that a released instruction must satisfy; the first fault found, in words. */
function faultOf({ steps, delegations }: History): string | undefined {
  let sequence = 0;
  for (const [i, step] of steps.entries()) {
    for (const event of step.events) {
      if (event.type !== 'AllocationReleased') continue;
      sequence += 1;
      const fault = releaseFault(event, steps.slice(0, i + 1), delegations, sequence);
      if (fault !== undefined) return fault;
    }
  }
  return undefined;
}

function releaseFault(
  released: AllocationReleased,
  before: readonly Step[],
  delegations: History['delegations'],
  sequence: number,
): string | undefined {
  if (released.sequence !== sequence) return `sequence ${released.sequence} instead of ${sequence}`;
  const makers = makersOf(before, released.proposalId);
  const approvals = released.approvals.filter(({ decision }) => decision === 'approve');
  const signers = approvals.flatMap(({ actor, onBehalfOf }) =>
    onBehalfOf === undefined ? [actor] : [actor, onBehalfOf],
  );
  if (new Set(signers).size !== signers.length) return `one person twice: ${signers.join(', ')}`;
  for (const { actor, onBehalfOf, contentHash, at, function: role } of approvals) {
    if (contentHash !== released.contentHash) return `${actor} approved other content`;
    if (actor.includes(':') || actor.includes('before')) return `${actor} is no person`;
    for (const person of [actor, onBehalfOf]) {
      if (person !== undefined && makers.has(person)) return `${person} made what he approved`;
      const through = delegations.find(
        (d) => d.from === person && makers.has(d.to) && d.validFrom <= at && at < d.validUntil,
      );
      if (through) return `${person} approved what his delegate ${through.to} made`;
    }
    if (onBehalfOf === undefined) continue;
    const allowed = delegations.some(
      (d) => d.from === onBehalfOf && d.to === actor && d.function === role && d.validFrom <= at && at < d.validUntil,
    );
    if (!allowed) return `${actor} signed for ${onBehalfOf} without a delegation`;
  }
  const { review } = before.at(-1)?.state ?? {};
  if (!review || approvals.length < review.requirement.approvals) return `only ${approvals.length} approvals`;
  if (review.challenges.some(({ answer }) => !answer)) return 'released with an open challenge';
  const roles = new Set(approvals.map((approval) => approval.function));
  const missing = review.requirement.functions.filter((name) => !roles.has(name));
  return missing.length > 0 ? `no approval by ${missing.join(', ')}` : undefined;
}

describe('in generated histories of a mandate', () => {
  it(
    `no maker is ever among the approvers, and every release has what its tier asks for (${HISTORIES} histories)`,
    () => {
      let releases = 0;
      const refusals = new Map<string, number>();
      for (let seed = 0; seed < HISTORIES; seed++) {
        const life = history(seed);
        const fault = faultOf(life);
        if (fault !== undefined) throw new Error(`history ${seed}: ${fault}`);
        for (const { events, refused } of life.steps) {
          releases += events.filter(({ type }) => type === 'AllocationReleased').length;
          if (refused !== undefined) refusals.set(refused, (refusals.get(refused) ?? 0) + 1);
        }
      }
      // the histories reach what they are to show
      expect(releases).toBeGreaterThan(HISTORIES / 50);
      for (const code of [
        'MAKER_CANNOT_DECIDE',
        'PARTY_CANNOT_DECIDE',
        'ALREADY_DECIDED',
        'CONTENT_CHANGED',
        'REVIEW_EXPIRED',
        'REVIEW_CLOSED',
        'ACTION_NOT_ALLOWED',
        'DELEGATION_REFUSED',
        'NOT_A_PERSON',
        'CHALLENGE_MISSING',
        'ANSWERS_MISSING',
        'OWN_CHALLENGE',
      ]) {
        expect([code, refusals.get(`GOVERNANCE.${code}`) ?? 0]).not.toEqual([code, 0]);
      }
    },
    HISTORIES > 10_000 ? 7_200_000 : 60_000,
  );

  it('an approver who made the content would be found', () => {
    const life = [...Array(300).keys()]
      .map((seed) => history(seed))
      .find(({ steps }) => {
        return steps.some(({ events }) => events.some(({ type }) => type === 'AllocationReleased'));
      });
    const steps = life?.steps.map((step) => ({
      ...step,
      events: step.events.map((event) =>
        event.type === 'AllocationReleased'
          ? { ...event, approvals: event.approvals.map((approval) => ({ ...approval, actor: 'service:optimization' })) }
          : event,
      ),
    }));
    expect(faultOf({ steps: steps ?? [], delegations: [] })).toBeDefined();
  });
});
