import { secondsToDecide, type JudgedDecision, type OversightFacts } from './oversight-facts';

/** When a person's way of deciding raises an alarm. */
export const RUBBER_STAMP_LIMITS = {
  /** Decisions below which nothing is said. */
  decisionsMin: 20,
  /** Share of approvals made in less time than reading takes. */
  fasterThanReadingMax: 0.2,
  /** Share of approvals without any evidence opened before. */
  unopenedMax: 0.1,
  /** Share of approvals that confirm the limits as read although they were never shown. */
  confirmedUnreadMax: 0.1,
  /** Decisions in a row without any objection: were one proposal in twenty worth one, 59 without would happen less than once in twenty (0.95 to the 59th is 0.0485). */
  withoutObjection: 59,
  /** Least share of the drills decided on that must be caught. */
  catchRateMin: 0.9,
} as const;

/** The statement that is about a part of the evidence which can be opened by itself. */
const LIMITS_STATEMENT = 'limits-read';
const LIMITS_PART = 'limits';

export type OversightRule =
  'faster-than-reading' | 'evidence-not-opened' | 'confirmed-unread' | 'never-objects' | 'drills-missed';

/** Something about a person's way of deciding that somebody else must look at. */
export interface OversightAlarm {
  readonly rule: OversightRule;
  readonly observed: number;
  readonly limit: number;
  readonly reason: string;
}

/** Alarms on one person's decisions. Time is not held against drills that were caught. */
export function rubberStampAlarms(person: string, facts: OversightFacts): OversightAlarm[] {
  const own = facts.decisions.filter((decision) => decision.person === person && !decision.drill);
  const approvals = own.filter(({ decision }) => decision === 'approve');
  const alarms: OversightAlarm[] = [];
  const { decisionsMin, fasterThanReadingMax, unopenedMax, confirmedUnreadMax } = RUBBER_STAMP_LIMITS;
  if (approvals.length >= decisionsMin) {
    const share = (holds: (decision: JudgedDecision) => boolean): number =>
      approvals.filter(holds).length / approvals.length;
    const above = (rule: OversightRule, observed: number, limit: number, what: string): void => {
      if (observed <= limit) return;
      const reason = `${percent(observed)} of ${approvals.length} approvals by ${person} ${what}; at most ${percent(limit)}`;
      alarms.push({ rule, observed, limit, reason });
    };
    above(
      'faster-than-reading',
      share((decision) => (secondsToDecide(decision) ?? Infinity) < decision.readingSeconds),
      fasterThanReadingMax,
      'came sooner after opening than reading takes',
    );
    const unopened = share((decision) => secondsToDecide(decision) === undefined);
    above('evidence-not-opened', unopened, unopenedMax, 'were made without any evidence opened');
    above('confirmed-unread', share(confirmedUnread), confirmedUnreadMax, 'confirm limits that were never opened');
  }
  return [...alarms, ...silence(person, own, facts), ...missedDrills(person, facts)];
}

function confirmedUnread({ confirmed, viewed, at }: JudgedDecision): boolean {
  if (!confirmed.includes(LIMITS_STATEMENT)) return false;
  return !viewed.some(({ part, openedAt }) => part === LIMITS_PART && openedAt <= at);
}

function silence(person: string, own: readonly JudgedDecision[], facts: OversightFacts): OversightAlarm[] {
  const { withoutObjection: limit } = RUBBER_STAMP_LIMITS;
  const objections = [
    ...own.filter(({ decision }) => decision === 'reject').map(({ at }) => at),
    ...facts.objections.filter((objection) => objection.person === person).map(({ at }) => at),
  ].sort();
  const last = objections.at(-1);
  const observed = own.filter(({ at }) => last === undefined || at > last).length;
  if (observed < limit) return [];
  const reason = `${person} has made ${observed} decisions without a challenge, a rejection or an override; ${limit} call for a look`;
  return [{ rule: 'never-objects', observed, limit, reason }];
}

function missedDrills(person: string, { drills }: OversightFacts): OversightAlarm[] {
  const { catchRateMin: limit } = RUBBER_STAMP_LIMITS;
  const caught = drills.filter(({ caughtBy }) => caughtBy === person).length;
  const approved = drills.filter(({ approvedBy }) => approvedBy.includes(person)).length;
  if (approved === 0) return [];
  const observed = caught / (caught + approved);
  if (observed >= limit) return [];
  const reason = `${person} approved ${approved} of ${caught + approved} planted faults that he decided on; ${percent(limit)} must be caught`;
  return [{ rule: 'drills-missed', observed, limit, reason }];
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
