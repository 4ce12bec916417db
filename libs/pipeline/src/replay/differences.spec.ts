import { differences } from './differences';

describe('differences', () => {
  it('finds none in equal records, whatever the order of their fields', () => {
    expect(differences({ a: [1, { b: 2 }], c: null }, { c: null, a: [1, { b: 2 }] })).toEqual([]);
  });

  it('names every field that differs, to the last bit', () => {
    const was = { weights: [{ id: 'A', weight: 0.1 + 0.2 }], note: 'x', gone: 1, list: [1, 2] };
    const now = { weights: [{ id: 'A', weight: 0.3 }], note: 'x', come: 2, list: [1] };
    expect(differences(was, now)).toEqual([
      { field: 'weights.0.weight', was: 0.30000000000000004, now: 0.3 },
      { field: 'gone', was: 1, now: undefined },
      { field: 'list.1', was: 2, now: undefined },
      { field: 'come', was: undefined, now: 2 },
    ]);
  });

  it('tells a list from a record and a number from its text', () => {
    expect(differences({ a: [] }, { a: {} })).toEqual([{ field: 'a', was: [], now: {} }]);
    expect(differences({ a: 1 }, { a: '1' })).toEqual([{ field: 'a', was: 1, now: '1' }]);
    expect(differences(7, undefined)).toEqual([{ field: '', was: 7, now: undefined }]);
  });
});
