import { failpointsFromEnv } from './failpoints';

describe('failpointsFromEnv', () => {
  it('kills at the n-th pass of the named place in the named service only', () => {
    const kill = jest.fn();
    const env = { ALLOSTAT_FAILPOINT: 'signal-ingestion:after-commit:3' };
    const other = failpointsFromEnv('optimization', env, kill);
    const points = failpointsFromEnv('signal-ingestion', env, kill);
    for (let i = 0; i < 5; i++) other.pass('after-commit');
    for (let i = 0; i < 5; i++) points.pass('before-commit');
    points.pass('after-commit');
    points.pass('after-commit');
    expect(kill).not.toHaveBeenCalled();
    points.pass('after-commit');
    expect(kill).toHaveBeenCalledTimes(1);
  });

  it('does nothing without the variable', () => {
    const kill = jest.fn();
    failpointsFromEnv('x', {}, kill).pass('before-commit');
    expect(kill).not.toHaveBeenCalled();
  });

  it.each(['x:nowhere:1', 'x:before-commit', 'x:before-commit:0', 'x'])('refuses %s', (value) => {
    expect(() => failpointsFromEnv('x', { ALLOSTAT_FAILPOINT: value })).toThrow(/ALLOSTAT_FAILPOINT must be/);
  });
});
