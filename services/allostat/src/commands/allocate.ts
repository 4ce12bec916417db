import { AllostatError } from '@allostat/kernel';
import { Option, type Command } from 'commander';
import { ALLOCATE_METHODS, type AllocateMethod } from './allocate-methods';
import type { AllocateOutcome } from './allocate-run';

const examples = `
Examples:
  $ allostat allocate --returns returns.csv --method hrp
  $ allostat allocate --prices prices.csv --method min-cvar --config limits.yaml --json
  $ allostat allocate --returns returns.csv --method multi --config mandate.yaml
`;

interface AllocateOptions {
  readonly returns?: string;
  readonly prices?: string;
  readonly method: AllocateMethod;
  readonly config?: string;
  readonly missing: 'refuse' | 'drop';
  readonly json?: boolean;
}

/** Adds `allostat allocate`: one allocation from a file of returns or prices. */
export function registerAllocate(program: Command): void {
  program
    .command('allocate')
    .summary('one allocation from a file of returns or prices')
    .description('Allocates a portfolio over the assets of a CSV file (date column, one column an asset).')
    .addHelpText('before', examples)
    .option('--returns <file>', 'CSV of returns (decimals); a file of prices is recognised')
    .option('--prices <file>', 'CSV of prices')
    .addOption(new Option('--method <method>', 'how to allocate').choices(ALLOCATE_METHODS).makeOptionMandatory())
    .option('--config <file>', 'YAML with limits, objectives and settings')
    .addOption(
      new Option('--missing <rule>', 'what to do with rows in which a value is missing')
        .choices(['refuse', 'drop'])
        .default('refuse'),
    )
    .option('--json', 'print one JSON document')
    .action(allocateAction);
}

async function allocateAction(options: AllocateOptions): Promise<void> {
  try {
    const file = options.returns ?? options.prices;
    if (file === undefined || (options.returns !== undefined && options.prices !== undefined)) {
      throw new AllostatError(
        'USAGE.INPUT',
        'give either --returns or --prices',
        'allostat allocate --help shows examples',
      );
    }
    // loaded only now: the numbers are heavy and other commands do without them
    const [{ readReturnsFile }, { readAllocateConfig }, { runAllocate }] = await Promise.all([
      import('./allocate-file'),
      import('./allocate-config'),
      import('./allocate-run'),
    ]);
    const config = options.config === undefined ? {} : readAllocateConfig(options.config);
    const source = readReturnsFile({
      file,
      kind: options.prices === undefined ? 'auto' : 'prices',
      missing: options.missing,
    });
    if (source.dropped > 0) process.stderr.write(`${source.dropped} rows without all values left out\n`);
    const begun = performance.now();
    const outcome = await runAllocate(source.panel, options.method, config);
    report(outcome, { json: options.json === true, milliseconds: performance.now() - begun, kind: source.kind });
    if (outcome.status === 'infeasible') process.exitCode = 3;
  } catch (error) {
    if (!(error instanceof AllostatError)) throw error;
    const { code, message, hint } = error;
    if (options.json) process.stdout.write(`${JSON.stringify({ error: { code, message, hint } })}\n`);
    else process.stderr.write(`${message}${hint === undefined ? '' : `\n${hint}`}\n`);
    process.exitCode = code.startsWith('USAGE.') ? 2 : 1;
  }
}

function report(
  outcome: AllocateOutcome,
  { json, milliseconds, kind }: { json: boolean; milliseconds: number; kind: string },
): void {
  if (json) {
    process.stdout.write(
      `${JSON.stringify({ ...outcome, input: kind, milliseconds: Math.round(milliseconds * 1000) / 1000 })}\n`,
    );
    return;
  }
  if (outcome.status === 'infeasible') {
    const lines = [
      'No weights meet the limits.',
      `In conflict: ${outcome.conflict.limits.join(', ')}`,
      ...outcome.conflict.relaxation.map(({ limit, by }) => `Would help: move "${limit}" by ${by.toPrecision(6)}`),
    ];
    process.stdout.write(`${lines.join('\n')}\n`);
    return;
  }
  const { assets, weights, risk, riskContributions, certificate, shadowPrices } = outcome;
  const width = Math.max(...assets.map((asset) => asset.length), 6);
  const percent = (value: number | undefined): string =>
    (value === undefined ? '' : `${(100 * value).toFixed(2)} %`).padStart(10);
  const lines = [
    `${'asset'.padEnd(width)}${'weight'.padStart(10)}${'risk share'.padStart(12)}`,
    ...assets.map(
      (asset, i) => `${asset.padEnd(width)}${percent(weights[i])}${percent(riskContributions[i]).padStart(12)}`,
    ),
    '',
    `per period: volatility ${percent(risk.volatility).trim()}, CVaR ${percent(risk.cvar).trim()}, CDaR ${percent(risk.cdar).trim()}, maximum drawdown ${percent(risk.maxDrawdown).trim()}`,
    `certificate: ${certificate.status}, gap ${certificate.gap ?? '-'}, residual ${certificate.primalResidual.toExponential(1)}, ${certificate.iterations} iterations, ${milliseconds.toFixed(1)} ms`,
    ...shadowPrices.map(({ limit, price }) => `shadow price of ${limit}: ${price.toPrecision(4)}`),
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}
