import { Controller, Get, Headers, UseFilters } from '@nestjs/common';
import type { DomainEvent } from '@allostat/pipeline';
import { UnitRunner } from '@allostat/platform';
import { HttpErrorFilter } from '../http-error.filter';
import { People } from '../people/people';
import { verifyAudit, type AuditVerification } from './verify-audit';

@Controller('audit')
@UseFilters(HttpErrorFilter)
export class AuditController {
  constructor(
    private readonly units: UnitRunner<DomainEvent>,
    private readonly people: People,
  ) {}

  /** Recomputes the log. */
  @Get('verification')
  async verify(@Headers('authorization') token: string | undefined): Promise<AuditVerification> {
    this.people.authenticate(token);
    return this.units.run((unit) => verifyAudit(unit.manager));
  }
}
