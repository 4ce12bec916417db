import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lineStages, topicSpecs } from '@allostat/allostat';
import { createRng } from '@allostat/kernel';
import { simulateMarket } from '@allostat/quant';
import { cancelJob, listModels, MODEL_LAB, modelLab, readJobs, submitJob, type JobView } from '@allostat/model-lab';
import { jobResult, jobSpecSchema, runSlice, slicesOf, type DomainEvent, type JobSpec } from '@allostat/pipeline';
import {
  ArtefactStore,
  createLogger,
  createMessageBus,
  freePort,
  migrate,
  People,
  roleUrl,
  SigningKey,
  startStage,
  type MessageBus,
  type MessageBusOptions,
  type RunningStage,
} from '@allostat/platform';
import { eventually, startPostgres, SupervisedProcess, type Infrastructure } from '@allostat/testkit';
import { WIRE_CODEC } from '@allostat/wire';

const clock = { now: () => '2024-01-01T00:00:00.000Z' };
const MAIN = join(__dirname, '../../services/model-lab/src/main.ts');
const artefacts = new ArtefactStore();

const rows = 700;
const assets = ['A', 'B', 'C', 'D', 'E'];

function job(name: string, draws: number): JobSpec {
  const rng = createRng(4);
  const levels = assets.map(() => 100);
  return {
    kind: 'randomised-backtests',
    name,
    draws,
    seed: 9,
    assetsPerDraw: 3,
    barsPerDraw: 250,
    historyBars: 300,
    cost: 0.001,
    delayBars: 1,
    policies: { equal: { kind: 'equal-weight' }, hrp: { kind: 'hierarchical-risk-parity' } },
    market: {
      dates: Array.from({ length: rows }, (_, t) => new Date(Date.UTC(2010, 0, 1 + t)).toISOString().slice(0, 10)),
      assets,
      levels: Array.from({ length: rows }, () =>
        assets.map((_, i) => (levels[i] *= 1 + 0.0002 + 0.01 * rng.normal())),
      ).flat(),
    },
  };
}

/** Portfolios through a long history: each takes its time. */
function wholeBacktest(name: string): JobSpec {
  const rng = createRng(8);
  const days = 2000;
  const levels = assets.map(() => 100);
  const portfolios = Object.fromEntries(
    Array.from({ length: 12 }, (_, k) => [
      `tree ${k}`,
      { kind: 'hierarchical-risk-parity', assets, bars: 60 + 40 * k },
    ]),
  );
  return jobSpecSchema.parse({
    ...{ kind: 'backtest', name, from: dayAfter(600), portfolios, costs: { proportional: 0.001 } },
    market: {
      ...{ dates: Array.from({ length: days }, (_, t) => dayAfter(t)), assets },
      levels: Array.from({ length: days }, () =>
        assets.map((_, i) => (levels[i] *= 1 + 0.0002 + 0.01 * rng.normal())),
      ).flat(),
    },
  });
}

const dayAfter = (t: number): string => new Date(Date.UTC(2010, 0, 1 + t)).toISOString().slice(0, 10);

function validation(name: string): JobSpec {
  const { market, policies } = job(name, 1) as Extract<JobSpec, { kind: 'randomised-backtests' }>;
  const scheme = { type: 'combinatorial-purged', folds: 5, testFolds: 2 };
  return jobSpecSchema.parse({ kind: 'validation', name, scheme, policies, market });
}

/** The demonstration market's own returns, with the names that a regime model looks at. */
function training(name: string): JobSpec {
  const market = simulateMarket({ seed: 9, years: 5, defectsPerYear: 0 });
  const named = { 'return.equity.1d': 'US_EQUITY', 'return.bond.1d': 'US_TREASURY_10Y', 'return.gold.1d': 'GOLD' };
  const at = Object.entries(named).map(
    ([feature, id]) => [feature, market.instruments.findIndex((i) => i.id === id)] as const,
  );
  const history = market.dates.map((asOf, bar) => ({
    asOf,
    values: Object.fromEntries(at.map(([feature, i]) => [feature, market.returns[bar][i]])),
  }));
  return { kind: 'regime-training', name, model: 'regime:trained', history };
}

/** What a job must come to, computed here and in one go. */
function expected(spec: JobSpec): string {
  const results = Array.from({ length: slicesOf(spec) }, (_, k) => runSlice(spec, k));
  return jobResult(spec, JSON.parse(JSON.stringify(results)) as typeof results).resultHash;
}

/** Jobs over one transport: submitted, computed, cancelled, and carried on by whoever is left when a worker is killed. */
export function jobsContract(busFor: (adminUrl: string) => Promise<MessageBusOptions>): void {
  const folder = mkdtempSync(join(tmpdir(), 'allostat-jobs-'));
  const logKey = join(folder, 'model-log-key.pem');
  let postgres: Infrastructure;
  let bus: MessageBus;
  let options: MessageBusOptions;
  let client: RunningStage<DomainEvent>;
  const runtime = () => ({
    databaseUrl: roleUrl(postgres.url, 'model-lab'),
    bus,
    codec: WIRE_CODEC,
    clock,
    logger: createLogger({ service: 'model-lab', level: 'silent' }),
  });
  const jobs = (id?: string): Promise<JobView[]> => client.units.run(({ manager }) => readJobs(manager, id));
  const submit = (spec: JobSpec) =>
    client.units.run((unit) => submitJob(unit, artefacts, spec, { by: 'researcher', at: clock.now() }));
  const finished = (id: string): Promise<JobView> =>
    eventually(async () => {
      const [view] = await jobs(id);
      expect(view?.status).toBe('done');
      return view;
    }, 90_000);

  beforeAll(async () => {
    SigningKey.ensureFile(logKey);
    postgres = await startPostgres();
    await migrate({
      adminUrl: postgres.url,
      stages: lineStages({ people: new People([]), clock, commandTime: 'wall' }),
    });
    options = await busFor(postgres.url);
    bus = await createMessageBus(options);
    await bus.ensureTopics(topicSpecs());
    // takes jobs from the topic and computes none
    client = await startStage<DomainEvent>(MODEL_LAB, runtime());
  }, 120_000);
  afterAll(async () => {
    await client.close();
    await bus.close();
    await postgres.stop();
    rmSync(folder, { recursive: true, force: true });
  }, 60_000);

  it('gives the result of one go, however many workers share the slices; asking twice is asking once', async () => {
    const spec = job('shared', 8);
    const one = await submit(spec);
    const again = await submit(spec);
    expect(again.jobId).toBe(one.jobId);
    await eventually(async () => expect(await jobs(one.jobId)).toHaveLength(1), 30_000);
    const workers = await Promise.all(
      [1, 2].map(() => startStage<DomainEvent>({ ...modelLab({ threads: 0 }), controllers: [] }, runtime())),
    );
    try {
      const done = await finished(one.jobId);
      expect(done).toMatchObject({ slices: 8, finished: 8, resultHash: expected(spec) });
      expect(Object.keys(done.summary as object).sort()).toEqual(['equal', 'hrp']);
    } finally {
      for (const worker of workers) await worker.close();
    }
  }, 120_000);

  it.each<[string, JobSpec, number]>([
    ['a whole backtest', wholeBacktest('backtest'), 12],
    ['a validation', validation('validation'), 10],
  ])(
    'computes %s to the result of one go',
    async (_name, spec, slices) => {
      const { jobId } = await submit(spec);
      const worker = await startStage<DomainEvent>({ ...modelLab({ threads: 0 }), controllers: [] }, runtime());
      try {
        expect(await finished(jobId)).toMatchObject({ slices, finished: slices, resultHash: expected(spec) });
      } finally {
        await worker.close();
      }
    },
    120_000,
  );

  it('registers what a training leaves, once and under no alias', async () => {
    const spec = training('training');
    const { jobId } = await submit(spec);
    await submit(spec);
    const worker = await startStage<DomainEvent>({ ...modelLab({ threads: 0 }), controllers: [] }, runtime());
    try {
      const { summary } = await finished(jobId);
      const models = await client.units.run(({ manager }) => listModels(manager));
      const trained = models.find(({ model }) => model === 'regime:trained');
      expect(trained?.versions.map(({ version }) => version)).toEqual([(summary as { version: string }).version]);
      expect(trained?.aliases).toEqual([]);
    } finally {
      await worker.close();
    }
  }, 120_000);

  it('leaves the slices of a cancelled job alone', async () => {
    const { jobId } = await submit(job('cancelled', 5));
    await eventually(async () => expect((await jobs(jobId))[0]?.status).toBe('running'), 30_000);
    const asked = { by: 'researcher', at: clock.now(), reason: 'asked by mistake' };
    await client.units.run((unit) => Promise.resolve(cancelJob(unit, jobId, asked)));
    await eventually(async () => expect((await jobs(jobId))[0]?.status).toBe('cancelled'), 30_000);
    const worker = await startStage<DomainEvent>({ ...modelLab({ threads: 0 }), controllers: [] }, runtime());
    try {
      const other = job('after it', 1);
      const { jobId: next } = await submit(other);
      expect((await finished(next)).resultHash).toBe(expected(other));
      expect((await jobs(jobId))[0]).toMatchObject({ status: 'cancelled', finished: 0 });
      expect((await jobs(jobId))[0].reason).toMatch(/asked by mistake/);
    } finally {
      await worker.close();
    }
  }, 120_000);

  it('says what went wrong with a job that cannot be computed', async () => {
    const spec = { ...job('impossible', 1), barsPerDraw: 5000 } as JobSpec;
    const { jobId } = await submit(spec);
    const worker = await startStage<DomainEvent>({ ...modelLab({ threads: 0 }), controllers: [] }, runtime());
    try {
      await eventually(async () => expect((await jobs(jobId))[0]?.status).toBe('failed'), 30_000);
      expect((await jobs(jobId))[0].reason).toMatch(/slice 0 failed 3 times: no stretch of 300 \+ 5000 rows/);
    } finally {
      await worker.close();
    }
  }, 120_000);

  it.each<[string, JobSpec, number]>([
    ['random backtests', job('killed', 60), 3],
    ['a whole backtest', wholeBacktest('killed'), 1],
  ])(
    'carries on after kill -9 in the middle of %s, and comes to the same result',
    async (_name, spec, least) => {
      const { jobId } = await submit(spec);
      const port = await freePort();
      const worker = new SupervisedProcess({
        file: MAIN,
        args: [],
        env: () => ({
          DATABASE_URL: roleUrl(postgres.url, 'model-lab'),
          PORT: String(port),
          HOST: '127.0.0.1',
          LOG_LEVEL: 'error',
          MODEL_LOG_KEY_FILE: logKey,
          JOB_THREADS: '0',
          JOB_LEASE_SECONDS: '2',
          ...(options.kind === 'kafka' && { KAFKA_BROKERS: options.brokers.join(',') }),
        }),
        isReady: async () => (await fetch(`http://127.0.0.1:${port}/health/ready`).catch(() => undefined))?.ok === true,
      });
      try {
        await worker.start();
        const seen = await eventually(async () => {
          const [view] = await jobs(jobId);
          expect(view.finished).toBeGreaterThan(least);
          return view;
        }, 60_000);
        expect(seen.status).toBe('running');
        worker.signal('SIGKILL');
        const done = await finished(jobId);
        expect(worker.ends[0]).toMatchObject({ signal: 'SIGKILL' });
        expect(done.resultHash).toBe(expected(spec));
      } finally {
        await worker.stop();
      }
    },
    180_000,
  );
}
