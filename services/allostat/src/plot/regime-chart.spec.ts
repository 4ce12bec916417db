import { axisTicks, yearTicks } from './axis-ticks';
import { regimeChart, type RegimeChartData } from './regime-chart';

const data: RegimeChartData = {
  model: 'student-t-hmm',
  instrument: 'A & B',
  dates: ['2019-12-30', '2019-12-31', '2020-01-01', '2020-01-02'],
  prices: [100, undefined, 120, 110],
  names: ['expansion', 'tightening', 'crisis', 'recovery'],
  regime: ['expansion', 'expansion', 'crisis', 'expansion'],
  probabilities: [
    [0.9, 0.1, 0, 0],
    [0.8, 0.1, 0.1, 0],
    [0, 0, 1, 0],
    [0.7, 0, 0.3, 0],
  ],
};

describe('regimeChart', () => {
  const svg = regimeChart(data);

  it('has a band for each spell, which together fill the width without a gap', () => {
    const bands = [...svg.matchAll(/class="regime" x="([\d.]+)" y="\d+" width="([\d.]+)"/g)].map(([, x, width]) => [
      Number(x),
      Number(width),
    ]);
    expect(bands).toHaveLength(3);
    expect(bands[0][0] + bands[0][1]).toBeCloseTo(bands[1][0], 0);
    expect(bands[1][0] + bands[1][1]).toBeCloseTo(bands[2][0], 0);
  });

  it('breaks the line where a price is missing, and never draws it as zero', () => {
    const [, line] = /<path d="([^"]+)" fill="none"/.exec(svg) ?? [];
    expect(line.match(/M/g)).toHaveLength(2);
    expect(svg).not.toMatch(/NaN|undefined|Infinity/);
  });

  it('escapes what stands in names', () => {
    expect(svg).toContain('A &amp; B and its regimes, 2019-12-30 to 2020-01-02');
  });
});

describe('axis ticks', () => {
  it('are round and within the range', () => {
    expect(axisTicks(90, 1200)).toEqual([100, 200, 500, 1000]);
    expect(axisTicks(170, 440)).toEqual([200, 300, 400]);
    expect(axisTicks(101, 128).every((tick) => tick > 101 && tick < 128)).toBe(true);
  });

  it('of years stand on the first bar of each', () => {
    expect(yearTicks(data.dates)).toEqual([{ at: 2, label: '2020' }]);
  });
});
