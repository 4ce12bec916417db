import { GovernanceRefusal } from '../refusal';

/** Ways of having had a hand in what is decided on. */
export const PARTS = ['maker', 'editor', 'model-developer', 'data-overrider', 'delegator'] as const;
export type Part = (typeof PARTS)[number];

/** A person who had a hand in the content of a review and can therefore not decide on it. */
export interface Party {
  readonly person: string;
  readonly part: Part;
}

/** Who decides: the person at the keyboard, and the one in whose name when that is another. */
export interface Decider {
  readonly actor: string;
  readonly onBehalfOf?: string;
}

/** A delegation between two people that is in force at the moment of a decision. */
export interface DelegationLink {
  readonly from: string;
  readonly to: string;
}

/**
 * Everybody who is bound: the parties themselves, and whoever let a party act in his name, however many steps away.
 * A person who delegates shares what the delegate does.
 */
export function boundPeople(parties: readonly Party[], links: readonly DelegationLink[]): ReadonlyMap<string, Part> {
  const bound = new Map<string, Part>();
  for (const { person, part } of parties) if (!bound.has(person)) bound.set(person, part);
  for (let grew = true; grew;) {
    grew = false;
    for (const { from, to } of links) {
      if (!bound.has(to) || bound.has(from)) continue;
      bound.set(from, 'delegator');
      grew = true;
    }
  }
  return bound;
}

const WORDS: Readonly<Record<Part, string>> = {
  maker: 'made this proposal',
  editor: 'edited this proposal',
  'model-developer': 'developed the model behind this proposal',
  'data-overrider': 'overrode data behind this proposal',
  delegator: 'let somebody act in his name who had a hand in this proposal',
};

/** Refuses whoever had a hand in the content, himself or through another. There is no exemption for any role. */
export function requireIndependence(
  { actor, onBehalfOf }: Decider,
  parties: readonly Party[],
  links: readonly DelegationLink[],
): void {
  const bound = boundPeople(parties, links);
  for (const person of [actor, onBehalfOf]) {
    const part = person === undefined ? undefined : bound.get(person);
    if (part === undefined) continue;
    throw new GovernanceRefusal(
      part === 'maker' ? 'GOVERNANCE.MAKER_CANNOT_DECIDE' : 'GOVERNANCE.PARTY_CANNOT_DECIDE',
      `${person} ${WORDS[part]} and cannot decide on it`,
      'another person must decide',
      403,
    );
  }
}

/** Refuses a second decision by one person, also when one of the two is made through another. */
export function requireNewDecider({ actor, onBehalfOf }: Decider, earlier: readonly Decider[]): void {
  const used = new Set(earlier.flatMap((decision) => [decision.actor, decision.onBehalfOf]));
  for (const person of [actor, onBehalfOf]) {
    if (person === undefined || !used.has(person)) continue;
    throw new GovernanceRefusal(
      'GOVERNANCE.ALREADY_DECIDED',
      `${person} has already decided on this proposal`,
      'a second decision must come from a different person',
    );
  }
}
