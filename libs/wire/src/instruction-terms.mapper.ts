import {
  CashFundingSchema,
  InstructionActionSchema,
  InstructionModeSchema,
  OrderSideSchema,
  type HeldWeight as HeldWeightMessage,
  type InstructionTerms as TermsMessage,
} from '@allostat/contracts';
import { toDecimal } from '@allostat/kernel';
import type { HeldWeight, InstructionTerms } from '@allostat/pipeline';
import { halfDayFromWire } from './calendar.mapper';
import { positive } from './quote.mapper';
import { enumNumber, optional, type FieldReader } from './field-reader';

export const weightToWire = ({ instrument, weight }: HeldWeight) => ({ instrument, weight: toDecimal(weight) });

export const weightFromWire = (field: string, message: HeldWeightMessage, read: FieldReader): HeldWeight => ({
  instrument: read.text(`${field}.instrument`, message.instrument),
  weight: read.decimal(`${field}.weight`, message.weight),
});

export const termsToWire = ({ holdings, orders, cash, provenance, daysOff, ...terms }: InstructionTerms) => ({
  ...terms,
  ...optional('daysOff', daysOff, ({ closed, halfDays }) => ({
    closed: [...closed],
    halfDays: halfDays.map((day) => ({ ...day })),
  })),
  action: enumNumber(InstructionActionSchema, terms.action),
  notional: toDecimal(terms.notional),
  holdings: { ...holdings, weights: holdings.weights.map(weightToWire) },
  orders: orders.map(({ instrument, side, quantity, lotSize, referencePrice, venue, quoted }) => ({
    ...optional('quoted', quoted, ({ rate, ...currency }) => ({ ...currency, rate: toDecimal(rate) })),
    instrument,
    ...optional('venue', venue),
    side: enumNumber(OrderSideSchema, side),
    quantity: toDecimal(quantity),
    lotSize: toDecimal(lotSize),
    referencePrice: toDecimal(referencePrice),
  })),
  cash: { targetWeight: toDecimal(cash.targetWeight), funding: enumNumber(CashFundingSchema, cash.funding) },
  provenance: {
    ...provenance,
    mode: enumNumber(InstructionModeSchema, provenance.mode),
    models: [...(provenance.models ?? [])],
  },
});

export function termsFromWire(message: TermsMessage, read: FieldReader): InstructionTerms {
  const holdings = read.present('terms.holdings', message.holdings);
  const cash = read.present('terms.cash', message.cash);
  const provenance = read.present('terms.provenance', message.provenance);
  return {
    action: read.enumName('terms.action', InstructionActionSchema, message.action),
    ...optional('supersedes', message.supersedes),
    currency: read.text('terms.currency', message.currency),
    notional: read.decimal('terms.notional', message.notional),
    weightScale: read.between('terms.weight_scale', message.weightScale, 1, 18),
    effectiveFrom: read.instant('terms.effective_from', message.effectiveFrom),
    ...optional('daysOff', message.daysOff, ({ closed, halfDays }) => ({
      closed: closed.map((date) => read.date('terms.days_off.closed', date)),
      halfDays: halfDays.map((day) => halfDayFromWire('terms.days_off.half_days', day, read)),
    })),
    holdings: {
      asOf: read.date('terms.holdings.as_of', holdings.asOf),
      hash: read.hash('terms.holdings.hash', holdings.hash),
      weights: holdings.weights.map((line) => weightFromWire('terms.holdings.weights', line, read)),
    },
    orders: message.orders.map((order) => ({
      instrument: read.text('terms.orders.instrument', order.instrument),
      side: read.enumName('terms.orders.side', OrderSideSchema, order.side),
      quantity: read.decimal('terms.orders.quantity', order.quantity),
      lotSize: read.decimal('terms.orders.lot_size', order.lotSize),
      referencePrice: read.decimal('terms.orders.reference_price', order.referencePrice),
      ...optional('venue', order.venue),
      ...optional('quoted', order.quoted, ({ currency, rate, rateAt }) => ({
        currency: read.text('terms.orders.quoted.currency', currency),
        rate: positive('terms.orders.quoted.rate', rate, read),
        rateAt: read.date('terms.orders.quoted.rate_at', rateAt),
      })),
    })),
    cash: {
      targetWeight: read.decimal('terms.cash.target_weight', cash.targetWeight),
      funding: read.enumName('terms.cash.funding', CashFundingSchema, cash.funding),
    },
    provenance: {
      mode: read.enumName('terms.provenance.mode', InstructionModeSchema, provenance.mode),
      regime: read.text('terms.provenance.regime', provenance.regime),
      mandateVersion: provenance.mandateVersion,
      riskModel: read.text('terms.provenance.risk_model', provenance.riskModel),
      budget: read.text('terms.provenance.budget', provenance.budget),
      policySet: read.text('terms.provenance.policy_set', provenance.policySet),
      ...(provenance.models.length > 0 && { models: provenance.models }),
    },
  };
}
