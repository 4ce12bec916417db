import { assignPartitions } from './assignment';

const partitions = new Map([
  ['a', 3],
  ['b', 4],
]);
const show = (self: string, members: { id: string; topics: string[] }[]) =>
  assignPartitions(members, partitions, self).map(({ topic, partition }) => `${topic}/${partition}`);

describe('assignPartitions', () => {
  it('gives every partition to exactly one member, whatever order the members are listed in', () => {
    const members = ['m3', 'm1', 'm2'].map((id) => ({ id, topics: ['a', 'b'] }));
    const all = members.flatMap(({ id }) => show(id, members));
    expect(all.sort()).toEqual(['a/0', 'a/1', 'a/2', 'b/0', 'b/1', 'b/2', 'b/3']);
    expect(show('m1', [...members].reverse())).toEqual(show('m1', members));
    for (const { id } of members) expect(show(id, members).length).toBeGreaterThanOrEqual(2);
  });

  it('gives a topic only to members that read it', () => {
    const members = [
      { id: 'm1', topics: ['a'] },
      { id: 'm2', topics: ['a', 'b'] },
    ];
    expect(show('m1', members).every((name) => name.startsWith('a'))).toBe(true);
    expect(show('m2', members).filter((name) => name.startsWith('b'))).toHaveLength(4);
  });
});
