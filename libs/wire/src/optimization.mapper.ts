import {
  AllocationInfeasibleSchema,
  AllocationProposedSchema,
  AllocationUnchangedSchema,
  DecisionTriggerSchema,
  RegimeSchema,
  SolutionStatusSchema,
  type Explanation as ExplanationMessage,
} from '@allostat/contracts';
import { toDecimal } from '@allostat/kernel';
import {
  brokenClaims,
  type AllocationProposed,
  type Claim,
  type Counterfactual,
  type Explanation,
} from '@allostat/pipeline';
import { eventMapper } from './event-mapper';
import { enumNumber, optional, type FieldReader } from './field-reader';
import { overridersFromWire, overridersToWire } from './market.mapper';
import { exposureFromWire, modelsFromWire, modelsToWire, pricesFromWire, pricesToWire } from './risk-budgeting.mapper';
import { surrogateFromWire, surrogateToWire } from './surrogate.mapper';

const explanationToWire = (explanation: Explanation) => ({
  method: explanation.method,
  exposure: { ...explanation.exposure },
  attribution: explanation.attribution.map(({ instrument, parts }) => ({
    instrument,
    parts: parts.map((part) => ({ ...part })),
  })),
  counterfactuals: explanation.counterfactuals.map((entry) => ({ ...entry })),
  shadowPrices: explanation.shadowPrices.map((entry) => ({ ...entry })),
});

function explanationFromWire(message: ExplanationMessage, read: FieldReader): Explanation {
  const name = (field: string, value: string): string => read.text(`explanation.${field}`, value);
  const number = (field: string, value: number): number => read.finite(`explanation.${field}`, value);
  return {
    method: name('method', message.method),
    exposure: exposureFromWire('explanation.exposure', message.exposure, read),
    attribution: message.attribution.map(({ instrument, parts }) => ({
      instrument: name('attribution.instrument', instrument),
      parts: parts.map(({ driver, change }) => ({
        driver: name('attribution.driver', driver) as Explanation['attribution'][number]['parts'][number]['driver'],
        change: number('attribution.change', change),
      })),
    })),
    counterfactuals: message.counterfactuals.map(({ instrument, trade, exposure, turnsAt, of }) => ({
      instrument: name('counterfactuals.instrument', instrument),
      trade: number('counterfactuals.trade', trade),
      exposure: number('counterfactuals.exposure', exposure),
      turnsAt: number('counterfactuals.turns_at', turnsAt),
      ...optional('of', of, (value) => name('counterfactuals.of', value) as NonNullable<Counterfactual['of']>),
    })),
    shadowPrices: message.shadowPrices.map(({ limit, price }) => ({
      limit: name('shadow_prices.limit', limit),
      price: number('shadow_prices.price', price),
    })),
  };
}

/** A rationale that the proposal's own figures do not bear out is refused by everybody who reads it. */
function withTrueClaims(proposal: AllocationProposed, read: FieldReader): AllocationProposed {
  const [first] = brokenClaims(proposal);
  return first === undefined ? proposal : read.fail('claims', first);
}

export const allocationProposed = eventMapper({
  type: 'AllocationProposed',
  topic: 'allocation.proposal.v1',
  schema: AllocationProposedSchema,
  key: (event) => event.mandateId,
  toWire: ({ explanation, dataOverriders, facts, surrogate, ...event }) => ({
    ...event,
    ...optional('surrogate', surrogate, surrogateToWire),
    ...optional('facts', facts, ({ models, ...rest }) => ({ ...rest, models: modelsToWire(models) })),
    ...overridersToWire(dataOverriders),
    trigger: enumNumber(DecisionTriggerSchema, event.trigger),
    regime: enumNumber(RegimeSchema, event.regime),
    weights: event.weights.map((change) => ({
      instrument: change.instrument,
      previousWeight: toDecimal(change.previousWeight),
      targetWeight: toDecimal(change.targetWeight),
      ...optional('riskContribution', change.riskContribution),
      ...optional('previousRiskContribution', change.previousRiskContribution),
      cost: toDecimal(change.cost),
    })),
    turnover: toDecimal(event.turnover),
    expectedCost: toDecimal(event.expectedCost),
    certificate: { ...event.certificate, status: enumNumber(SolutionStatusSchema, event.certificate.status) },
    rationale: [...event.rationale],
    inputs: { ...event.inputs },
    prices: pricesToWire(event.prices),
    ...optional('explanation', explanation, explanationToWire),
    residuals: (event.residuals ?? []).map(({ instrument, weight }) => ({ instrument, weight: toDecimal(weight) })),
    claims: (event.claims ?? []).map(({ values, ...claim }) => ({ ...claim, values: [...values] })),
  }),
  fromWire: (message, read) => {
    const weights = message.weights.map((change) => ({
      instrument: read.text('weights.instrument', change.instrument),
      previousWeight: read.decimal('weights.previous_weight', change.previousWeight),
      targetWeight: read.decimal('weights.target_weight', change.targetWeight),
      ...optional('riskContribution', change.riskContribution, (value) =>
        read.finite('weights.risk_contribution', value),
      ),
      ...optional('previousRiskContribution', change.previousRiskContribution, (value) =>
        read.finite('weights.previous_risk_contribution', value),
      ),
      cost: read.decimal('weights.cost', change.cost),
    }));
    read.sumsToOne(
      'weights.target_weight',
      weights.map((change) => change.targetWeight),
    );
    const certificate = read.present('certificate', message.certificate);
    const inputs = read.present('inputs', message.inputs);
    const claims = message.claims.map(({ kind, subject, other, values, text }) => ({
      kind: read.text('claims.kind', kind) as Claim['kind'],
      subject: read.text('claims.subject', subject),
      ...optional('other', other),
      values: values.map((value) => read.finite('claims.values', value)),
      text: read.text('claims.text', text),
    }));
    const proposal: AllocationProposed = {
      type: 'AllocationProposed',
      proposalId: read.text('proposal_id', message.proposalId),
      mandateId: read.text('mandate_id', message.mandateId),
      mandateVersion: message.mandateVersion,
      asOf: read.date('as_of', message.asOf),
      trigger: read.enumName('trigger', DecisionTriggerSchema, message.trigger),
      regime: read.enumName('regime', RegimeSchema, message.regime),
      weights,
      expectedVolatility: read.between('expected_volatility', message.expectedVolatility, 0, 10),
      volatilityTarget: read.between('volatility_target', message.volatilityTarget, 0, 10),
      turnover: read.decimal('turnover', message.turnover),
      expectedCost: read.decimal('expected_cost', message.expectedCost),
      certificate: {
        method: read.text('certificate.method', certificate.method),
        status: read.enumName('certificate.status', SolutionStatusSchema, certificate.status),
        primalResidual: read.finite('certificate.primal_residual', certificate.primalResidual),
        ...optional('dualResidual', certificate.dualResidual, (value) =>
          read.finite('certificate.dual_residual', value),
        ),
        ...optional('gap', certificate.gap, (value) => read.finite('certificate.gap', value)),
        iterations: certificate.iterations,
      },
      rationale: [...message.rationale],
      inputs: {
        riskModel: read.hash('inputs.risk_model', inputs.riskModel),
        budget: read.hash('inputs.budget', inputs.budget),
        holdings: read.hash('inputs.holdings', inputs.holdings),
        mandate: read.hash('inputs.mandate', inputs.mandate),
      },
      prices: pricesFromWire(message.prices, read),
      ...optional('explanation', message.explanation, (value) => explanationFromWire(value, read)),
      ...optional('surrogate', message.surrogate, (value) => surrogateFromWire(value, read)),
      ...(message.residuals.length > 0 && {
        residuals: message.residuals.map(({ instrument, weight }) => ({
          instrument: read.text('residuals.instrument', instrument),
          weight: read.decimal('residuals.weight', weight),
        })),
      }),
      ...(claims.length > 0 && { claims }),
      ...overridersFromWire(message.dataOverriders, read),
      ...optional('facts', message.facts, (facts) => ({
        models: modelsFromWire(facts.models, read),
        ...optional('regimeProbability', facts.regimeProbability, (value) =>
          read.between('facts.regime_probability', value, 0, 1),
        ),
        drawdownBudgetUsed: read.between('facts.drawdown_budget_used', facts.drawdownBudgetUsed, 0, Number.MAX_VALUE),
        cvar95: read.between('facts.cvar95', facts.cvar95, 0, 10),
        ...optional('cvar95FromScenarios', facts.cvar95FromScenarios),
      })),
    };
    return withTrueClaims(proposal, read);
  },
});

export const allocationUnchanged = eventMapper({
  type: 'AllocationUnchanged',
  topic: 'allocation.proposal.v1',
  schema: AllocationUnchangedSchema,
  key: (event) => event.mandateId,
  toWire: ({ gain, cost, ...event }) => ({
    ...event,
    trigger: enumNumber(DecisionTriggerSchema, event.trigger),
    turnover: toDecimal(event.turnover),
    noTradeBand: toDecimal(event.noTradeBand),
    ...optional('gain', gain, toDecimal),
    ...optional('cost', cost, toDecimal),
  }),
  fromWire: (message, read) => ({
    type: 'AllocationUnchanged',
    mandateId: read.text('mandate_id', message.mandateId),
    asOf: read.date('as_of', message.asOf),
    trigger: read.enumName('trigger', DecisionTriggerSchema, message.trigger),
    turnover: read.decimal('turnover', message.turnover),
    noTradeBand: read.decimal('no_trade_band', message.noTradeBand),
    ...optional('gain', message.gain, (value) => read.decimal('gain', value)),
    ...optional('cost', message.cost, (value) => read.decimal('cost', value)),
  }),
});

export const allocationInfeasible = eventMapper({
  type: 'AllocationInfeasible',
  topic: 'allocation.proposal.v1',
  schema: AllocationInfeasibleSchema,
  key: (event) => event.mandateId,
  toWire: (event) => ({
    ...event,
    trigger: enumNumber(DecisionTriggerSchema, event.trigger),
    conflict: [...event.conflict],
    relaxation: event.relaxation.map(({ limit, by }) => ({ limit, by: toDecimal(by) })),
  }),
  fromWire: (message, read) => ({
    type: 'AllocationInfeasible',
    mandateId: read.text('mandate_id', message.mandateId),
    asOf: read.date('as_of', message.asOf),
    trigger: read.enumName('trigger', DecisionTriggerSchema, message.trigger),
    conflict: [...message.conflict],
    relaxation: message.relaxation.map(({ limit, by }) => ({
      limit: read.text('relaxation.limit', limit),
      by: read.decimal('relaxation.by', by),
    })),
  }),
});
