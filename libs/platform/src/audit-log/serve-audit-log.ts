import type { StageDefinition } from '../stage/stage-definition';
import { AuditLogController } from './audit-log.controller';
import { AuditSettings } from './audit-settings';

/** What a stage with an audit log of its own adds to its definition. */
export function serveAuditLog(settings: AuditSettings): Required<Pick<StageDefinition, 'controllers' | 'providers'>> {
  return { controllers: [AuditLogController], providers: [{ provide: AuditSettings, useValue: settings }] };
}
