// Measures the audit log on a real Postgres: decisions appended a second with checkpoints on, and the time of a proof.
//
//   node tests/bench/audit-log.mjs [--leaves 1000000] [--decisions 5000] [--workers 24] [--pool N]
//
// Appends go through the same code as the service, with as many connections as it has by default, one transaction each, as
// many at a time as there are workers; the tree of many leaves is loaded in bulk first. Prints one JSON line a figure. What
// a decision costs in time of a core (`nodeCpuMsEach`, on Linux `postgresCpuMsEach`) hardly depends on who else computes.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const require = createRequire(import.meta.url);
const root = resolve(dirname(fileURLToPath(import.meta.url)), '..', '..');
const load = (name) => require(join(root, name));
const platform = load('libs/platform/dist/index.js');
const governance = load('services/governance/dist/index.js');
const { WIRE_CODEC } = load('libs/wire/dist/index.js');
const option = (name, fallback) => {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? fallback : Number(process.argv[at + 1]);
};
const leaves = option('leaves', 1_000_000);
const decisions = option('decisions', 5_000);
const workers = option('workers', 24);
const poolSize = option('pool', undefined);

const folder = mkdtempSync(join(tmpdir(), 'allostat-audit-bench-'));
const postgres = await platform.startEmbeddedPostgres({ dataDir: join(folder, 'postgres') });
try {
  const clock = { now: () => new Date().toISOString() };
  const identity = { origin: 'allostat/bench', key: platform.SigningKey.ensureFile(join(folder, 'key.pem')) };
  const stageOf = governance.governance({
    people: new platform.People([]),
    clock,
    commandTime: 'wall',
    auditLog: identity,
  });
  await platform.migrate({ adminUrl: postgres.url, stages: [stageOf] });
  const bus = await platform.createMessageBus({ kind: 'postgres', url: postgres.url, clientId: 'bench' });
  await bus.ensureTopics(load('services/allostat/dist/line/topic-specs.js').topicSpecs());
  const stage = await platform.startStage(stageOf, {
    databaseUrl: platform.roleUrl(postgres.url, 'governance'),
    bus,
    codec: WIRE_CODEC,
    clock,
    ...(poolSize !== undefined && { poolSize }),
    logger: platform.createLogger({ service: 'bench', level: 'silent' }),
  });
  const record = (k) => ({
    type: 'AuditRecord',
    at: clock.now(),
    actor: k % 2 ? 'pat' : 'riley',
    action: 'review.approve',
    subject: `mandate:m-${k % 50}`,
    body: { proposalId: `p-${k}`, contentHash: 'a'.repeat(64), reason: 'checked against the mandate' },
  });
  const loaded = Date.now();
  for (let k = 0; k < leaves; k += 5_000) {
    const batch = Array.from({ length: Math.min(5_000, leaves - k) }, (_, i) => record(k + i));
    await stage.units.run(async (unit) => platform.appendAudit(unit, batch));
  }
  print('load', { leaves, seconds: (Date.now() - loaded) / 1000 });

  for (const size of [1, 20]) {
    const stop = platform.keepCheckpoints({ stage, identity, now: clock.now });
    const started = Date.now();
    const cpu = process.cpuUsage();
    const served = serverCpuMs(postgres.pid);
    let next = 0;
    const worker = async () => {
      while (next < decisions) {
        const from = next;
        next += size;
        const batch = Array.from({ length: size }, (_, i) => record(from + i));
        await stage.units.run(async (unit) => platform.appendAudit(unit, batch));
      }
    };
    await Promise.all(Array.from({ length: workers }, worker));
    const seconds = (Date.now() - started) / 1000;
    const { user, system } = process.cpuUsage(cpu);
    await stop();
    print('append', {
      decisionsATransaction: size,
      workers,
      decisions,
      perSecond: Math.round(decisions / seconds),
      nodeCpuMsEach: Number(((user + system) / 1000 / decisions).toFixed(3)),
      postgresCpuMsEach: Number(((serverCpuMs(postgres.pid) - served) / decisions).toFixed(3)),
    });
  }

  const { size } = await stage.units.run((unit) => platform.auditHead(unit.manager));
  const times = [];
  for (let k = 0; k < 400; k++) {
    const from = 1 + Math.floor((size - 1) * ((k * 0.618) % 1));
    const at = performance.now();
    await stage.units.run((unit) => platform.consistencyProof(unit.manager, from, size));
    times.push(performance.now() - at);
  }
  times.sort((a, b) => a - b);
  print('proof', { leaves: size, medianMs: times[200], p99Ms: times[396] });
  await stage.close();
  await bus.close();
} finally {
  await postgres.stop();
  rmSync(folder, { recursive: true, force: true });
}

function print(task, figures) {
  console.log(JSON.stringify({ task: `audit-${task}`, ...figures }));
}

/** Time of a core that a server and its processes have used; NaN, and null in the output, where there is no /proc. */
function serverCpuMs(pid) {
  try {
    const stats = readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .flatMap((name) => statOf(name))
      .filter((fields) => Number(fields[1]) === pid);
    return stats.reduce((sum, fields) => sum + (Number(fields[11]) + Number(fields[12])) * 10, 0);
  } catch {
    return NaN;
  }
}

/** Fields of a process from its state on, as proc(5) counts them from the third; none when it has ended. */
function statOf(pid) {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return [text.slice(text.lastIndexOf(')') + 2).split(' ')];
  } catch {
    return [];
  }
}
