import type { CaseRun } from './case-run';

/** One rule that an order system must follow, and how it is tried. */
export interface ConformanceCase {
  readonly number: number;
  readonly name: string;
  readonly rule: string;
  /** Special name of the mandate, for simulators that act by it. */
  readonly mandatePrefix?: string;
  run(run: CaseRun): Promise<void>;
}

/** The cases that an order system must pass before it is sent real instructions. */
export const CONFORMANCE_CASES: readonly ConformanceCase[] = [
  {
    number: 1,
    name: 'same id, same content, twice',
    rule: 'one set of orders; the second answer says EXISTS',
    async run(run) {
      const instruction = run.make(1, 0.6);
      await run.channel.send(instruction);
      await run.expectAnswer(instruction, { status: 'working' });
      await run.channel.send(instruction);
      await run.expectAnswer(instruction, { reasonCode: 'EXISTS' });
      run.demand(run.timesWorked(instruction) === 1, 'the second message was worked on as well');
    },
  },
  {
    number: 2,
    name: 'same id, other content',
    rule: 'rejected with DUPLICATE_ID_DIFFERENT_CONTENT; the first goes on',
    async run(run) {
      const instruction = run.make(1, 0.6);
      const other = { ...run.make(1, 0.7), instructionId: instruction.instructionId };
      await run.channel.send(instruction);
      await run.expectAnswer(instruction, { status: 'working' });
      await run.channel.send(other);
      await run.expectAnswer(instruction, { status: 'rejected', reasonCode: 'DUPLICATE_ID_DIFFERENT_CONTENT' });
      await run.close('2024-01-09');
      const done = await run.expectAnswer(instruction, { status: 'done' });
      run.demand(done.holdings?.[0].weight === 0.6, 'the other content was traded');
    },
  },
  {
    number: 3,
    name: 'sequence 3 before 2',
    rule: 'held with SEQUENCE_GAP within 60 s, then both in order',
    async run(run) {
      const [first, second, third] = [run.make(1, 0.6), run.make(2, 0.62), run.make(3, 0.64)];
      await run.channel.send(first);
      await run.expectAnswer(first, { status: 'working' });
      await run.channel.send(third);
      await run.expectAnswer(third, { reasonCode: 'SEQUENCE_GAP' });
      run.demand(run.timesWorked(third) === 0, 'it was worked on before its turn');
      await run.channel.send(second);
      await run.expectAnswer(third, { status: 'working' });
      const order = run
        .statuses()
        .filter(({ status }) => status === 'working')
        .map(({ sequence }) => sequence);
      run.demand(order.join() === '1,2,3', `they were worked on in the order ${order.join(', ')}`);
    },
  },
  {
    number: 4,
    name: 'replace while partly filled',
    rule: 'REPLACE_PENDING for the old one; only the rest is traded',
    mandatePrefix: 'conformance-half',
    async run(run) {
      const first = run.make(1, 0.8);
      await run.channel.send(first);
      await run.expectAnswer(first, { status: 'working' });
      await run.close('2024-01-09');
      await run.expectAnswer(first, { status: 'partially-done' });
      const terms = { action: 'replace', supersedes: first.instructionId } as const;
      const second = run.make(2, 0.5, { terms, asOf: '2024-01-09' });
      await run.channel.send(second);
      await run.expectAnswer(first, { status: 'replace-pending' });
      await run.expectAnswer(first, { status: 'cancelled' });
      await run.expectAnswer(second, { status: 'working' });
    },
  },
  {
    number: 5,
    name: 'cancel after done',
    rule: 'a typed refusal, TOO_LATE_TO_CANCEL; never silence',
    async run(run) {
      const first = run.make(1, 0.6);
      await run.channel.send(first);
      await run.expectAnswer(first, { status: 'working' });
      await run.close('2024-01-09');
      await run.expectAnswer(first, { status: 'done' });
      const terms = { action: 'cancel', supersedes: first.instructionId } as const;
      const cancel = run.make(2, 0.6, { terms, asOf: '2024-01-09' });
      await run.channel.send(cancel);
      await run.expectAnswer(cancel, { status: 'rejected', reasonCode: 'TOO_LATE_TO_CANCEL' });
    },
  },
  {
    number: 6,
    name: 'past its validity',
    rule: 'rejected with APPROVAL_EXPIRED',
    async run(run) {
      const validUntil = new Date(Date.parse(run.now()) - 1000).toISOString();
      const instruction = run.make(1, 0.6, { validUntil });
      await run.channel.send(instruction);
      await run.expectAnswer(instruction, { status: 'rejected', reasonCode: 'APPROVAL_EXPIRED' });
    },
  },
  {
    number: 7,
    name: 'proof altered by one bit',
    rule: 'rejected with APPROVAL_INVALID',
    async run(run) {
      const whole = run.make(1, 0.6);
      const digit = (parseInt(whole.auditHash[0], 16) ^ 1).toString(16);
      const instruction = { ...whole, auditHash: digit + whole.auditHash.slice(1) };
      await run.channel.send(instruction);
      await run.expectAnswer(instruction, { status: 'rejected', reasonCode: 'APPROVAL_INVALID' });
    },
  },
  {
    number: 8,
    name: 'holdings moved after the approval',
    rule: 'rejected with STALE_HOLDINGS and what is held',
    async run(run) {
      const first = run.make(1, 0.6);
      await run.channel.send(first);
      await run.expectAnswer(first, { status: 'working' });
      await run.close('2024-01-09');
      await run.expectAnswer(first, { status: 'done' });
      const second = run.make(2, 0.7, { seen: 0.4, asOf: '2024-01-10' });
      await run.channel.send(second);
      const answer = await run.expectAnswer(second, { status: 'rejected', reasonCode: 'STALE_HOLDINGS' });
      run.demand((answer.holdings?.length ?? 0) > 0, 'the refusal does not say what is held');
    },
  },
  {
    number: 9,
    name: 'stopped while working',
    rule: 'affected and not affected are counted, and together are all; later ones are refused with KILL_ACTIVE',
    async run(run) {
      const first = run.make(1, 0.6);
      await run.channel.send(first);
      await run.expectAnswer(first, { status: 'working' });
      await run.close('2024-01-09');
      await run.expectAnswer(first, { status: 'done' });
      const second = run.make(2, 0.7, { seen: 0.6, asOf: '2024-01-09' });
      await run.channel.send(second);
      await run.expectAnswer(second, { status: 'working' });
      const scope = `mandate:${run.mandateId}`;
      const press = { type: 'KillSwitchEngaged', scope, actor: 'conformance', at: run.now() } as const;
      await run.channel.kill({ ...press, engaged: true, reason: 'conformance case', drill: true });
      const { affected, notAffected } = await run.expectKillCount();
      run.demand(
        affected === 1 && notAffected === 1,
        `counted ${affected} affected and ${notAffected} not, of 1 and 1`,
      );
      await run.expectAnswer(second, { status: 'cancelled' });
      const third = run.make(3, 0.7, { seen: 0.6, asOf: '2024-01-09' });
      await run.channel.send(third);
      await run.expectAnswer(third, { status: 'rejected', reasonCode: 'KILL_ACTIVE' });
      await run.channel.kill({ ...press, engaged: false, reason: 'conformance case', drill: true });
    },
  },
  {
    number: 10,
    name: 'a value or field that is not known',
    rule: 'rejected with UNKNOWN_VALUE; never taken for a default',
    async run(run) {
      const [first, second] = [run.make(1, 0.6), run.make(2, 0.6)];
      await run.channel.send(first, 'unknown-enum');
      await run.expectAnswer(first, { status: 'rejected', reasonCode: 'UNKNOWN_VALUE' });
      await run.channel.send(second, 'unknown-field');
      await run.expectAnswer(second, { status: 'rejected', reasonCode: 'UNKNOWN_VALUE' });
    },
  },
  {
    number: 11,
    name: 'lots that do not divide',
    rule: 'ACCEPTED_WITH_ROUNDING with the rest of each line and the tracking error',
    async run(run) {
      const instruction = run.make(1, 0.6, { price: 30_000 });
      await run.channel.send(instruction);
      const answer = await run.expectAnswer(instruction, { status: 'accepted-with-rounding' });
      const rest = answer.residuals?.find(({ instrument }) => instrument === 'EQ')?.weight;
      // a tenth of a million is three and a third lots of 30 000
      run.demand(rest !== undefined && Math.abs(rest - 0.01) < 1e-9, `the rest is ${rest}, not 0.01`);
      run.demand(/\d/.test(answer.text ?? ''), 'no tracking error is told');
    },
  },
  {
    number: 12,
    name: 'restart in the middle',
    rule: 'it goes on behind what it had answered, without a duplicate',
    async run(run) {
      const [first, second] = [run.make(1, 0.6), run.make(2, 0.62)];
      await run.channel.send(first);
      await run.expectAnswer(first, { status: 'working' });
      if (!(await run.channel.restart())) await run.channel.send(first);
      await run.channel.send(second);
      await run.expectAnswer(second, { status: 'working' });
      run.demand(run.timesWorked(first) === 1, 'the first was worked on again after the restart');
      await run.channel.send(first);
      await run.expectAnswer(first, { reasonCode: 'EXISTS' });
    },
  },
  {
    number: 13,
    name: 'a value where units belong',
    rule: 'orders worth more than the portfolio are refused with LIMIT_BREACH',
    async run(run) {
      const orders = [{ instrument: 'EQ', side: 'buy', quantity: 100_000, lotSize: 1, referencePrice: 100 }] as const;
      const instruction = run.make(1, 0.6, { terms: { orders } });
      await run.channel.send(instruction);
      await run.expectAnswer(instruction, { status: 'rejected', reasonCode: 'LIMIT_BREACH' });
    },
  },
];
