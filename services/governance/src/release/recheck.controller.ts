import { Body, Controller, HttpCode, Param, Post, UseFilters } from '@nestjs/common';
import { z } from 'zod';
import { InputError } from '@allostat/kernel';
import {
  DEFAULT_POLICY_SET,
  policySetSchema,
  recheck,
  type DecisionRecord,
  type DomainEvent,
  type PolicyReport,
  type PolicySet,
  type Recheck,
} from '@allostat/pipeline';
import { Caller, HttpErrorFilter, SchemaPipe, UnitRunner, type Principal } from '@allostat/platform';
import type { EntityManager } from 'typeorm';
import { currentPolicySet, readVersions } from '../changes/change.store';
import { requireSight } from '../identity/may-see';
import { ReviewNotFoundError } from '../review/review-not-found-error';
import { findReview } from '../review/review.store';

/** Which set: an approved version, one that is only thought of, or by default the one that holds now. */
const recheckBody = z.strictObject({
  version: z.int().min(1).exactOptional(),
  policies: policySetSchema.exactOptional(),
});

/** Past decisions judged again: what would have been held under another policy set. */
@Controller('reviews')
@UseFilters(HttpErrorFilter)
export class RecheckController {
  constructor(private readonly units: UnitRunner<DomainEvent>) {}

  /** Judges the record of a proposal's last release attempt again, under another policy set. Nothing is changed. */
  @Post(':id/recheck')
  @HttpCode(200)
  run(
    @Caller() caller: Principal,
    @Param('id') id: string,
    @Body(new SchemaPipe(recheckBody)) { version, policies }: z.infer<typeof recheckBody>,
  ): Promise<Recheck> {
    return this.units.run(async ({ manager }) => {
      const review = await findReview(manager, id);
      if (review?.kind !== 'allocation') throw new ReviewNotFoundError(id);
      requireSight(caller, review.mandateId, id);
      const { record, report } = await lastCheck(manager, id, review.mandateId);
      const set = (policies as PolicySet | undefined) ?? (await approvedSet(manager, version));
      return recheck(record, report, set);
    });
  }
}

async function lastCheck(
  manager: EntityManager,
  id: string,
  mandateId: string,
): Promise<{ readonly record: DecisionRecord; readonly report: PolicyReport }> {
  const [row] = await manager.query<{ record: string }[]>(
    `select record from audit_record where action = 'release.checked' and subject = $2
       and record::jsonb #>> '{body,record,proposalId}' = $1 order by sequence desc limit 1`,
    [id, `mandate:${mandateId}`],
  );
  if (row) return (JSON.parse(row.record) as { body: { record: DecisionRecord; report: PolicyReport } }).body;
  throw new InputError(
    `no release of ${id} was ever attempted`,
    { field: 'id' },
    'it was not approved, or expired before',
  );
}

async function approvedSet(manager: EntityManager, version: number | undefined): Promise<PolicySet> {
  if (version === undefined) return currentPolicySet(manager);
  if (version === DEFAULT_POLICY_SET.version) return DEFAULT_POLICY_SET;
  const found = (await readVersions(manager, 'policies', DEFAULT_POLICY_SET.id)).find((set) => set.version === version);
  if (found) return found.body as PolicySet;
  throw new InputError(
    `there is no approved version ${version} of the policies`,
    { field: 'version' },
    'see `allostat change versions policies default`',
  );
}
