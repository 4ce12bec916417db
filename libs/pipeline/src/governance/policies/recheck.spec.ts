import { runPolicies, type PolicySet } from './policy-set';
import { recheck } from './recheck';
import { SAMPLE_RECORD } from './sample-record';

const set = (id: string, limits: PolicySet['limits']): PolicySet => ({ id, version: 1, limits });
const then = runPolicies(SAMPLE_RECORD, set('old', { cvar95Max: 0.02, modelAgeDaysMax: 90 }));

it('a decision under the set that judged it says the same again', () => {
  const { now, changes } = recheck(SAMPLE_RECORD, then, set('old', { cvar95Max: 0.02, modelAgeDaysMax: 90 }));
  expect(changes).toEqual([]);
  expect(now).toEqual(then);
});

it('under another set it names the policies whose verdict is another, both ways and in the order of the policies', () => {
  const { then: before, now, changes } = recheck(SAMPLE_RECORD, then, set('new', { cvar95Max: 0.019 }));
  expect(before).toBe(then);
  expect(now.policySet).toBe('new@1');
  expect(now.verdict).toBe('fail');
  expect(changes.map(({ policy, then: old, now: new_ }) => [policy, old.verdict, new_.verdict])).toEqual([
    ['cvar-limit', 'pass', 'fail'],
    ['stale-model', 'pass', 'not-applicable'],
  ]);
  expect(changes[0].now.reason).toMatch(/is 0.02, allowed is at most 0.019/);
});

it('a policy that there was not yet is no change', () => {
  const verdicts = then.verdicts.filter(({ policy }) => policy !== 'cvar-limit');
  const { changes } = recheck(
    SAMPLE_RECORD,
    { ...then, verdicts },
    set('new', { cvar95Max: 0.019, modelAgeDaysMax: 90 }),
  );
  expect(changes).toEqual([]);
});

it('refuses a record that is not the one that was judged', () => {
  const other = { ...SAMPLE_RECORD, cvar95: 0.021 };
  expect(() => recheck(other, then, set('new', {}))).toThrow(/the record is the one that was judged/);
});
