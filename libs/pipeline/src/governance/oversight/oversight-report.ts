import type { DrillOutcome } from './drill';
import { secondsBetween, secondsToDecide, type OversightFacts } from './oversight-facts';
import { rubberStampAlarms, type OversightAlarm } from './rubber-stamp';

export interface PersonOversight {
  readonly person: string;
  readonly approvals: number;
  readonly rejections: number;
  readonly challenges: number;
  readonly overrides: number;
  /** From the first opening of evidence to the decision; null when nothing was opened before any decision. */
  readonly medianSecondsToDecide: number | null;
  /** From the opening of the review to the decision. */
  readonly medianSecondsWaited: number | null;
  /** Mean number of different parts of the evidence that were opened before a decision. */
  readonly evidencePartsMean: number | null;
  readonly drillsCaught: number;
  readonly drillsApproved: number;
  /** Mean value added by scored overrides, a fraction of assets; null while none is scored. */
  readonly overrideValueAddedMean: number | null;
  readonly alarms: readonly OversightAlarm[];
}

export interface OversightReport {
  readonly proposals: number;
  readonly decisions: number;
  /** Overrides over proposals; null without proposals. */
  readonly overrideRate: number | null;
  readonly overridesScored: number;
  readonly overrideValueAddedMean: number | null;
  readonly drills: {
    readonly planted: number;
    readonly caught: number;
    readonly missed: number;
    readonly notDecided: number;
    /** Caught over caught and missed; null while there is neither. */
    readonly catchRate: number | null;
  };
  readonly people: readonly PersonOversight[];
}

/** How well people oversee: by person and in all. Drills count as drills, never among the proposals. */
export function oversightReport(facts: OversightFacts): OversightReport {
  const { decisions, objections, drills, proposals } = facts;
  const names = new Set([...decisions.map(({ person }) => person), ...objections.map(({ person }) => person)]);
  const real = objections.filter(({ drill }) => !drill);
  const overrides = real.filter(({ kind }) => kind === 'override');
  const count = (outcome: DrillOutcome): number => drills.filter((drill) => drill.outcome === outcome).length;
  const [caught, missed] = [count('caught'), count('missed')];
  return {
    proposals,
    decisions: decisions.filter(({ drill }) => !drill).length,
    overrideRate: proposals === 0 ? null : overrides.length / proposals,
    overridesScored: overrides.filter(({ score }) => score).length,
    overrideValueAddedMean: mean(overrides.flatMap(({ score }) => (score ? [score.valueAdded] : []))),
    drills: {
      planted: drills.length,
      caught,
      missed,
      notDecided: count('not-decided'),
      catchRate: caught + missed === 0 ? null : caught / (caught + missed),
    },
    people: [...names].sort().map((person) => personOversight(person, facts)),
  };
}

function personOversight(person: string, facts: OversightFacts): PersonOversight {
  const all = facts.decisions.filter((decision) => decision.person === person);
  const own = all.filter(({ drill }) => !drill);
  const objections = facts.objections.filter((objection) => objection.person === person);
  const real = objections.filter(({ drill }) => !drill);
  const overrides = real.filter(({ kind }) => kind === 'override');
  const opened = own.flatMap((decision) => secondsToDecide(decision) ?? []);
  return {
    person,
    approvals: own.filter(({ decision }) => decision === 'approve').length,
    rejections: own.filter(({ decision }) => decision === 'reject').length,
    challenges: real.length - overrides.length,
    overrides: overrides.length,
    medianSecondsToDecide: median(opened),
    medianSecondsWaited: median(own.map(({ at, openedAt }) => secondsBetween(openedAt, at))),
    evidencePartsMean: mean(own.map(({ viewed }) => new Set(viewed.map(({ part }) => part)).size)),
    drillsCaught: facts.drills.filter(({ caughtBy }) => caughtBy === person).length,
    drillsApproved: facts.drills.filter(({ approvedBy }) => approvedBy.includes(person)).length,
    overrideValueAddedMean: mean(overrides.flatMap(({ score }) => (score ? [score.valueAdded] : []))),
    alarms: rubberStampAlarms(person, facts),
  };
}

function mean(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
}

function median(values: readonly number[]): number | null {
  if (values.length === 0) return null;
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
}
