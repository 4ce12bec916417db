import { Semaphore } from './semaphore';
import { sleep } from './sleep';

describe('Semaphore', () => {
  it('never lets more work go on than it has places, and serves in order, failures included', async () => {
    const semaphore = new Semaphore(2);
    let working = 0;
    let most = 0;
    const finished: number[] = [];
    const job = (n: number) =>
      semaphore.run(async () => {
        most = Math.max(most, ++working);
        await sleep(5);
        working--;
        finished.push(n);
        if (n === 1) throw new Error('fails');
      });
    const results = await Promise.allSettled([0, 1, 2, 3, 4, 5].map(job));
    expect(most).toBe(2);
    expect(finished).toEqual([0, 1, 2, 3, 4, 5]);
    expect(results.map(({ status }) => status === 'rejected')).toEqual([false, true, false, false, false, false]);
    await expect(semaphore.run(() => Promise.resolve('still works'))).resolves.toBe('still works');
  });
});
