import { checkHistory, FAULTLESS, type HistoryEntry } from './check-history';

const entry = (key: string, place: number): HistoryEntry => ({ id: `${key}${place}`, key, place });
const sent = [entry('a', 1), entry('a', 2), entry('a', 3), entry('b', 1), entry('b', 2)];

describe('checkHistory', () => {
  it('finds nothing in a good history, whatever the order between keys', () => {
    const applied = [entry('b', 1), entry('a', 1), entry('a', 2), entry('b', 2), entry('a', 3)];
    expect(checkHistory({ sent, applied })).toEqual(FAULTLESS);
  });

  it('counts a dead letter as accounted for', () => {
    const applied = sent.filter(({ id }) => id !== 'a2');
    expect(checkHistory({ sent, applied, deadLettered: ['a2'] })).toEqual(FAULTLESS);
  });

  it('finds a lost message, also the last one', () => {
    expect(checkHistory({ sent, applied: sent.slice(0, 4) })).toEqual({ ...FAULTLESS, lost: ['b2'] });
  });

  it('finds one applied twice, even far apart', () => {
    const applied = [...sent, entry('a', 3)];
    expect(checkHistory({ sent, applied })).toEqual({ ...FAULTLESS, appliedTwice: ['a3'] });
  });

  it('finds a swap within a key', () => {
    const applied = [entry('a', 2), entry('a', 1), entry('a', 3), entry('b', 1), entry('b', 2)];
    expect(checkHistory({ sent, applied })).toEqual({ ...FAULTLESS, outOfOrder: [{ key: 'a', before: 2, after: 1 }] });
  });

  it('finds every late one when one overtakes several', () => {
    const applied = [entry('a', 3), entry('a', 1), entry('a', 2), entry('b', 1), entry('b', 2)];
    expect(checkHistory({ sent, applied }).outOfOrder).toHaveLength(2);
  });

  it('finds what nobody sent', () => {
    expect(checkHistory({ sent, applied: [...sent, entry('c', 1)] })).toEqual({ ...FAULTLESS, phantom: ['c1'] });
  });

  it('finds content under the wrong id', () => {
    const applied = [{ ...entry('a', 1), key: 'b' }, ...sent.slice(1)];
    expect(checkHistory({ sent, applied }).altered).toEqual(['a1']);
  });

  it('finds a dead letter that was applied as well', () => {
    expect(checkHistory({ sent, applied: sent, deadLettered: ['a1'] })).toEqual({
      ...FAULTLESS,
      contradictory: ['a1'],
    });
  });
});
