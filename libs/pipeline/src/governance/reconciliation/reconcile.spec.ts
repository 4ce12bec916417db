import fc from 'fast-check';
import type { BookReported } from '../events';
import type { ReviewStatus } from '../review/review-status';
import { findingText, reconcile, type OurInstruction } from './reconcile';

type Line = BookReported['lines'][number];
const our = (sequence: number, status: ReviewStatus = 'completed'): OurInstruction => ({
  sequence,
  instructionId: `i-${sequence}`,
  status,
});
const their = (sequence: number, status: Line['status'] = 'done', instructionId = `i-${sequence}`): Line => ({
  sequence,
  instructionId,
  status,
});
const report = (...lines: Line[]): BookReported => ({
  type: 'BookReported',
  requestId: 'r',
  mandateId: 'balanced',
  at: '2024-01-01T00:00:00.000Z',
  lines,
});
const kinds = (ours: OurInstruction[], lines: Line[], through: number) =>
  reconcile(ours, report(...lines), through).findings.map(({ kind, sequence }) => `${sequence} ${kind}`);

it('books that agree come to a sum: released is open, completed and refused together', () => {
  const ours = [our(1), our(2, 'refused-by-order-system'), our(3, 'acknowledged')];
  const result = reconcile(ours, report(their(1), their(2, 'rejected'), their(3, 'working')), 3);
  expect(result).toEqual({
    mandateId: 'balanced',
    throughSequence: 3,
    released: 3,
    open: 1,
    completed: 1,
    refused: 1,
    findings: [],
  });
});

it.each<[string, OurInstruction[], Line[], number, string[]]>([
  ['an instruction that did not arrive', [our(1), our(2)], [their(1)], 2, ['2 unknown-to-order-system']],
  ['one that was never released', [our(1)], [their(1), their(2)], 2, ['2 unknown-to-us']],
  ['a hole in both books', [our(1), our(3)], [their(1), their(3)], 3, ['2 gap']],
  ['another instruction in the place of one', [our(1)], [their(1, 'done', 'x')], 1, ['1 different-id']],
  ['another state', [our(1, 'acknowledged')], [their(1, 'done')], 1, ['1 different-state']],
  ['an answer that did not arrive', [our(1, 'released')], [their(1, 'received')], 1, ['1 different-state']],
  ['a sequence that was taken twice', [our(1)], [their(1, 'done', 'x'), their(1)], 1, ['1 unknown-to-us']],
  ['a sequence below the first', [our(1)], [their(0, 'done', 'x'), their(1)], 1, ['0 unknown-to-us']],
  ['one beyond what was released', [our(1)], [their(1), their(5, 'done', 'x')], 1, ['5 unknown-to-us']],
])('names %s', (_what, ours, lines, through, expected) => {
  expect(kinds(ours, lines, through)).toEqual(expected);
});

it('does not hold against the order system what was released after it was asked', () => {
  expect(kinds([our(1), our(2, 'acknowledged')], [their(1), their(2, 'working')], 1)).toEqual([]);
  expect(kinds([our(1), our(2, 'released')], [their(1)], 1)).toEqual([]);
});

it('says each finding in words that name the sequence and both sides', () => {
  const { findings } = reconcile([our(1, 'acknowledged'), our(2), our(4)], report(their(1), their(4, 'done', 'x')), 4);
  expect(findings.map(findingText)).toEqual([
    '1: i-1 is acknowledged here and done there',
    '2: the order system does not know i-2',
    '3: neither book has an instruction of this sequence',
    '4: released was i-4, the order system has x',
  ]);
  expect(reconcile([], report(their(1)), 0).findings.map(findingText)).toEqual(['1: i-1 was not released']);
});

it('finds every single fault that is put into two books that agree', () => {
  const statuses = ['working', 'done', 'rejected'] as const;
  const ours: Record<(typeof statuses)[number], ReviewStatus> = {
    working: 'acknowledged',
    done: 'completed',
    rejected: 'refused-by-order-system',
  };
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom(...statuses), { minLength: 1, maxLength: 30 }),
      fc.nat(),
      fc.nat(4),
      (book, place, fault) => {
        const own = book.map((status, i) => our(i + 1, ours[status]));
        const lines = book.map((status, i) => their(i + 1, status));
        expect(kinds(own, lines, book.length)).toEqual([]);
        const at = place % book.length;
        const spoiled = [
          { own, lines: lines.filter((_, i) => i !== at) },
          { own: own.filter((_, i) => i !== at), lines },
          { own, lines: lines.map((line, i) => (i === at ? { ...line, instructionId: 'x' } : line)) },
          {
            own,
            lines: lines.map((line, i) =>
              i === at ? { ...line, status: book[at] === 'done' ? ('working' as const) : ('done' as const) } : line,
            ),
          },
          { own, lines: [...lines, { ...lines[at], instructionId: 'y' }] },
        ][fault];
        expect(reconcile(spoiled.own, report(...spoiled.lines), book.length).findings).not.toEqual([]);
      },
    ),
  );
});
