import {
  decideOrderSystem,
  initialOrderSystemState,
  type AllocationReleased,
  type AllocationStatusReported,
  type OrderSystemInput,
  type OrderSystemOutput,
  type OrderSystemState,
} from '@allostat/pipeline';
import type { OrderSystemChannel } from './order-system-channel';
import { runConformance, type CaseResult } from './run-conformance';

const NOW = '2024-01-08T21:00:00.000Z';
type Decide = (
  input: OrderSystemInput,
  state: OrderSystemState,
) => { state: OrderSystemState; events: readonly OrderSystemOutput[] };

const correct: Decide = (input, state) => decideOrderSystem(input, state, { costRate: 0, now: NOW });

/** A channel without a wire: what a message would lose on the way, it does not lose here. */
function direct(decide: Decide, { forgets = false } = {}): OrderSystemChannel {
  let state = initialOrderSystemState();
  const answers: OrderSystemOutput[] = [];
  const take = async (input: OrderSystemInput): Promise<void> => {
    const decision = decide(input, state);
    state = decision.state;
    answers.push(...decision.events);
  };
  return {
    send: (instruction, spoil) => {
      if (spoil === undefined) return take(instruction);
      const { mandateId, instructionId, sequence, asOf } = instruction;
      return take({ type: 'InstructionUnreadable', mandateId, instructionId, sequence, asOf, reason: spoil });
    },
    close: take,
    kill: take,
    restart: async () => {
      if (forgets) state = initialOrderSystemState();
      return true;
    },
    answers: () => answers,
    waitFor: async (found) => found(),
  };
}

const run = (channel: OrderSystemChannel): Promise<CaseResult[]> =>
  runConformance({ channel, runId: 't', now: () => NOW, timeoutMs: 0 });
const failed = (results: readonly CaseResult[]) => results.filter(({ passed }) => !passed).map(({ number }) => number);

it('the simulated order system passes every case', async () => {
  const results = await run(direct(correct));
  expect(results.filter(({ passed }) => !passed)).toEqual([]);
  expect(results).toHaveLength(13);
});

const reported = (event: OrderSystemOutput): event is AllocationStatusReported =>
  event.type === 'AllocationStatusReported';
const changeAnswers =
  (change: (answer: AllocationStatusReported) => readonly AllocationStatusReported[]): Decide =>
  (input, state) => {
    const decision = correct(input, state);
    return {
      ...decision,
      events: decision.events.flatMap((event): OrderSystemOutput[] => (reported(event) ? [...change(event)] : [event])),
    };
  };
/** Believes instructions that are refused for one reason, as if there were no such rule. */
const without = (code: string): Decide =>
  changeAnswers((answer) => {
    if (answer.reasonCode !== code) return [answer];
    const { reasonCode: _ignored, text: _text, holdings: _holdings, ...rest } = answer;
    return (['accepted', 'working'] as const).map((status) => ({ ...rest, status }));
  });
const sort = (input: OrderSystemInput): input is AllocationReleased => input.type === 'AllocationReleased';

describe("a vendor's mistake is reported by the case whose rule it breaks", () => {
  it.each<[number, string, OrderSystemChannel]>([
    [
      1,
      'works on a message again',
      direct(
        changeAnswers((a) =>
          a.reasonCode === 'EXISTS'
            ? [
                { ...a, reasonCode: 'EXISTS' },
                { ...withoutReason(a), status: 'working' },
              ]
            : [a],
        ),
      ),
    ],
    [2, 'does not compare content', direct(without('DUPLICATE_ID_DIFFERENT_CONTENT'))],
    [3, 'takes what comes as it comes', direct(without('SEQUENCE_GAP'))],
    [
      4,
      'replaces without saying that something is done',
      direct(changeAnswers((a) => (a.status === 'replace-pending' ? [] : [a]))),
    ],
    [
      5,
      'is silent on a cancel that is too late',
      direct(changeAnswers((a) => (a.reasonCode === 'TOO_LATE_TO_CANCEL' ? [] : [a]))),
    ],
    [6, 'ignores the validity', direct(without('APPROVAL_EXPIRED'))],
    [7, 'does not check the proof', direct(without('APPROVAL_INVALID'))],
    [8, 'trades on other holdings', direct(without('STALE_HOLDINGS'))],
    [
      9,
      'does not count what a stop reached',
      direct((input, state) => {
        const decision = correct(input, state);
        return { ...decision, events: decision.events.filter(({ type }) => type !== 'KillAcknowledged') };
      }),
    ],
    [10, 'takes what it does not know for a default', direct(without('UNKNOWN_VALUE'))],
    [
      11,
      'rounds and does not tell',
      direct(
        changeAnswers((a) =>
          a.status === 'accepted-with-rounding' ? [{ ...withoutReason(a), status: 'accepted' }] : [a],
        ),
      ),
    ],
    [12, 'forgets with a restart', direct(correct, { forgets: true })],
    [13, 'takes a value for units', direct(without('LIMIT_BREACH'))],
  ])('case %i: %s', async (number, _mistake, channel) => {
    const results = await run(channel);
    const found = results.find((result) => result.number === number);
    expect(found).toMatchObject({ passed: false });
    expect(found?.rule.length).toBeGreaterThan(10);
    expect(found?.detail).not.toBe('as the rule says');
  });

  it('and only by those that the mistake touches', async () => {
    expect(failed(await run(direct(without('APPROVAL_EXPIRED'))))).toEqual([6]);
    expect(failed(await run(direct(without('APPROVAL_INVALID'))))).toEqual([7]);
    expect(failed(await run(direct(without('LIMIT_BREACH'))))).toEqual([13]);
  });

  it('one that answers nothing fails everything', async () => {
    const silent: Decide = (input, state) => ({ ...correct(input, state), events: sort(input) ? [] : [] });
    expect(failed(await run(direct(silent)))).toHaveLength(13);
  });
});

function withoutReason({
  reasonCode: _code,
  residuals: _residuals,
  ...answer
}: AllocationStatusReported): AllocationStatusReported {
  return answer;
}
