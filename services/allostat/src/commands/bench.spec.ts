import { readSlice, syntheticPanel } from './bench-slices';
import { benchFamilies } from './bench-tasks';

describe('allostat bench', () => {
  it.each(['ledoit-wolf', 'multi'])('does the work of %s and identifies its result', (family) => {
    for (const task of benchFamilies[family]('nowhere')) {
      if (task.size.endsWith('x500')) continue;
      task.run();
      const values = Object.values(task.value());
      expect(values.length).toBeGreaterThan(0);
      for (const value of values) expect(Number.isFinite(value)).toBe(true);
    }
  });

  it('draws the same synthetic returns for the same seed', () => {
    expect(syntheticPanel(4, 20, 3).values).toEqual(syntheticPanel(4, 20, 3).values);
  });

  it('says where the data should be when they are not there', () => {
    expect(() => readSlice('nowhere', 'etf31')).toThrow('there is no nowhere');
  });
});
