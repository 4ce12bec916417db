import type { Instant } from '@allostat/kernel';
import type { KillSwitchEngaged } from './events';
import { GovernanceRefusal } from './refusal';
import { scopeNames, type ReleaseScopes } from './release-scopes';
import { requirePerson, requireReason } from './review/sign';

/** One press of the switch, as it stands on record. */
export interface KillEntry {
  readonly scope: string;
  readonly action: 'engage' | 'arm';
  readonly actor: string;
  readonly reason: string;
  readonly at: Instant;
  readonly drill: boolean;
}

/** A scope in which nothing is released, since when, and who has armed it again so far. */
export interface EngagedScope {
  readonly scope: string;
  readonly since: Instant;
  readonly actor: string;
  readonly reason: string;
  readonly drill: boolean;
  readonly armedBy: readonly string[];
}

/** Different people who must arm a scope again before anything leaves. */
export const PEOPLE_TO_ARM = 2;
const SCOPE = /^(all|(mandate|model|venue):[A-Za-z0-9][A-Za-z0-9._:@-]*)$/;

/** Scopes that are engaged after the given entries, oldest first. */
export function engagedScopes(entries: readonly KillEntry[]): EngagedScope[] {
  const engaged = new Map<string, EngagedScope>();
  for (const { scope, action, actor, reason, at, drill } of entries) {
    const current = engaged.get(scope);
    if (action === 'engage') {
      // pressed again: those who had armed it did so before this
      engaged.set(
        scope,
        current ? { ...current, armedBy: [] } : { scope, since: at, actor, reason, drill, armedBy: [] },
      );
    } else if (current) {
      const armedBy = [...new Set([...current.armedBy, actor])];
      if (armedBy.length >= PEOPLE_TO_ARM) engaged.delete(scope);
      else engaged.set(scope, { ...current, armedBy });
    }
  }
  return [...engaged.values()];
}

/** Engaged scopes that stop a release. */
export function scopesThatStop(engaged: readonly EngagedScope[], release: ReleaseScopes): string[] {
  const own = new Set(scopeNames(release));
  return engaged.map(({ scope }) => scope).filter((scope) => own.has(scope));
}

export interface PressKillSwitch {
  readonly scope: string;
  readonly action: 'engage' | 'arm';
  readonly actor: string;
  readonly reason: string;
  readonly drill?: boolean;
}

/** The entry to record for a press, and the fact to publish; arming publishes with the second person. */
export function pressKillSwitch(
  press: PressKillSwitch,
  entries: readonly KillEntry[],
  now: Instant,
): { readonly entry: KillEntry; readonly fact?: KillSwitchEngaged } {
  const { scope, action, actor, reason, drill = false } = press;
  if (!SCOPE.test(scope)) {
    refuse('GOVERNANCE.KILL_SCOPE', `there is no scope "${scope}"`, 'use all, mandate:ID, model:ID or venue:ID', 422);
  }
  requireReason(reason);
  const entry: KillEntry = { scope, action, actor, reason, at: now, drill };
  if (action === 'engage') {
    return {
      entry,
      fact: { type: 'KillSwitchEngaged', scope, engaged: true, actor, reason, at: now, ...(drill && { drill }) },
    };
  }
  requirePerson(actor);
  const current = engagedScopes(entries).find((engaged) => engaged.scope === scope);
  if (!current)
    return refuse('GOVERNANCE.KILL_NOT_ENGAGED', `${scope} is not stopped`, 'see `allostat kill status`', 409);
  if (current.armedBy.includes(actor)) {
    refuse(
      'GOVERNANCE.KILL_SAME_PERSON',
      `${actor} has already armed ${scope}`,
      'a second person must arm it too',
      403,
    );
  }
  if (current.armedBy.length + 1 < PEOPLE_TO_ARM) return { entry };
  const fact = { type: 'KillSwitchEngaged', scope, engaged: false, actor, reason, at: now } as const;
  return { entry, fact: { ...fact, ...(current.drill && { drill: true }) } };
}

function refuse(code: `GOVERNANCE.${string}`, message: string, hint: string, status: 403 | 409 | 422): never {
  throw new GovernanceRefusal(code, message, hint, status);
}
