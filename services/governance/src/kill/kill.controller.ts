import { Body, Controller, Get, HttpCode, Post, UseFilters } from '@nestjs/common';
import { z } from 'zod';
import { engagedScopes, type DomainEvent, type EngagedScope, type KillEntry } from '@allostat/pipeline';
import { Caller, HttpErrorFilter, NotAllowedError, SchemaPipe, UnitRunner, type Principal } from '@allostat/platform';
import { CommandCauses } from '../command-cause';
import { maySee } from '../identity/may-see';
import { pressInUnit, type Pressed } from './press-in-unit';
import { readKillEntries } from './kill.store';

const engageBody = z.strictObject({ scope: z.string(), reason: z.string(), drill: z.boolean().default(false) });
const armBody = z.strictObject({ scope: z.string(), reason: z.string() });

/** The kill switch: one person stops releases, two arm them again. */
@Controller('kill-switch')
@UseFilters(HttpErrorFilter)
export class KillController {
  constructor(
    private readonly units: UnitRunner<DomainEvent>,
    private readonly causes: CommandCauses,
  ) {}

  /** What is stopped now, and every press so far, as far as it concerns what the caller may see. */
  @Get()
  status(
    @Caller() caller: Principal,
  ): Promise<{ readonly engaged: readonly EngagedScope[]; readonly entries: readonly KillEntry[] }> {
    return this.units.run(async (unit) => {
      const entries = (await readKillEntries(unit.manager)).filter(({ scope }) => maySeeScope(caller, scope));
      return { engaged: engagedScopes(entries), entries };
    });
  }

  /** Stops releases of a scope at once. One person is enough. */
  @Post('engagements')
  @HttpCode(200)
  engage(
    @Caller() caller: Principal,
    @Body(new SchemaPipe(engageBody)) { scope, reason, drill }: z.infer<typeof engageBody>,
  ): Promise<Pressed> {
    return this.press(caller, { scope, reason, drill, action: 'engage' });
  }

  /** Says that a scope may release again; it does once a second person says so. */
  @Post('armings')
  @HttpCode(200)
  arm(
    @Caller() caller: Principal,
    @Body(new SchemaPipe(armBody)) { scope, reason }: z.infer<typeof armBody>,
  ): Promise<Pressed> {
    return this.press(caller, { scope, reason, action: 'arm' });
  }

  private press(
    caller: Principal,
    press: { scope: string; reason: string; action: 'engage' | 'arm'; drill?: boolean },
  ): Promise<Pressed> {
    const mandate = mandateOf(press.scope);
    if (caller.mandates !== undefined && !(mandate !== undefined && maySee(caller, mandate))) {
      throw new NotAllowedError(
        403,
        `${caller.id} may not press the switch of ${press.scope}`,
        'press your own mandate',
      );
    }
    return this.units.run((unit) => {
      const cause = this.causes.free(['kill', caller.id, press.action, press.scope, this.causes.now()]);
      return pressInUnit(unit, { ...press, actor: caller.id }, cause);
    });
  }
}

function mandateOf(scope: string): string | undefined {
  return /^mandate:(.+)$/.exec(scope)?.[1];
}

/** A stop of everything, of a model or of a venue concerns everybody; that of a mandate those who may see it. */
function maySeeScope(caller: Principal, scope: string): boolean {
  const mandate = mandateOf(scope);
  return mandate === undefined || maySee(caller, mandate);
}
