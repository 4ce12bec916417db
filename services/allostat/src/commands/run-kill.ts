import type { Pressed } from '@allostat/governance';
import type { EngagedScope, KillEntry } from '@allostat/pipeline';
import { printResult, type OutputOptions } from '../cli/output';
import { withGovernance } from '../with-governance';

interface PressOptions extends OutputOptions {
  readonly as?: string;
  readonly scope: string;
  readonly reason: string;
  readonly drill?: boolean;
}

interface Standing {
  readonly engaged: readonly EngagedScope[];
  readonly entries: readonly KillEntry[];
}

export async function engage(options: PressOptions): Promise<void> {
  const { scope, reason, drill = false } = options;
  const pressed = await withGovernance(options, (client, token) =>
    client.call<Pressed>('POST', '/kill-switch/engagements', token, { scope, reason, drill }),
  );
  const engagedAt = pressed.engaged.find((engaged) => engaged.scope === scope)?.since ?? null;
  const { held: affected, engaged, released } = pressed;
  printResult(
    { scope, engagedAt, affected, notAffected: released, engaged },
    [`${scope} is stopped since ${engagedAt}: ${affected} instructions were held back, ${released} had left before`],
    options,
  );
}

export async function release(options: PressOptions): Promise<void> {
  const { scope, reason } = options;
  const pressed = await withGovernance(options, (client, token) =>
    client.call<Pressed>('POST', '/kill-switch/armings', token, { scope, reason }),
  );
  const still = pressed.engaged.find((engaged) => engaged.scope === scope);
  const { sent: affected, engaged } = pressed;
  printResult(
    { scope, engagedAt: still?.since ?? null, affected, notAffected: 0, engaged },
    [
      still
        ? `${scope} is armed by ${still.armedBy.join(', ')}; a second person must arm it too`
        : `${scope} is armed again`,
    ],
    options,
  );
}

export async function status(options: OutputOptions & { readonly as?: string }): Promise<void> {
  const standing = await withGovernance(options, (client, token) =>
    client.call<Standing>('GET', '/kill-switch', token),
  );
  const lines = standing.engaged.map(
    ({ scope, since, actor, reason }) => `${scope} since ${since} by ${actor}: ${reason}`,
  );
  printResult(standing, lines.length > 0 ? lines : ['nothing is stopped'], options);
}
