import { createRng } from '@allostat/kernel';
import { advanceRiskModel, initialRiskModelState, type RiskModelState } from './risk-model';

const ids = ['a', 'b', 'c'];

/** Bars of three instruments, of which one is listed late and one has gaps. */
function bars(count: number) {
  const rng = createRng(5);
  return Array.from({ length: count }, (_, t) => ({
    universeId: 'u',
    instruments: ids.map((id, i) => {
      const value = 0.01 * rng.normal();
      const missing = (i === 1 && t < 20) || (i === 2 && t % 7 === 3);
      return missing ? { id, staleBars: 1 } : { id, staleBars: 0, return: value };
    }),
    probabilities: { expansion: 0.7, tightening: 0.1, crisis: 0, recovery: 0.2 },
  }));
}

it('a history whose sums change in place ends in the state of one that copies, and copies leave what was alone', () => {
  let copied: RiskModelState = initialRiskModelState();
  let owned: RiskModelState = initialRiskModelState();
  for (const [t, bar] of bars(560).entries()) {
    const before = t % 40 === 0 ? structuredClone(copied) : copied;
    const next = advanceRiskModel(bar, copied, { byRegime: true });
    expect(copied).toEqual(before);
    copied = next;
    owned = advanceRiskModel(bar, owned, { byRegime: true, inPlace: true });
  }
  expect(owned).toEqual(copied);
  expect(copied.moments?.bars[0]).toBe(560);
  expect(copied.moments?.bars[1]).toBe(540);
});
