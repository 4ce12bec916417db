import { assertNever } from '@allostat/kernel';
import type { Committee, Majority } from './committee';
import type { MeetingItem, Vote } from './meeting';

/** What a committee decided on one item. */
export interface ItemResult {
  readonly subject: string;
  readonly contentHash: string;
  readonly for: number;
  readonly against: number;
  readonly abstained: number;
  /** Members who did not vote, and those who had a hand in the item and could not. */
  readonly absent: readonly string[];
  readonly recused: readonly string[];
  readonly quorumMet: boolean;
  readonly carried: boolean;
  /** Members who were against, each with the reason. */
  readonly dissents: readonly { readonly member: string; readonly reason: string }[];
}

/** Counts the votes on an item. Who is a party to it counts neither as a vote nor for the quorum. */
export function countVotes(committee: Committee, item: MeetingItem, votes: readonly Vote[]): ItemResult {
  const cast = votes.filter(({ subject }) => subject === item.subject);
  const of = (choice: Vote['choice']): Vote[] => cast.filter((vote) => vote.choice === choice);
  const voted = new Set(cast.map(({ member }) => member));
  const parties = new Set(item.parties.map(({ person }) => person));
  const [inFavour, against] = [of('for').length, of('against').length];
  const quorumMet = cast.length >= committee.quorum;
  return {
    subject: item.subject,
    contentHash: item.contentHash,
    for: inFavour,
    against,
    abstained: of('abstain').length,
    absent: committee.members.filter((member) => !voted.has(member) && !parties.has(member)),
    recused: committee.members.filter((member) => parties.has(member)),
    quorumMet,
    carried: quorumMet && carries(committee.majority, inFavour, against),
    dissents: of('against').map(({ member, reason = '' }) => ({ member, reason })),
  };
}

/**
 * Whether the votes for a resolution carry it: more than half, or two thirds at least, of the votes cast, abstentions left
 * out (Robert's Rules of Order Newly Revised, section 44). A tie does not carry, nor does silence.
 */
export function carries(majority: Majority, inFavour: number, against: number): boolean {
  switch (majority) {
    case 'simple':
      return inFavour > against;
    case 'two-thirds':
      return inFavour > 0 && 3 * inFavour >= 2 * (inFavour + against);
    default:
      return assertNever(majority);
  }
}
