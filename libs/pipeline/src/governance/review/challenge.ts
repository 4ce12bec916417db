import { deterministicId, type Instant } from '@allostat/kernel';
import { GovernanceRefusal } from '../refusal';
import type { ChallengeTopic, ReviewCore } from './review-core';
import { nextStatus } from './review-status';
import { requireOnTime, requirePerson, requireReason } from './sign';

/** Puts a doubt on record: nobody can approve until it is answered. The maker can answer, not ask. */
export function challengeReview<R extends ReviewCore>(
  review: R,
  doubt: { readonly actor: string; readonly topic: ChallengeTopic; readonly text: string },
  now: Instant,
): R {
  requireReason(doubt.text);
  requireOnTime(review, now);
  requirePerson(doubt.actor);
  const status = nextStatus(review.status, 'challenge');
  if (review.parties.some(({ person }) => person === doubt.actor)) {
    throw new GovernanceRefusal(
      'GOVERNANCE.PARTY_CANNOT_CHALLENGE',
      `${doubt.actor} had a hand in this proposal`,
      'an independent person must challenge it',
      403,
    );
  }
  const id = deterministicId('challenge', review.contentHash, doubt.actor, String(review.challenges.length));
  return { ...review, status, challenges: [...review.challenges, { id, ...doubt, at: now }] };
}

/** Answers a doubt; when none is left open, people can approve again. Nobody answers his own doubt. */
export function answerChallenge<R extends ReviewCore>(
  review: R,
  answer: { readonly challengeId: string; readonly actor: string; readonly text: string },
  now: Instant,
): R {
  requireReason(answer.text);
  requireOnTime(review, now);
  requirePerson(answer.actor);
  const status = nextStatus(review.status, 'answer');
  const asked = review.challenges.find(({ id }) => id === answer.challengeId);
  if (!asked || asked.answer) {
    throw new GovernanceRefusal(
      'GOVERNANCE.CHALLENGE_UNKNOWN',
      `there is no open challenge ${answer.challengeId}`,
      'list the challenges with `allostat review show ID`',
      404,
    );
  }
  if (asked.actor === answer.actor) {
    throw new GovernanceRefusal(
      'GOVERNANCE.OWN_CHALLENGE',
      `${answer.actor} asked this question and cannot answer it`,
      'somebody else must answer',
      403,
    );
  }
  const { actor, text } = answer;
  const challenges = review.challenges.map((challenge) =>
    challenge.id === asked.id ? { ...challenge, answer: { actor, at: now, text } } : challenge,
  );
  return { ...review, status: challenges.every((challenge) => challenge.answer) ? status : review.status, challenges };
}
