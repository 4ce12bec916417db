import { Body, Controller, Get, HttpCode, Param, Post, Query, UseFilters } from '@nestjs/common';
import { z } from 'zod';
import { AllostatError, InputError, toHex } from '@allostat/kernel';
import { formatVerifierKey, inclusionPath, type DecisionReceipt, type DomainEvent } from '@allostat/pipeline';
import { Caller, HttpErrorFilter, SchemaPipe, UnitRunner, type Principal } from '@allostat/platform';
import { requireSight } from '../identity/may-see';
import { ReviewNotFoundError } from '../review/review-not-found-error';
import { findReview } from '../review/review.store';
import { auditHead } from './audit.store';
import { AuditSettings } from './audit-settings';
import { buildReceipt } from './build-receipt';
import { addCosignature, consistencyProof, findCheckpoint, logVerifierKey } from './checkpoint.store';
import { readRanges } from './read-nodes';
import { verifyAudit, type AuditVerification } from './verify-audit';

const cosignatureBody = z.strictObject({ size: z.number().int().min(1), line: z.string().max(500) });

/** Thrown when the log has nothing of what was asked for, or not yet. */
class AuditNotFoundError extends AllostatError {
  readonly status = 404;
}

/** The audit log over HTTP: checkpoints, proofs and receipts, for auditors and witnesses. */
@Controller('audit')
@UseFilters(HttpErrorFilter)
export class AuditController {
  constructor(
    private readonly units: UnitRunner<DomainEvent>,
    private readonly settings: AuditSettings,
  ) {}

  /** Recomputes the log. */
  @Get('verification')
  async verify(): Promise<AuditVerification> {
    const { identity } = this.settings;
    const logKey = identity && logVerifierKey(identity);
    return this.units.run((unit) => verifyAudit(unit.manager, logKey ? { logKey } : {}));
  }

  /** The log's public key; `null` where it signs nothing. */
  @Get('key')
  key(): { key: string | null } {
    const { identity } = this.settings;
    return { key: identity ? formatVerifierKey(logVerifierKey(identity)) : null };
  }

  /** The latest signed checkpoint. */
  @Get('checkpoint')
  async checkpoint(): Promise<{ size: number; note: string }> {
    return found(await this.units.run((unit) => findCheckpoint(unit.manager)), 'no checkpoint has been signed yet');
  }

  /** Proof that the log of `from` records is the beginning of that of `to`. */
  @Get('consistency')
  async consistency(@Query('from') from: string, @Query('to') to: string): Promise<{ proof: string[] }> {
    return this.units.run(async (unit) => {
      const { size } = await auditHead(unit.manager);
      const last = integer('to', to, [0, size]);
      const first = integer('from', from, [0, last]);
      return { proof: (await consistencyProof(unit.manager, first, last)).map(toHex) };
    });
  }

  /** Proof that the record with this sequence is among the first `size`. */
  @Get('inclusion')
  async inclusion(@Query('sequence') sequence: string, @Query('size') wanted: string): Promise<{ proof: string[] }> {
    return this.units.run(async (unit) => {
      const { size: whole } = await auditHead(unit.manager);
      const size = integer('size', wanted, [1, whole]);
      const path = inclusionPath(integer('sequence', sequence, [1, size]) - 1, size);
      return { proof: (await readRanges(unit.manager, path)).map(toHex) };
    });
  }

  /** Everything about one decision, to be verified without access to this service. */
  @Get('receipts/:proposalId')
  async receipt(@Caller() caller: Principal, @Param('proposalId') proposalId: string): Promise<DecisionReceipt> {
    return found(
      await this.units.run(async (unit) => {
        const review = await findReview(unit.manager, proposalId);
        // what is not there, what the caller may not see and a drill that runs are answered alike
        if (!review) throw new ReviewNotFoundError(proposalId);
        requireSight(caller, review.mandateId, proposalId);
        return buildReceipt(unit.manager, proposalId);
      }),
      `no proposal with the id ${proposalId} is covered by a checkpoint`,
    );
  }

  /** A witness's co-signature of a checkpoint. The signature itself is what proves who sent it. */
  @Post('cosignatures')
  @HttpCode(200)
  async cosign(
    @Body(new SchemaPipe(cosignatureBody)) { size, line }: z.infer<typeof cosignatureBody>,
  ): Promise<{ accepted: true }> {
    const name = line.split(' ')[1];
    const witness = this.settings.witnesses.find((key) => key.name === name);
    if (!witness)
      throw new AuditNotFoundError(
        'AUDIT.UNKNOWN_WITNESS',
        `no witness is named ${name}`,
        'add its public key to GOVERNANCE_WITNESSES_FILE',
      );
    if (!(await this.units.run((unit) => addCosignature(unit.manager, { size, line }, witness)))) {
      throw new InputError(`the line is not a co-signature of ${name} on the checkpoint of ${size} records`);
    }
    return { accepted: true };
  }
}

function integer(field: string, text: string | undefined, [least, most]: readonly [number, number]): number {
  const value = /^\d{1,15}$/.test(text ?? '') ? Number(text) : NaN;
  if (value >= least && value <= most) return value;
  throw new InputError(`${field} is ${text ?? 'missing'}; it must be an integer in ${least}..${most}`, { field });
}

function found<T>(value: T | undefined, message: string): T {
  if (value === undefined) throw new AuditNotFoundError('AUDIT.NOT_FOUND', message, 'ask again in a second');
  return value;
}
