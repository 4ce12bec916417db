// Runs our benchmark and the peers' in one go, task by task, and prints the ratio of medians to the fastest peer.
//
//   node tests/bench/compare.mjs [task ...] --python /path/to/venv/bin/python [--shared ../shared]
//
// The peers' kit and its requirements stand in <shared>/peers; our side is the built `allostat bench`. CPU time is
// compared, so that load from elsewhere counts less; wall medians are printed beside it.
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const root = resolve(here, '..', '..');
const { tasks, options } = readArguments(process.argv.slice(2));
const shared = resolve(root, options.shared ?? '../shared');
const python = options.python ?? 'python3';
const allostat = resolve(root, options.allostat ?? 'services/allostat/bin/allostat.js');

/** Bars of the ratio to the fastest peer, by task and slice. */
const bars = {
  'hrp-single': { sp500_20: 0.05, sp500_470: 0.05 },
  'hrp-ward': { sp500_20: 0.05, sp500_470: 0.05 },
  'min-cvar': { sp500_20: 0.25, etf31: 0.25, sp500_470: 0.25 },
  'min-cdar': { sp500_20: 0.15, etf31: 0.15 },
  'erc-variance': { sp500_20: 0.5 },
  'meanvar-box-group-turnover': { sp500_470: 0.25 },
  'ledoit-wolf': { synthetic: 1 },
  'walkforward-hrp-ward-W252': { etf31: 0.05 },
  'walkforward-min-cvar-W1000': { etf31: 0.1 },
  'bt-monthly-equal-10bp': { etf31: 0.2 },
  'backtest-spo-factor15-daily': { '1004x470': 0.25 },
};

for (const needed of [allostat, join(shared, 'peers', 'bench_allocation.py')]) {
  if (!existsSync(needed)) {
    console.error(`there is no ${needed}; build first (npm run build), or give --allostat and --shared`);
    process.exit(1);
  }
}

/** Script and tasks of the peers' kit that do the same work as ours, where its name is another. */
const backtests = {
  walkforward: ['bench_walkforward.py', 'hrp,cvar'],
  'bt-monthly': ['bench_walkforward.py', 'bt'],
  spo: ['bench_cvxportfolio.py', 'spo-470'],
};
/** Work that no peer does. */
const alone = ['multi', 'engine-20-years', 'engine-mandates', 'regime-tick', 'bar-update', 'backfill'];
const known = [
  ...['hrp', 'min-cvar', 'min-cdar', 'erc', 'erc-cvar', 'meanvar', 'ledoit-wolf', 'multi'],
  ...Object.keys(backtests),
  ...['engine-20-years', 'engine-mandates'],
];
let missed = 0;
for (const task of tasks.length > 0 ? tasks : known) {
  const peers = alone.includes(task)
    ? []
    : lines(
        python,
        task === 'ledoit-wolf'
          ? [join(here, 'ledoit_wolf.py')]
          : task in backtests
            ? [join(shared, 'peers', backtests[task][0]), '--task', backtests[task][1]]
            : [join(shared, 'peers', 'bench_allocation.py'), '--task', task],
      );
  const ours = lines(process.execPath, [allostat, 'bench', task, '--data', shared]);
  for (const own of ours) {
    const rivals = peers.filter((row) => row.task === own.task && row.size === own.size && row.median_cpu_ms);
    const fastest = rivals.sort((a, b) => a.median_cpu_ms - b.median_cpu_ms)[0];
    const slice = own.size.split(' ')[0];
    const bar = bars[own.task]?.[slice];
    const ratio = fastest ? own.medianCpuMs / fastest.median_cpu_ms : undefined;
    if (bar !== undefined && ratio > bar) missed++;
    console.log(
      JSON.stringify({
        task: own.task,
        size: own.size,
        cpuMs: own.medianCpuMs,
        wallMs: own.medianMs,
        minMs: own.minMs,
        peer: fastest?.peer,
        peerCpuMs: fastest?.median_cpu_ms,
        ratio: ratio === undefined ? undefined : Number(ratio.toPrecision(3)),
        bar,
        met: bar === undefined ? undefined : ratio <= bar,
        value: own.value,
        peerValue: fastest?.value,
      }),
    );
  }
}
console.error(`${missed} bars missed`);

function lines(command, args) {
  const output = execFileSync(command, args, {
    encoding: 'utf8',
    maxBuffer: 1 << 26,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  return output
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line));
}

function readArguments(list) {
  const found = { tasks: [], options: {} };
  for (let k = 0; k < list.length; k++) {
    if (list[k].startsWith('--')) found.options[list[k].slice(2)] = list[++k];
    else found.tasks.push(list[k]);
  }
  return found;
}
