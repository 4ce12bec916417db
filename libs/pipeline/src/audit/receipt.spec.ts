import { canonicalJson, createRng, sha256Hex, toHex, toUtf8 } from '@allostat/kernel';
import { auditLeafHash, type AuditRecord } from '../governance/audit-record';
import { RECEIPT_FORMAT, verifyReceipt, type DecisionReceipt } from './receipt';
import { TestLog, verifyEd25519 } from '../../../kernel/src/verifiable-log/test-log.fixture';

const at = '2026-03-02T21:00:00.000Z';
const proposal = {
  type: 'AllocationProposed',
  proposalId: 'p-1',
  mandateId: 'm',
  weights: [{ instrument: 'A', targetWeight: 0.6 }],
};
const contentHash = sha256Hex(canonicalJson(proposal));
const reviewed = { mandateId: 'm', proposalId: 'p-1', contentHash };
const record = (actor: string, action: string, body: Record<string, unknown>): AuditRecord => ({
  type: 'AuditRecord',
  at,
  actor,
  action,
  subject: 'mandate:m',
  body,
});

/** A log with a decision in the middle of others. */
function decided(change: { readonly signers?: readonly string[]; readonly hash?: string } = {}): {
  readonly receipt: DecisionReceipt;
  readonly log: TestLog;
} {
  const log = new TestLog('allostat/test');
  const content = { ...reviewed, instructionId: 'i-1', sequence: 1, targets: [{ instrument: 'A', weight: 0.6 }] };
  const released = record('service:governance', 'instruction.released', content);
  const story = [
    record('service:optimization', 'review.opened', {
      ...reviewed,
      maker: 'service:optimization',
      requiredApprovals: 2,
    }),
    ...(change.signers ?? ['pat', 'riley']).map((actor) =>
      record(actor, 'review.approve', { ...reviewed, contentHash: change.hash ?? contentHash, reason: 'checked' }),
    ),
    released,
    record('order-system', 'order-system.done', { instructionId: 'i-1', status: 'done' }),
  ];
  const sequences = story.map((entry, k) => {
    for (let i = 0; i < 3; i++) log.append(`something else ${k} ${i}`);
    return log.append(canonicalJson(entry));
  });
  return {
    log,
    receipt: {
      format: RECEIPT_FORMAT,
      proposalId: 'p-1',
      proposal,
      instruction: { type: 'AllocationReleased', ...content, auditHash: auditLeafHash(released) },
      records: sequences.map((sequence, k) => ({
        sequence,
        record: canonicalJson(story[k]),
        proof: log.inclusion(sequence).map(toHex),
      })),
      checkpoint: log.checkpoint(),
    },
  };
}

const check = (log: TestLog, receipt: unknown): string | undefined =>
  verifyReceipt(receipt, { logKey: log.key, verify: verifyEd25519 }).fault;

describe('a decision receipt', () => {
  const { receipt, log } = decided();

  it('holds, and tells the story', () => {
    const result = verifyReceipt(JSON.parse(JSON.stringify(receipt)), { logKey: log.key, verify: verifyEd25519 });
    expect(result).toMatchObject({ verified: true, witnesses: [] });
    expect(result.story.map(({ actor }) => actor)).toEqual([
      'service:optimization',
      'pat',
      'riley',
      'service:governance',
      'order-system',
    ]);
  });

  it('is refused wherever one character of it is changed', () => {
    const text = JSON.stringify(receipt);
    const rng = createRng(11);
    const places = process.env.ALLOSTAT_EXHAUSTIVE
      ? Array.from({ length: text.length }, (_, i) => i)
      : Array.from({ length: 800 }, () => Math.floor(rng.uniform() * text.length));
    const passed = places.filter((place) => {
      const code = text.charCodeAt(place);
      const changed = text.slice(0, place) + String.fromCharCode(code ^ 1) + text.slice(place + 1);
      let value: unknown;
      try {
        value = JSON.parse(changed);
      } catch {
        return false;
      }
      return check(log, value) === undefined;
    });
    expect(passed.map((place) => text.slice(place - 20, place + 20))).toEqual([]);
  });

  it.each<[string, (receipt: DecisionReceipt) => unknown, RegExp]>([
    ['another log', (r) => r, /not signed by the log/],
    ['no object', () => 7, /not a receipt/],
    ['an unknown key', (r) => ({ ...r, extra: 1 }), /not a receipt/],
    [
      'a missing record of the release',
      (r) => ({ ...r, records: r.records.filter((_, k) => k !== 3) }),
      /release is missing/,
    ],
    [
      'a missing approval',
      (r) => ({ ...r, records: r.records.filter((_, k) => k !== 1) }),
      /1 people approved, 2 are needed/,
    ],
    ['records in another order', (r) => ({ ...r, records: [...r.records].reverse() }), /does not come after/],
    ['another proposal', (r) => ({ ...r, proposal: { ...r.proposal, note: 'x' } }), /not the one that was reviewed/],
    [
      'a changed instruction',
      (r) => ({ ...r, instruction: { ...r.instruction, sequence: 2 } }),
      /not the one that was released/,
    ],
  ])('is refused with %s', (what, change, fault) => {
    expect(check(what === 'another log' ? new TestLog('allostat/test') : log, change(receipt))).toMatch(fault);
  });

  it('is refused when the log itself tells of a maker who approved, or of another content', () => {
    const own = decided({ signers: ['service:optimization', 'riley'] });
    expect(check(own.log, own.receipt)).toMatch(/maker is among/);
    const other = decided({ hash: sha256Hex('another') });
    expect(check(other.log, other.receipt)).toMatch(/another content/);
    const twice = decided({ signers: ['pat', 'pat'] });
    expect(check(twice.log, twice.receipt)).toMatch(/1 people approved/);
  });

  it('asks for as many witnesses as the reader wants', () => {
    const result = verifyReceipt(receipt, { logKey: log.key, verify: verifyEd25519, quorum: 1 });
    expect(result).toMatchObject({ verified: false, fault: expect.stringMatching(/0 witnesses/) as string });
    expect(toUtf8(receipt.checkpoint).length).toBeGreaterThan(100);
  });
});
