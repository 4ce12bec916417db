import { TestLog, verifyEd25519 } from './test-log.fixture';
import { judgeCheckpoint, type WitnessRequest, type WitnessState, type WitnessVerdict } from './witness';

const grown = (log: TestLog, count: number, text = 'record'): TestLog => {
  for (let i = 0; i < count; i++) log.append(`${text} ${log.records.length}`);
  return log;
};

const judge = (log: TestLog, request: WitnessRequest, last: WitnessState | undefined): WitnessVerdict =>
  judgeCheckpoint(request, { last, logKey: log.key, verify: verifyEd25519 });

const accepted = (verdict: WitnessVerdict): WitnessState => {
  if (!verdict.accepted) throw new Error(verdict.reason);
  return verdict.state;
};

const statusOf = (verdict: WitnessVerdict): number => (verdict.accepted ? 200 : verdict.status);

describe('a witness', () => {
  it('follows a log as it grows', () => {
    const log = grown(new TestLog('log'), 3);
    let last = accepted(judge(log, { note: log.checkpoint(), from: 0, proof: [] }, undefined));
    for (const more of [1, 4, 0, 9]) {
      const from = log.records.length;
      grown(log, more);
      last = accepted(judge(log, { note: log.checkpoint(), from, proof: log.consistency(from) }, last));
      expect(last.size).toBe(log.records.length);
    }
  });

  it('refuses a log that shows two histories', () => {
    const log = grown(new TestLog('log'), 5);
    const last = accepted(judge(log, { note: log.checkpoint(), from: 0, proof: [] }, undefined));
    const other = grown(grown(new TestLog('other'), 4), 3, 'rewritten');
    const { root } = accepted(judge(other, { note: other.checkpoint(), from: 0, proof: [] }, undefined));
    // signed by the log itself, so only the proof can tell
    const longer = { note: log.checkpoint(root, 7), from: 5, proof: other.consistency(5) };
    expect(judge(log, longer, last)).toMatchObject({ accepted: false, status: 422, reason: /another history/ });
    const sameSize = { note: log.checkpoint(root, 5), from: 5, proof: [] };
    expect(judge(log, sameSize, last)).toMatchObject({ accepted: false, status: 422, reason: /different roots/ });
  });

  it('answers with the status that says what is wrong', () => {
    const log = grown(new TestLog('log'), 6);
    const last = accepted(judge(log, { note: log.checkpoint(), from: 0, proof: [] }, undefined));
    const note = log.checkpoint();
    const stranger = grown(new TestLog('log'), 6);
    expect(statusOf(judge(log, { note: 'nonsense', from: 6, proof: [] }, last))).toBe(400);
    expect(statusOf(judge(log, { note: stranger.checkpoint(), from: 6, proof: [] }, last))).toBe(403);
    expect(statusOf(judge(new TestLog('another'), { note, from: 0, proof: [] }, undefined))).toBe(404);
    expect(statusOf(judge(log, { note, from: 3, proof: log.consistency(3) }, last))).toBe(409);
    expect(statusOf(judge(log, { note: log.checkpoint(last.root, 4), from: 6, proof: [] }, last))).toBe(422);
    expect(statusOf(judge(log, { note, from: 6, proof: [last.root] }, last))).toBe(422);
    expect(statusOf(judge(log, { note, from: 6, proof: [] }, last))).toBe(200);
  });
});
