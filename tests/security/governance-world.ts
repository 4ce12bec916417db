import { createHash } from 'node:crypto';
import { ROLES } from '@allostat/contracts';
import { topicSpecs } from '@allostat/allostat';
import { governance } from '@allostat/governance';
import { deterministicId } from '@allostat/kernel';
import type { AllocationProposed, DomainEvent, Mandate, Universe } from '@allostat/pipeline';
import {
  createLogger,
  createMessageBus,
  envelopeHeaders,
  type MessageBus,
  migrate,
  People,
  type Person,
  roleUrl,
  type RunningStage,
  type StageDefinition,
  startStage,
} from '@allostat/platform';
import { modelLab } from '@allostat/model-lab';
import { regimeDetection } from '@allostat/regime-detection';
import { signalIngestion } from '@allostat/signal-ingestion';
import { startPostgres, type Infrastructure } from '@allostat/testkit';
import { encodeEvent, WIRE_CODEC } from '@allostat/wire';
import { Client } from 'pg';

export const UNIVERSE: Universe = {
  id: 'demo',
  version: 1,
  currency: 'USD',
  instruments: [
    { id: 'EQ', assetClass: 'equity' },
    { id: 'BOND', assetClass: 'government-bond' },
  ],
};

export const mandateNamed = (id: string): Mandate => ({
  id,
  version: 1,
  name: id,
  universeId: 'demo',
  currency: 'USD',
  notional: 1e8,
  anchorWeights: { EQ: 0.5, BOND: 0.5 },
  rebalance: { every: 'week', onRegimeChange: true },
  risk: {
    volatilityTarget: 0.08,
    regimeScale: { expansion: 1, tightening: 0.9, crisis: 0.5, recovery: 0.8 },
    drawdownBudget: 0.1,
  },
  limits: { default: { min: 0, max: 1 }, noTradeBand: 0 },
  defaultCostBps: 1,
  approvals: { required: 2, validityDays: 5 },
  stage: 'pilot',
});

const hash = (text: string): string => createHash('sha256').update(text).digest('hex');
const person = (id: string, roles: Person['roles'], rest: Partial<Person> = {}): Person => ({
  id,
  name: id,
  roles,
  tokenSha256: hash(`secret-${id}`),
  ...rest,
});

/** One person a role, two who may sign, and two whose world is one mandate. */
export const PEOPLE: readonly Person[] = [
  ...ROLES.map((role) => person(role, [role])),
  person('pat', ['portfolio-manager']),
  person('riley', ['risk']),
  person('ann', ['portfolio-manager', 'risk', 'compliance', 'operator'], {
    mandates: ['mandate-a'],
    universes: ['demo'],
  }),
  person('bob', ['portfolio-manager', 'risk', 'compliance', 'operator'], {
    mandates: ['mandate-b'],
    universes: ['other'],
  }),
];

export const bearer = (id: string): string => `Bearer secret-${id}`;

export interface Answer {
  readonly status: number;
  readonly body: { readonly error?: { readonly code: string; readonly message: string } } & Record<string, unknown>;
}

/** Rooms of a service besides the one it is named by. */
const ROOMS: Readonly<Record<string, string>> = { quarantine: 'observations', 'audit/model-receipts': 'jobs' };

/** Governance on a real database, with mandates and what tests publish to it. */
export class GovernanceWorld {
  private constructor(
    readonly postgres: Infrastructure,
    readonly bus: MessageBus,
    readonly stage: RunningStage<DomainEvent>,
    /** Every stage with routes, by the first part of its paths; governance has all others. */
    private readonly neighbours: Readonly<Record<string, RunningStage<DomainEvent>>>,
  ) {}

  static async open(options: {
    readonly bus?: (url: string) => Promise<MessageBus>;
    readonly mandates: readonly string[];
    /** Default `PEOPLE`. */
    readonly people?: People;
    /** Also starts the other services that have routes. */
    readonly neighbours?: boolean;
  }): Promise<GovernanceWorld> {
    const postgres = await startPostgres();
    const people = options.people ?? new People(PEOPLE);
    const definition = governance({
      people,
      clock: { now: () => new Date().toISOString() },
      commandTime: 'wall',
    });
    const others: Record<string, StageDefinition> = options.neighbours
      ? {
          observations: signalIngestion({ people }),
          alerts: regimeDetection({ people }),
          jobs: modelLab({ people, threads: 0 }),
        }
      : {};
    await migrate({ adminUrl: postgres.url, stages: [definition, ...Object.values(others)] });
    const bus = await (options.bus?.(postgres.url) ??
      createMessageBus({ kind: 'postgres', url: postgres.url, clientId: 'test' }));
    await bus.ensureTopics(topicSpecs());
    const start = (which: StageDefinition) =>
      startStage<DomainEvent>(which, {
        databaseUrl: roleUrl(postgres.url, which.name),
        bus,
        codec: WIRE_CODEC,
        clock: { now: () => new Date().toISOString() },
        logger: createLogger({ service: which.name, level: 'silent' }),
        port: 0,
      });
    const stage = await start(definition);
    const neighbours: Record<string, RunningStage<DomainEvent>> = {};
    for (const [path, other] of Object.entries(others)) neighbours[path] = await start(other);
    const world = new GovernanceWorld(postgres, bus, stage, neighbours);
    await world.publish({ type: 'UniverseVersioned', universe: UNIVERSE });
    for (const id of options.mandates) await world.publish({ type: 'MandateVersioned', mandate: mandateNamed(id) });
    await world.taken();
    return world;
  }

  /** Every stage that was started. */
  get stages(): readonly RunningStage<DomainEvent>[] {
    return [this.stage, ...Object.values(this.neighbours)];
  }

  async publish(event: DomainEvent): Promise<void> {
    const { topic, key, type, value } = encodeEvent(event);
    const time = new Date().toISOString();
    const id = deterministicId('world', JSON.stringify(event));
    const headers = envelopeHeaders({ id, type, source: 'test', time, correlationId: id });
    await this.bus.publish([{ topic, key, value: Buffer.from(value), headers }]);
  }

  /** A proposal for a mandate, and its id. */
  async propose(
    mandateId: string,
    number: number,
    to = 0.52,
    change: Partial<AllocationProposed> = {},
  ): Promise<string> {
    const proposalId = `${mandateId}-proposal-${number}`;
    await this.publish({ ...proposalOf(mandateId, proposalId, to), ...change });
    return proposalId;
  }

  /** Waits until governance has taken everything. */
  async taken(): Promise<void> {
    const topics = ['universe.version.v1', 'mandate.version.v1', 'allocation.proposal.v1', 'allocation.status.v1'];
    while ((await this.bus.lag('governance', topics)) > 0) await new Promise((resolve) => setTimeout(resolve, 5));
  }

  async call(who: string | undefined, method: string, path: string, body?: unknown): Promise<Answer> {
    const [, room] = /^\/(audit\/model-receipts|[^/?]+)/.exec(path) ?? [];
    const stage = this.neighbours[ROOMS[room] ?? room] ?? this.stage;
    const response = await fetch(`${stage.url}${path}`, {
      method,
      headers: { 'content-type': 'application/json', ...(who !== undefined && { authorization: bearer(who) }) },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    if (response.headers.get('content-type')?.startsWith('text/event-stream')) {
      await response.body?.cancel(); // it has no end
      return { status: response.status, body: {} };
    }
    const text = await response.text();
    return { status: response.status, body: (text === '' ? {} : JSON.parse(text)) as Answer['body'] };
  }

  /** A session on governance's schema: in the service's own role, or as an administrator. */
  async connect(who: 'service' | 'administrator'): Promise<Client> {
    const { url } = this.postgres;
    const connectionString = who === 'service' ? roleUrl(url, 'governance') : url;
    const client = new Client({ connectionString, options: '-c search_path=governance' });
    await client.connect();
    return client;
  }

  async approve(who: string, proposalId: string): Promise<Answer> {
    const { body } = await this.call(who, 'GET', `/reviews/${proposalId}`);
    const answers = Object.fromEntries(((body.questions ?? []) as string[]).map((question) => [question, true]));
    return this.call(who, 'POST', `/reviews/${proposalId}/decisions`, {
      decision: 'approve',
      reason: 'checked against the mandate',
      contentHash: body.contentHash,
      answers,
    });
  }

  async close(): Promise<void> {
    for (const stage of this.stages) await stage.close();
    await this.bus.close();
    await this.postgres.stop();
  }
}

function proposalOf(mandateId: string, proposalId: string, to: number): AllocationProposed {
  const today = new Date().toISOString().slice(0, 10);
  return {
    type: 'AllocationProposed',
    proposalId,
    mandateId,
    mandateVersion: 1,
    asOf: today,
    trigger: 'schedule',
    regime: 'expansion',
    weights: [
      { instrument: 'EQ', previousWeight: 0.5, targetWeight: to, riskContribution: 0.5, cost: 0 },
      { instrument: 'BOND', previousWeight: 0.5, targetWeight: 1 - to, riskContribution: 0.5, cost: 0 },
    ],
    expectedVolatility: 0.08,
    volatilityTarget: 0.08,
    turnover: Math.abs(to - 0.5),
    expectedCost: 0,
    certificate: { method: 'hrp', status: 'feasible', primalResidual: 0, iterations: 1 },
    rationale: ['a test'],
    inputs: { riskModel: hash('risk'), budget: hash('budget'), holdings: hash('held'), mandate: hash('mandate') },
    prices: [
      { id: 'EQ', close: 100 },
      { id: 'BOND', close: 50 },
    ],
  };
}
