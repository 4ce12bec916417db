import { governance } from '@allostat/governance';
import { InputError, toInstant } from '@allostat/kernel';
import { modelLab, registryLog } from '@allostat/model-lab';
import { People, publishCheckpoint, type AuditLogIdentity, type StageDefinition } from '@allostat/platform';
import { GovernanceClient } from './governance-client';
import { Home } from './home';
import { withStage } from './line/with-stage';

export interface GovernanceCall {
  /** Token of the person who asks. */
  readonly as?: string;
  /** Address of the API; default that of the instance that runs on this home. */
  readonly url?: string;
}

type Work<T> = (client: GovernanceClient, token: string) => Promise<T>;
const CLOCK = { now: () => toInstant(Date.now()) };

/** Calls the instance that runs on this home, or governance alone, started for the call; what it records is checkpointed. */
export function withGovernance<T>(call: GovernanceCall, work: Work<T>): Promise<T> {
  const home = new Home();
  const url = call.url ?? process.env.ALLOSTAT_URL ?? home.running()?.url;
  const identity = home.auditLog();
  const definition = () =>
    governance({
      people: People.fromFile(home.people().file),
      clock: CLOCK,
      commandTime: home.room === 'demonstration' ? 'event' : 'wall',
      auditLog: identity,
      witnesses: home.witnesses(),
    });
  return withApi({ home, identity, definition, call: { ...call, ...(url && { url }) } }, work);
}

/** Calls the model lab of the instance that runs on this home, or the model lab alone, started for the call. */
export function withModelLab<T>(call: GovernanceCall, work: Work<T>): Promise<T> {
  const home = new Home();
  const url = call.url ?? home.running()?.modelLabUrl;
  const identity = registryLog(home.auditLog());
  const definition = () =>
    modelLab({
      people: People.fromFile(home.people().file),
      threads: 0,
      auditLog: identity,
      witnesses: home.witnesses(),
    });
  return withApi({ home, identity, definition, call: { ...call, ...(url && { url }) } }, work);
}

async function withApi<T>(
  {
    home,
    identity,
    definition,
    call: { as: token, url },
  }: {
    readonly home: Home;
    readonly identity: AuditLogIdentity;
    readonly definition: () => StageDefinition;
    readonly call: GovernanceCall;
  },
  work: Work<T>,
): Promise<T> {
  if (token === undefined) {
    throw new InputError('--as TOKEN is missing', { field: 'as' }, 'or set ALLOSTAT_TOKEN');
  }
  if (url !== undefined) return work(new GovernanceClient(url), token);
  return withStage(definition(), { home, serve: true }, async (stage) => {
    const result = await work(new GovernanceClient(stage.url as string), token);
    await publishCheckpoint(stage.units, identity, { service: stage.name, now: CLOCK.now() });
    return result;
  });
}
