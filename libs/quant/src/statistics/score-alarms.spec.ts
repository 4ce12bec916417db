import { scoreAlarms } from './score-alarms';

const options = { bars: 1000, delayMax: 50 };

describe('scoreAlarms', () => {
  it('gives the worked values of river’s documentation', () => {
    expect(scoreAlarms([110, 900], [100], options)).toMatchObject({ precision: 0.5, falseAlarmRate: 0.001 });
    expect(scoreAlarms([110, 130], [100, 500], options).recall).toBeCloseTo(2 / 3, 12);
    expect(scoreAlarms([110, 130], [100, 500], options)).toMatchObject({ episodeRecall: 0.5, missedRate: 0.5 });
    expect(scoreAlarms([110, 530], [100, 500, 900], options).delay).toBe(20);
    expect(scoreAlarms([110], [100], options).normalisedDelay).toBe(0.2);
    expect(scoreAlarms([200, 300, 500], [], options).timeBetweenFalseAlarms).toBe(150);
    expect(scoreAlarms([110, 400, 700], [100, 900], options).meanTimeRatio).toBe(15);
  });

  it('leaves out what cannot be measured instead of calling it zero', () => {
    const silent = scoreAlarms([], [100], options);
    expect(silent).toEqual({ recall: 0, episodeRecall: 0, missedRate: 1, falseAlarmRate: 0 });
    expect(scoreAlarms([], [], options)).toEqual({ falseAlarmRate: 0 });
  });

  it('counts both ends of the window', () => {
    expect(scoreAlarms([90, 150], [100], { ...options, earlyMax: 10 }).precision).toBe(1);
    expect(scoreAlarms([89, 151], [100], { ...options, earlyMax: 10 }).precision).toBe(0);
  });
});
