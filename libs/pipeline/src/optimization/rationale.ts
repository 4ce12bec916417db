import type { RiskBudgetSet } from '../risk-budgeting/events';
import type { WeightChange } from './events';

const NAMED_CHANGES = 3;

/** Why the weights are what they are, in plain sentences; every figure in them is one of the proposal's. */
export function rationale(
  budget: RiskBudgetSet,
  weights: readonly WeightChange[],
  facts: {
    readonly expectedVolatility: number;
    readonly invested: number;
    readonly cash?: string;
    readonly turnover: number;
    readonly cost: number;
  },
): string[] {
  const likeliest = Object.entries(budget.forecast).sort(([, a], [, b]) => b - a)[0];
  const sentences = [
    `The regime is ${budget.regime}; a month ahead ${likeliest[0]} is the likeliest at ${percent(likeliest[1])}.`,
    `The volatility target is ${percent(budget.volatilityTarget)}: ${budget.causes
      .filter(({ step }) => step !== 'target')
      .map(({ step, value }) => `${step} ${step === 'mandate' ? percent(value) : value.toFixed(2)}`)
      .join(', ')}. The proposal is expected to run at ${percent(facts.expectedVolatility)}.`,
  ];
  if (facts.cash !== undefined && facts.invested < 1) {
    sentences.push(`${percent(1 - facts.invested)} is held in ${facts.cash} to stay at the target.`);
  }
  const changes = [...weights]
    .filter((change) => change.targetWeight !== change.previousWeight)
    .sort((a, b) => Math.abs(b.targetWeight - b.previousWeight) - Math.abs(a.targetWeight - a.previousWeight));
  for (const { instrument, previousWeight, targetWeight, riskContribution } of changes.slice(0, NAMED_CHANGES)) {
    const share = riskContribution === undefined ? '' : ` and then carries ${percent(riskContribution)} of the risk`;
    const verb = targetWeight > previousWeight ? 'rises' : 'falls';
    sentences.push(`${instrument} ${verb} from ${percent(previousWeight)} to ${percent(targetWeight)}${share}.`);
  }
  sentences.push(
    `The trades turn over ${percent(facts.turnover)} one way and are expected to cost ${(1e4 * facts.cost).toFixed(1)} basis points.`,
  );
  return sentences;
}

function percent(value: number): string {
  return `${(100 * value).toFixed(1)} %`;
}
