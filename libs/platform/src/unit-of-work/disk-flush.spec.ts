import { DiskFlush } from './disk-flush';

/** A disk whose flushes end when the test says so. */
function slowDisk() {
  const ends: ((error?: Error) => void)[] = [];
  const flush = (): Promise<void> =>
    new Promise((resolve, reject) => ends.push((error) => (error === undefined ? resolve() : reject(error))));
  return { flush, ends };
}
const settled = () => new Promise((resolve) => setImmediate(resolve));

it('who comes while a flush runs waits for the next one, and all of them for the same', async () => {
  const { flush, ends } = slowDisk();
  const disk = new DiskFlush();
  const done: string[] = [];
  const come = (who: string) => disk.after(flush).then(() => done.push(who));
  void come('first');
  await settled();
  void come('second');
  void come('third');
  await settled();
  expect(ends).toHaveLength(1);
  ends[0]();
  await settled();
  expect({ done, flushes: ends.length }).toEqual({ done: ['first'], flushes: 2 });
  ends[1]();
  await settled();
  expect(done).toEqual(['first', 'second', 'third']);
  void come('fourth');
  await settled();
  expect(ends).toHaveLength(3);
});

it('a flush that fails is told to all who waited for it, and to nobody after', async () => {
  const { flush, ends } = slowDisk();
  const disk = new DiskFlush();
  const first = disk.after(flush);
  await settled();
  const second = disk.after(flush);
  ends[0](new Error('the disk is gone'));
  await expect(first).rejects.toThrow('the disk is gone');
  await settled();
  ends[1]();
  await expect(second).resolves.toBeUndefined();
});
