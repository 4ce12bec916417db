import { Body, Controller, Get, Headers, HttpCode, Inject, Param, Post, Query, Sse, UseFilters } from '@nestjs/common';
import type { MessageEvent } from '@nestjs/common';
import { InputError, type Clock } from '@allostat/kernel';
import { ALERT_ACTIONS, type DomainEvent } from '@allostat/pipeline';
import {
  Caller,
  CLOCK,
  HttpErrorFilter,
  maySeeUniverse,
  requireUniverse,
  SchemaPipe,
  UnitRunner,
  type Principal,
} from '@allostat/platform';
import type { Observable } from 'rxjs';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import { decideRegimeInUnit } from '../decide-regime-in-unit';
import { alertStream } from './alert-stream';
import { alertsAfter, readPulses, type AlertEvent, type Pulse } from './alert.store';

const POLL_MS = 500;
const HEARTBEAT_MS = 15_000;

const orderBody = z.strictObject({
  action: z.enum(ALERT_ACTIONS),
  reason: z.string(),
  assignee: z.string().exactOptional(),
  until: z.iso.datetime().exactOptional(),
  /** With `silence`: critical alerts too; two people must say so. */
  critical: z.boolean().exactOptional(),
});

/** Regime alerts over HTTP: what was told, live or from a number on, and orders of the people who answer them. */
@Controller('alerts')
@UseFilters(HttpErrorFilter)
export class AlertsController {
  constructor(
    private readonly units: UnitRunner<DomainEvent>,
    private readonly database: DataSource,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Up to which bar each universe was assessed, and the number of its last alert. */
  @Get()
  async pulses(@Caller() caller: Principal): Promise<Pulse[]> {
    const pulses = await readPulses(this.database);
    return pulses.filter(({ universeId }) => maySeeUniverse(caller, universeId));
  }

  /** What was told of a universe after a number, oldest first. */
  @Get(':universe')
  list(
    @Caller() caller: Principal,
    @Param('universe') universeId: string,
    @Query('after') after?: string,
  ): Promise<AlertEvent[]> {
    requireUniverse(caller, universeId);
    return alertsAfter(this.database, universeId, sequenceOf(after ?? '0', 'after'));
  }

  /** The same as it happens, with heartbeats; resumes after `Last-Event-ID`. */
  @Sse(':universe/stream')
  async stream(
    @Caller() caller: Principal,
    @Headers('last-event-id') lastEventId: string | undefined,
    @Param('universe') universeId: string,
    @Query('after') after?: string,
  ): Promise<Observable<MessageEvent>> {
    requireUniverse(caller, universeId);
    const given = lastEventId ?? after;
    const [pulse] = given === undefined ? await readPulses(this.database, universeId) : [];
    const from = given === undefined ? (pulse?.sequence ?? 0) : sequenceOf(given, 'Last-Event-ID');
    return alertStream(this.database, universeId, { after: from, pollMs: POLL_MS, heartbeatMs: HEARTBEAT_MS });
  }

  /** Acknowledges, assigns, silences or unsilences the running alert. */
  @Post(':universe/actions')
  @HttpCode(200)
  async act(
    @Caller() caller: Principal,
    @Param('universe') universeId: string,
    @Body(new SchemaPipe(orderBody)) order: z.infer<typeof orderBody>,
  ): Promise<AlertEvent> {
    requireUniverse(caller, universeId);
    const { id: actor } = caller;
    const time = this.clock.now();
    await this.units.run(async (unit) => {
      const [pulse] = await readPulses(unit.manager, universeId);
      const id = `alert-order:${universeId}:${pulse?.sequence ?? 0}:${actor}:${time}`;
      const envelope = { id, type: 'HandleAlert', source: 'regime-detection', time, correlationId: id };
      await decideRegimeInUnit(universeId, { type: 'HandleAlert', universeId, actor, ...order }, { unit, envelope });
    });
    const [{ sequence }] = await readPulses(this.database, universeId);
    const [handled] = await alertsAfter(this.database, universeId, sequence - 1);
    return handled;
  }
}

function sequenceOf(text: string, field: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new InputError(`${field} must be a sequence number, got "${text}"`, { field });
  return Number(text);
}
