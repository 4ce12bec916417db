import { readSlice, syntheticPanel } from './bench-slices';
import { benchFamilies } from './bench-tasks';
import { RegimeWaves } from './regime-waves';
import { usedHeapMiB } from './used-heap';

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

  describe('the heap when mandates are decided anew with every change of regime', () => {
    const WAVES = 10;
    /** MiB that the heap grows by over the waves, `kept` being what somebody holds on to after each. */
    function growth(keep: (outputs: readonly unknown[]) => void): number {
      const waves = new RegimeWaves(20);
      const wave = (): void => {
        const outputs = waves.next();
        expect(outputs).toHaveLength(20);
        keep(outputs);
      };
      for (let k = 0; k < 4; k++) wave();
      const before = usedHeapMiB();
      for (let k = 0; k < WAVES; k++) wave();
      return usedHeapMiB() - before;
    }

    it('stays flat', () => {
      expect(growth(() => undefined)).toBeLessThan(0.3);
    });

    it('is seen to grow when the proposals of each wave are kept', () => {
      const kept: unknown[] = [];
      expect(growth((outputs) => kept.push(outputs))).toBeGreaterThan(0.6);
      expect(kept).toHaveLength(WAVES + 4);
    });
  });
});
