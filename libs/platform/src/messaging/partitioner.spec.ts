import { murmur2, partitionFor } from './partitioner';

describe('partitioner', () => {
  // Vectors of Apache Kafka's own UtilsTest.testMurmur2.
  it.each([
    ['21', -973932308],
    ['foobar', -790332482],
    ['a-little-bit-long-string', -985981536],
    ['a-little-bit-longer-string', -1486304829],
    ['lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8', -58897971],
    ['abc', 479470107],
  ])('hashes %s as Kafka does', (text, expected) => {
    expect(murmur2(Buffer.from(text))).toBe(expected);
  });

  it('spreads keys over all partitions and keeps a key in its place', () => {
    const hit = new Set(Array.from({ length: 200 }, (_, i) => partitionFor(`key-${i}`, 6)));
    expect([...hit].sort()).toEqual([0, 1, 2, 3, 4, 5]);
    expect(partitionFor('mandate-7', 12)).toBe(partitionFor('mandate-7', 12));
  });
});
