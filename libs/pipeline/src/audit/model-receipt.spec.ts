import { canonicalJson, createRng, toHex } from '@allostat/kernel';
import type { AuditRecord } from '../governance/audit-record';
import { TestLog, verifyEd25519 } from '../../../kernel/src/verifiable-log/test-log.fixture';
import { MODEL_RECEIPT_FORMAT, verifyModelReceipt, type ModelReceipt } from './model-receipt';

const at = '2026-03-02T21:00:00.000Z';
const of = { model: 'regime:demo', version: 'v2' };
const row = (ledger: string, body: Record<string, unknown>, actor = 'service:model-lab'): AuditRecord => ({
  type: 'AuditRecord',
  at,
  actor,
  action: `registry.${ledger}`,
  subject: 'model:regime:demo',
  body,
});
const decided = (actor: string, more: Record<string, unknown> = {}) =>
  row('model_change_decision', { change_id: 'c-1', content_hash: 'f', actor, decision: 'approve', ...more }, actor);
const VERSION = row('model_version', { ...of, developers: ['rosa'] });
const CHANGED = { ...of, change_id: 'c-1', alias: 'champion', maker: 'pat', required_approvals: 2, content_hash: 'f' };
const CHANGE = row('model_change', { ...CHANGED, developers: ['rosa'] }, 'pat');
const ALIAS = row('model_alias', { ...of, alias: 'champion', approval_id: 'c-1' }, 'pat');
const STORY = [VERSION, CHANGE, decided('riley'), decided('casey'), ALIAS];

function receiptOf(story: readonly AuditRecord[]): { readonly log: TestLog; readonly receipt: ModelReceipt } {
  const log = new TestLog('allostat/models');
  const sequences = story.map((record, k) => {
    log.append(`something else ${k}`);
    return log.append(canonicalJson(record));
  });
  const records = sequences.map((sequence, k) => ({
    sequence,
    record: canonicalJson(story[k]),
    proof: log.inclusion(sequence).map(toHex),
  }));
  return { log, receipt: { format: MODEL_RECEIPT_FORMAT, changeId: 'c-1', records, checkpoint: log.checkpoint() } };
}

const faultOf = (log: TestLog, receipt: unknown) =>
  verifyModelReceipt(receipt, { logKey: log.key, verify: verifyEd25519 }).fault;

describe('a receipt of a change in the model registry', () => {
  const { log, receipt } = receiptOf(STORY);

  it('holds, and tells the story', () => {
    const result = verifyModelReceipt(JSON.parse(JSON.stringify(receipt)), { logKey: log.key, verify: verifyEd25519 });
    expect(result).toMatchObject({ verified: true, witnesses: [] });
    expect(result.story.map(({ actor }) => actor)).toEqual(['service:model-lab', 'pat', 'riley', 'casey', 'pat']);
    const open = receiptOf(STORY.slice(0, 3));
    expect(faultOf(open.log, open.receipt)).toBeUndefined();
  });

  it('is refused wherever one character of it is changed', () => {
    const text = JSON.stringify(receipt);
    const rng = createRng(5);
    const passed = Array.from({ length: 600 }, () => Math.floor(rng.uniform() * text.length)).filter((place) => {
      const changed = text.slice(0, place) + String.fromCharCode(text.charCodeAt(place) ^ 1) + text.slice(place + 1);
      try {
        return faultOf(log, JSON.parse(changed)) === undefined;
      } catch {
        return false; // no JSON any more
      }
    });
    expect(passed.map((place) => text.slice(place - 20, place + 20))).toEqual([]);
  });

  it.each<[string, readonly AuditRecord[], RegExp]>([
    ['no record of the change', STORY.filter((record) => record !== CHANGE), /record of the change is missing/],
    ['two records of the change', [VERSION, CHANGE, CHANGE], /not alone/],
    ['no record of the version', STORY.slice(1), /record of its version is missing/],
    [
      'another version',
      [row('model_version', { ...of, version: 'v1', developers: ['rosa'] }), ...STORY.slice(1)],
      /record of its version is missing/,
    ],
    [
      'developers left out of the change',
      [VERSION, row('model_change', { ...CHANGED, developers: [] }), ...STORY.slice(2)],
      /other developers/,
    ],
    ['a maker who approved', [VERSION, CHANGE, decided('pat'), decided('riley'), ALIAS], /maker or developer/],
    ['a developer who approved', [VERSION, CHANGE, decided('rosa'), decided('riley'), ALIAS], /maker or developer/],
    [
      'one person twice',
      [VERSION, CHANGE, decided('riley'), decided('riley'), ALIAS],
      /1 people approved, 2 are needed/,
    ],
    [
      'a rejection',
      [VERSION, CHANGE, decided('riley'), decided('casey', { decision: 'reject' }), ALIAS],
      /1 people approved/,
    ],
    ['another content', [VERSION, CHANGE, decided('riley', { content_hash: 'e' }), ALIAS], /another content/],
    [
      'a decision on another change',
      [VERSION, CHANGE, decided('riley', { change_id: 'c-2' }), ALIAS],
      /another content/,
    ],
    [
      'an alias of another change',
      [...STORY.slice(0, 4), row('model_alias', { ...ALIAS.body, approval_id: 'c-2' })],
      /moved by another change/,
    ],
    [
      'another alias',
      [...STORY.slice(0, 4), row('model_alias', { ...ALIAS.body, alias: 'challenger' })],
      /moved by another/,
    ],
    [
      'a state of another version',
      [...STORY, row('model_state', { ...of, version: 'v1' })],
      /state is that of another/,
    ],
    [
      'a record about something else',
      [...STORY, { ...ALIAS, action: 'log.heartbeat' }],
      /something else: log.heartbeat/,
    ],
  ])('is refused with %s', (_what, story, fault) => {
    const made = receiptOf(story);
    expect(faultOf(made.log, made.receipt)).toMatch(fault);
  });

  it.each<[string, unknown, RegExp]>([
    ['no object', 7, /not a receipt of the form/],
    ['an unknown key', { ...receipt, extra: 1 }, /not a receipt of the form/],
    ['another form', { ...receipt, format: 'allostat-receipt/1' }, /not a receipt of the form/],
    ['no records', { ...receipt, records: undefined }, /not a receipt of the form/],
    ['another change', { ...receipt, changeId: 'c-2' }, /record of the change is missing/],
  ])('is refused when it is %s', (_what, value, fault) => {
    expect(faultOf(log, value)).toMatch(fault);
  });

  it('is refused under the key of another log, and without the witnesses that are asked for', () => {
    expect(faultOf(new TestLog('allostat/models'), receipt)).toMatch(/not signed by the log/);
    const quorum = verifyModelReceipt(receipt, { logKey: log.key, verify: verifyEd25519, quorum: 1 });
    expect(quorum.fault).toMatch(/0 witnesses have signed, 1 are needed/);
  });
});
