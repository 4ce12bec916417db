import type { Command } from 'commander';

const EXAMPLES = `
Examples:
  allostat audit verify
  allostat audit key > log.pub
  allostat audit rotate-key --as TOKEN --reason "yearly"
  allostat audit receipt PROPOSAL --out decision.json
  allostat audit receipt CHANGE --log models --out promotion.json
  allostat audit verify --bundle decision.json --key log.pub
  allostat audit witness --name risk --key risk.pem --log-key log.pub --state risk.json --as TOKEN --once
`;

export interface AuditVerifyOptions {
  readonly log?: string;
  readonly bundle?: string;
  readonly key?: string;
  readonly witnessKeys?: string;
  readonly quorum: string;
  readonly json?: boolean;
}

export interface AuditKeyOptions {
  readonly log: string;
  readonly former?: boolean;
  readonly json?: boolean;
}

export interface AuditRotateOptions {
  readonly as?: string;
  readonly reason: string;
  readonly json?: boolean;
}

export interface AuditReceiptOptions {
  readonly log: string;
  readonly out?: string;
  readonly json?: boolean;
}

export interface AuditWitnessOptions {
  readonly log: string;
  readonly name: string;
  readonly key: string;
  readonly logKey: string;
  readonly state: string;
  readonly as: string;
  readonly url?: string;
  readonly once?: boolean;
  readonly json?: boolean;
}

export function registerAudit(program: Command): void {
  const audit = program
    .command('audit')
    .summary('the audit log')
    .description('Proof of what was decided by whom.')
    .addHelpText('before', EXAMPLES);
  audit
    .command('verify')
    .description('recompute the log, or check one receipt offline; exit code 3 and what is wrong when it does not hold')
    .option('--log <name>', 'governance or models alone (default: both)')
    .option('--bundle <file>', 'a receipt: nothing else is read but the public keys')
    .option('--key <file>', "the log's public keys, as `audit key` prints them (default: that of ALLOSTAT_HOME)")
    .option('--witness-keys <file>', 'public keys of witnesses, one a line')
    .option('--quorum <n>', 'witnesses that must have co-signed the receipt', '0')
    .option('--json', 'print the result as one JSON document')
    .action(async (options: AuditVerifyOptions) => {
      const { runCommand } = await import('../cli/output');
      await runCommand(options, async () => (await import('./run-audit')).runAuditVerify(options));
    });
  audit
    .command('key')
    .description("print the log's public key")
    .option('--log <name>', 'governance or models', 'governance')
    .option('--former', 'also those that signed before it, one a line: receipts of that time need them')
    .option('--json', 'print the result as one JSON document')
    .action(async (options: AuditKeyOptions) => {
      const { runCommand } = await import('../cli/output');
      await runCommand(options, async () => (await import('./run-audit')).runAuditKey(options));
    });
  audit
    .command('rotate-key')
    .description('put a new key in the place of the one that signs; both sign the record of it')
    .option('--as <token>', "the person's token", process.env.ALLOSTAT_TOKEN)
    .requiredOption('--reason <text>', 'why; kept')
    .option('--json', 'print the result as one JSON document')
    .action(async (options: AuditRotateOptions) => {
      const { runCommand } = await import('../cli/output');
      await runCommand(options, async () => (await import('./run-rotate-key')).runRotateKey(options));
    });
  audit
    .command('receipt')
    .argument('<id>', 'a proposal, or with `--log models` a change of a model')
    .description('everything about one decision with its proofs, for whoever holds the public key')
    .option('--log <name>', 'governance or models', 'governance')
    .option('--out <file>', 'write to a file instead of the output')
    .option('--json', 'accepted for uniformity: a receipt is JSON either way')
    .action(async (id: string, options: AuditReceiptOptions) => {
      const { runCommand } = await import('../cli/output');
      await runCommand(options, async () => (await import('./run-audit')).runAuditReceipt(id, options));
    });
  audit
    .command('witness')
    .description(
      'co-sign checkpoints that continue what was seen before; a log with two histories is refused (exit code 3)',
    )
    .option('--log <name>', 'governance or models', 'governance')
    .requiredOption('--name <name>', 'name of this witness')
    .requiredOption('--key <file>', "the witness's Ed25519 key (PEM); made when it is not there")
    .requiredOption('--log-key <file>', "the log's public key")
    .requiredOption('--state <file>', 'what this witness saw last')
    .requiredOption('--as <token>', 'token of a person who may read the log')
    .option(
      '--url <url>',
      'API of the service that keeps the log (default: that of the running instance; of governance also ALLOSTAT_URL)',
    )
    .option('--once', 'look once instead of every second')
    .option('--json', 'print the result as one JSON document')
    .action(async (options: AuditWitnessOptions) => {
      const { runCommand } = await import('../cli/output');
      await runCommand(options, async () => (await import('./run-witness')).runWitness(options));
    });
}
