import {
  AllocationInstructionSchema,
  AllocationStatusSchema,
  BookReportedSchema,
  BookRequestedSchema,
  InstructionStatusSchema,
} from '@allostat/contracts';
import { toDecimal } from '@allostat/kernel';
import type { AllocationStatusReported } from '@allostat/pipeline';
import { eventMapper } from './event-mapper';
import { enumNumber, optional } from './field-reader';
import { decisionFromWire, decisionToWire } from './governance.mapper';
import { termsFromWire, termsToWire, weightFromWire, weightToWire } from './instruction-terms.mapper';

export const allocationReleased = eventMapper({
  type: 'AllocationReleased',
  topic: 'allocation.instruction.v1',
  schema: AllocationInstructionSchema,
  key: (event) => event.mandateId,
  toWire: ({ terms, ...event }) => ({
    ...event,
    sequence: BigInt(event.sequence),
    targets: event.targets.map(({ instrument, weight, referencePrice }) => ({
      instrument,
      weight: toDecimal(weight),
      referencePrice: toDecimal(referencePrice),
    })),
    approvals: event.approvals.map(decisionToWire),
    ...optional('terms', terms, termsToWire),
  }),
  fromWire: (message, read) => {
    const targets = message.targets.map(({ instrument, weight, referencePrice }) => ({
      instrument: read.text('targets.instrument', instrument),
      weight: read.decimal('targets.weight', weight),
      referencePrice: read.decimal('targets.reference_price', referencePrice),
    }));
    read.sumsToOne(
      'targets.weight',
      targets.map((target) => target.weight),
    );
    return {
      type: 'AllocationReleased',
      instructionId: read.text('instruction_id', message.instructionId),
      sequence: read.safeInteger('sequence', message.sequence),
      mandateId: read.text('mandate_id', message.mandateId),
      proposalId: read.text('proposal_id', message.proposalId),
      contentHash: read.hash('content_hash', message.contentHash),
      asOf: read.date('as_of', message.asOf),
      releasedAt: read.instant('released_at', message.releasedAt),
      validUntil: read.instant('valid_until', message.validUntil),
      targets,
      approvals: message.approvals.map((decision) => decisionFromWire(decision, read)),
      ...optional('terms', message.terms, (terms) => termsFromWire(terms, read)),
      auditHash: read.hash('audit_hash', message.auditHash),
    };
  },
});

export const allocationStatusReported = eventMapper({
  type: 'AllocationStatusReported',
  topic: 'allocation.status.v1',
  schema: AllocationStatusSchema,
  key: (event) => event.mandateId,
  toWire: ({ holdings, realisedCost, residuals, ...event }) => ({
    ...event,
    sequence: BigInt(event.sequence),
    status: enumNumber(InstructionStatusSchema, event.status),
    holdings: (holdings ?? []).map(({ instrument, weight, price }) => ({
      instrument,
      weight: toDecimal(weight),
      price: toDecimal(price),
    })),
    ...optional('realisedCost', realisedCost, toDecimal),
    ...optional('residuals', residuals, (lines) => lines.map(weightToWire)),
  }),
  fromWire: (message, read) => {
    const holdings = message.holdings.map(({ instrument, weight, price }) => ({
      instrument: read.text('holdings.instrument', instrument),
      weight: read.decimal('holdings.weight', weight),
      price: read.decimal('holdings.price', price),
    }));
    if (holdings.length > 0)
      read.sumsToOne(
        'holdings.weight',
        holdings.map((holding) => holding.weight),
      );
    return {
      type: 'AllocationStatusReported',
      mandateId: read.text('mandate_id', message.mandateId),
      instructionId: read.text('instruction_id', message.instructionId),
      sequence: read.safeInteger('sequence', message.sequence),
      status: read.enumName<AllocationStatusReported['status']>('status', InstructionStatusSchema, message.status),
      asOf: read.date('as_of', message.asOf),
      ...optional('reasonCode', message.reasonCode),
      ...optional('text', message.text),
      ...(holdings.length > 0 && { holdings }),
      ...optional('realisedCost', message.realisedCost, (value) => read.decimal('realised_cost', value)),
      ...(message.residuals.length > 0 && {
        residuals: message.residuals.map((line) => weightFromWire('residuals', line, read)),
      }),
    };
  },
});

export const bookRequested = eventMapper({
  type: 'BookRequested',
  topic: 'allocation.instruction.v1',
  schema: BookRequestedSchema,
  key: (event) => event.mandateId,
  toWire: (event) => ({ ...event, throughSequence: BigInt(event.throughSequence) }),
  fromWire: (message, read) => ({
    type: 'BookRequested',
    requestId: read.text('request_id', message.requestId),
    mandateId: read.text('mandate_id', message.mandateId),
    throughSequence: read.safeInteger('through_sequence', message.throughSequence),
    at: read.instant('at', message.at),
  }),
});

export const bookReported = eventMapper({
  type: 'BookReported',
  topic: 'allocation.status.v1',
  schema: BookReportedSchema,
  key: (event) => event.mandateId,
  toWire: (event) => ({
    ...event,
    lines: event.lines.map(({ sequence, instructionId, status }) => ({
      sequence: BigInt(sequence),
      instructionId,
      status: enumNumber(InstructionStatusSchema, status),
    })),
  }),
  fromWire: (message, read) => ({
    type: 'BookReported',
    requestId: read.text('request_id', message.requestId),
    mandateId: read.text('mandate_id', message.mandateId),
    at: read.instant('at', message.at),
    lines: message.lines.map(({ sequence, instructionId, status }) => ({
      sequence: read.safeInteger('lines.sequence', sequence),
      instructionId: read.text('lines.instruction_id', instructionId),
      status: read.enumName('lines.status', InstructionStatusSchema, status),
    })),
  }),
});
