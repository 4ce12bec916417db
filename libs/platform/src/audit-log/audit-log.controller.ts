import { Body, Controller, Get, HttpCode, Post, Query, UseFilters } from '@nestjs/common';
import { z } from 'zod';
import { AllostatError, formatVerifierKey, inclusionPath, InputError, toHex } from '@allostat/kernel';
import { HttpErrorFilter } from '../nest/http-error.filter';
import { SchemaPipe } from '../nest/schema-pipe';
import { UnitRunner } from '../unit-of-work/unit-runner';
import { auditHead } from './audit-head';
import { AuditSettings } from './audit-settings';
import { addCosignature, consistencyProof, findCheckpoint, logVerifierKey } from './checkpoint.store';
import { readRanges } from './read-nodes';
import { verifyAudit, type AuditVerification } from './verify-audit';

const cosignatureBody = z.strictObject({ size: z.number().int().min(1), line: z.string().max(500) });

/** Thrown when the log has nothing of what was asked for, or not yet. */
export class AuditNotFoundError extends AllostatError {
  readonly status = 404;

  constructor(message: string, hint = 'ask again in a second', code = 'AUDIT.NOT_FOUND') {
    super(code, message, hint);
  }
}

/** A service's audit log over HTTP: checkpoints and proofs, for auditors and witnesses. */
@Controller('audit')
@UseFilters(HttpErrorFilter)
export class AuditLogController {
  constructor(
    private readonly units: UnitRunner,
    private readonly settings: AuditSettings,
  ) {}

  /** Recomputes the log. */
  @Get('verification')
  async verify(): Promise<AuditVerification> {
    const { identity, book } = this.settings;
    const trust = identity && { logKey: logVerifierKey(identity) };
    return this.units.run((unit) => verifyAudit(unit.manager, { ...trust, book: book() }));
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
        `no witness is named ${name}`,
        "add its public key to the service's file of witnesses",
        'AUDIT.UNKNOWN_WITNESS',
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
  if (value === undefined) throw new AuditNotFoundError(message);
  return value;
}
