import { factorsOf, type CoreExposure, type RiskBudgetSet, type SurrogateFeature } from '../risk-budgeting/events';
import { askSurrogate } from '../risk-budgeting/exposure-surrogate';
import { driverWords } from './driver-words';
import type { AllocationProposed, Claim, WeightChange } from './events';
import { featureValue, featureWords } from './surrogate-words';

type Facts = Omit<AllocationProposed, 'claims' | 'rationale'>;

const NAMED_CHANGES = 3;

/** Why the weights are what they are: assertions about the proposal that can be checked, each with its sentence. */
export function claimsOf(proposal: Facts, budget: RiskBudgetSet): Claim[] {
  const likeliest = Object.entries(budget.forecast).sort(([, a], [, b]) => b - a)[0];
  const claims: Omit<Claim, 'text'>[] = [
    { kind: 'regime', subject: proposal.regime, values: [likeliest[1]], other: likeliest[0] },
    {
      kind: 'volatility',
      subject: proposal.mandateId,
      values: [proposal.volatilityTarget, proposal.expectedVolatility],
    },
  ];
  if (proposal.explanation) {
    const { exposure } = proposal.explanation;
    const factors = factorsOf(exposure).map(({ value }) => value);
    const named = cappedBy(exposure);
    claims.push({
      kind: 'exposure',
      subject: proposal.mandateId,
      ...(named.length > 0 && { other: named.join(' ') }),
      values: [exposure.exposure, ...factors],
    });
  }
  claims.push(...surrogateClaims(proposal));
  for (const change of largest(proposal.weights)) {
    const { instrument, previousWeight, targetWeight, riskContribution } = change;
    claims.push({
      kind: 'weight',
      subject: instrument,
      values: [previousWeight, targetWeight, ...(riskContribution === undefined ? [] : [riskContribution])],
    });
    const driver = mainDriver(proposal, instrument);
    if (driver) claims.push({ kind: 'driver', subject: instrument, other: driver.driver, values: [driver.change] });
  }
  for (const { instrument, exposure, turnsAt, of } of proposal.explanation?.counterfactuals ?? []) {
    const other = of === undefined ? {} : { other: of };
    claims.push({ kind: 'counterfactual', subject: instrument, ...other, values: [exposure, turnsAt] });
  }
  claims.push({ kind: 'trading', subject: proposal.mandateId, values: [proposal.turnover, proposal.expectedCost] });
  return claims.map((claim) => ({ ...claim, text: sentenceOf(claim) }));
}

/** Claims of a proposal that its own figures do not bear out, with what they say instead; empty when all hold. */
export function brokenClaims(proposal: AllocationProposed): string[] {
  return (proposal.claims ?? []).flatMap((claim) => {
    if (claim.text !== sentenceOf(claim)) return [`"${claim.text}" does not say what is claimed`];
    if (!proposal.rationale.includes(claim.text)) return [`"${claim.text}" is not part of the rationale`];
    const found = measured(proposal, claim);
    const holds =
      found !== undefined &&
      found.length === claim.values.length &&
      found.every((value, i) => Math.abs(value - claim.values[i]) <= 1e-9);
    return holds
      ? []
      : [`"${claim.text}" is not so: the proposal says ${found === undefined ? 'nothing of it' : found.join(', ')}`];
  });
}

/** What the proposal's own figures say about the subject of a claim. */
function measured(proposal: AllocationProposed, claim: Claim): readonly number[] | undefined {
  const { explanation, weights } = proposal;
  const change = weights.find(({ instrument }) => instrument === claim.subject);
  switch (claim.kind) {
    case 'regime':
      return claim.subject === proposal.regime ? claim.values : undefined; // the forecast itself stands in the budget
    case 'volatility':
      return [proposal.volatilityTarget, proposal.expectedVolatility];
    case 'exposure': {
      if (explanation === undefined) return undefined;
      if (claim.other !== undefined && claim.other !== cappedBy(explanation.exposure).join(' ')) return undefined;
      const factors = factorsOf(explanation.exposure).map(({ value }) => value);
      return [factors.reduce((product, value) => product * value, 1), ...factors];
    }
    case 'surrogate':
    case 'importance': {
      const found = surrogateClaims(proposal).find(({ kind }) => kind === claim.kind);
      return found?.subject === claim.subject && found.other === claim.other ? found.values : undefined;
    }
    case 'weight': {
      if (change === undefined) return undefined;
      const { previousWeight, targetWeight, riskContribution } = change;
      return [previousWeight, targetWeight, ...(riskContribution === undefined ? [] : [riskContribution])];
    }
    case 'driver': {
      const driver = mainDriver(proposal, claim.subject);
      return driver && driver.driver === claim.other ? [driver.change] : undefined;
    }
    case 'counterfactual': {
      const found = explanation?.counterfactuals.find(
        ({ instrument, of }) => instrument === claim.subject && of === claim.other,
      );
      return found && [found.exposure, found.turnsAt];
    }
    case 'trading': {
      const traded = weights.reduce(
        (sum, { previousWeight, targetWeight }) => sum + Math.abs(targetWeight - previousWeight),
        0,
      );
      return [traded / 2, weights.reduce((sum, { cost }) => sum + cost, 0)];
    }
  }
}

/** What the tree says of this bar and what it looks at most; none when there is no tree. */
function surrogateClaims({ surrogate, mandateId }: Facts): Omit<Claim, 'text'>[] {
  if (surrogate === undefined || surrogate.tree.status !== 'faithful') return [];
  const { tree, known, decided } = surrogate;
  const valueOf = Object.fromEntries(known.map(({ feature, value }) => [feature, value]));
  const answer = askSurrogate(tree.nodes, valueOf);
  if (answer === undefined) return [];
  const [most] = tree.importance;
  const [question] = answer.path.filter(({ feature }) => feature === most.feature).slice(-1);
  return [
    { kind: 'surrogate', subject: mandateId, values: [tree.fidelity, answer.value, decided] },
    ...((question as typeof question | undefined) === undefined
      ? []
      : [
          {
            kind: 'importance' as const,
            subject: most.feature,
            other: question.above ? 'above' : 'at-most',
            values: [most.loss, valueOf[most.feature], question.threshold],
          },
        ]),
  ];
}

/** Factors of an exposure beyond the three that every one has. */
function cappedBy(exposure: CoreExposure): string[] {
  return factorsOf(exposure)
    .map(({ factor }) => factor as string)
    .filter((factor) => !['volatility', 'drawdown', 'regime'].includes(factor));
}

function largest(weights: readonly WeightChange[]): WeightChange[] {
  return weights
    .filter((change) => change.targetWeight !== change.previousWeight)
    .sort((a, b) => Math.abs(b.targetWeight - b.previousWeight) - Math.abs(a.targetWeight - a.previousWeight))
    .slice(0, NAMED_CHANGES);
}

function mainDriver({ explanation }: Facts, instrument: string): { driver: string; change: number } | undefined {
  const parts = explanation?.attribution.find((entry) => entry.instrument === instrument)?.parts;
  return parts && [...parts].sort((a, b) => Math.abs(b.change) - Math.abs(a.change))[0];
}

function sentenceOf({ kind, subject, values: v, other }: Omit<Claim, 'text'>): string {
  switch (kind) {
    case 'regime':
      return `The regime is ${subject}; a month ahead ${other} is the likeliest at ${percent(v[0])}.`;
    case 'volatility':
      return `The volatility target is ${percent(v[0])}; the proposal is expected to run at ${percent(v[1])}.`;
    case 'exposure':
      return `${percent(v[0])} of value is exposed to the core: ${['volatility', 'drawdown', 'regime', ...(other === undefined ? [] : other.split(' '))].map((name, k) => `${name} ${v[k + 1].toFixed(2)}`).join(' x ')}.`;
    case 'surrogate':
      return `A simple rule, which reproduces ${percent(v[0])} of the variance of past decisions it has not seen, would say ${percent(v[1])} here; ${percent(v[2])} was decided.`;
    case 'importance': {
      const feature = subject as SurrogateFeature;
      return `That rule looks most at ${featureWords(feature)}: it is ${featureValue(feature, v[1])}, ${other === 'above' ? 'above' : 'not above'} ${featureValue(feature, v[2])}.`;
    }
    case 'weight': {
      const share = v.length < 3 ? '' : ` and then carries ${percent(v[2])} of the risk`;
      return `${subject} ${v[1] > v[0] ? 'rises' : 'falls'} from ${percent(v[0])} to ${percent(v[1])}${share}.`;
    }
    case 'driver':
      return `What moves ${subject} most is ${driverWords(other as string)}: ${signed(v[0])}.`;
    case 'counterfactual':
      if (other === 'trend')
        return `The trade in ${subject} would turn around at a trend of ${v[1].toFixed(2)}; it is ${v[0].toFixed(2)}.`;
      if (other?.startsWith('signal:') === true)
        return `The trade in ${subject} would turn around with the signal ${other.slice('signal:'.length)} at ${signedNumber(v[1])} standard deviations; it is at ${signedNumber(v[0])}.`;
      if (other === 'drawdown-budget')
        return `The trade in ${subject} would turn around with ${percent(v[1])} of the drawdown budget used; it is ${percent(v[0])}.`;
      return `The trade in ${subject} would turn around at an exposure of ${percent(v[1])}; it is ${percent(v[0])}.`;
    case 'trading':
      return `The trades turn over ${percent(v[0])} one way and are expected to cost ${(1e4 * v[1]).toFixed(1)} basis points.`;
  }
}

function percent(value: number): string {
  return `${(100 * value).toFixed(1).replace(/^-0\.0$/, '0.0')} %`;
}

function signedNumber(value: number): string {
  return `${value > 0 ? '+' : ''}${value.toFixed(2)}`;
}

function signed(value: number): string {
  return `${value > 0 ? '+' : ''}${(100 * value).toFixed(1)} points`;
}
