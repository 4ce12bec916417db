import { governance, publishCheckpoint } from '@allostat/governance';
import { InputError, toInstant } from '@allostat/kernel';
import { People } from '@allostat/platform';
import { GovernanceClient } from './governance-client';
import { Home } from './home';
import { withStage } from './line/with-stage';

export interface GovernanceCall {
  /** Token of the person who asks. */
  readonly as?: string;
  /** Address of the API; default that of the instance that runs on this home. */
  readonly url?: string;
}

/** Calls the instance that runs on this home, or governance alone, started for the call; what it records is checkpointed. */
export async function withGovernance<T>(
  { as: token, url }: GovernanceCall,
  work: (client: GovernanceClient, token: string) => Promise<T>,
): Promise<T> {
  if (token === undefined) {
    throw new InputError('--as TOKEN is missing', { field: 'as' }, 'or set ALLOSTAT_TOKEN');
  }
  const home = new Home();
  const given = url ?? process.env.ALLOSTAT_URL ?? home.running()?.url;
  if (given) return work(new GovernanceClient(given), token);
  const clock = { now: () => toInstant(Date.now()) };
  const auditLog = home.auditLog();
  const definition = governance({
    people: People.fromFile(home.people().file),
    clock,
    commandTime: home.room === 'demonstration' ? 'event' : 'wall',
    auditLog,
    witnesses: home.witnesses(),
  });
  return withStage(definition, { home, serve: true }, async (stage) => {
    const result = await work(new GovernanceClient(stage.url as string), token);
    await publishCheckpoint(stage.units, auditLog, clock.now());
    return result;
  });
}
