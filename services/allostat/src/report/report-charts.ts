import { axisTicks } from '../plot/axis-ticks';
import { at, chartFrame, chartOf, drawnRows, linePath, stressBands } from './chart-frame';

export interface NamedPath {
  readonly name: string;
  readonly values: ArrayLike<number>;
}

export interface ChartContext {
  readonly dates: readonly string[];
  /** Regime known at each date; the first label is the calm one. */
  readonly labels: readonly (string | undefined)[];
  readonly calm: string;
}

/** Growth of one unit on a logarithmic scale, the regimes behind it; the first path is the one that is judged. */
export function growthChart(paths: readonly NamedPath[], { dates, labels, calm }: ChartContext): string {
  const growth = paths.map(({ values }) => Array.from({ length: values.length }, (_, t) => values[t] / values[0]));
  const low = Math.min(...growth.map((path) => Math.min(...path))) * 0.97;
  const high = Math.max(...growth.map((path) => Math.max(...path))) * 1.03;
  const share = (value: number): number => Math.log(value / low) / Math.log(high / low);
  const frame = chartFrame(dates.length, 360);
  const rows = drawnRows(dates.length);
  return chartOf(frame, dates, {
    title: 'Growth of one unit of money, logarithmic scale',
    ticks: axisTicks(low, high).map((tick) => ({ share: share(tick), label: String(tick) })),
    body: [
      ...stressBands(frame, labels, calm),
      ...growth
        .map((path, k) => {
          const points = rows.map((row) => [frame.x(row), frame.y(share(path[row]))] as const);
          return `<path class="line line${k}" d="${linePath(points)}"/>`;
        })
        .reverse(),
    ],
  });
}

/** Loss from the peak of each path. */
export function drawdownChart(paths: readonly NamedPath[], { dates, labels, calm }: ChartContext): string {
  const losses = paths.map(({ values }) => drawdowns(values));
  const deepest = Math.max(0.01, ...losses.map((path) => Math.max(...path)));
  const frame = chartFrame(dates.length, 220);
  const rows = drawnRows(dates.length);
  const step = deepest > 0.3 ? 0.1 : deepest > 0.12 ? 0.05 : 0.02;
  const ticks = Array.from({ length: Math.floor(deepest / step) + 1 }, (_, k) => k * step);
  return chartOf(frame, dates, {
    title: 'Loss from the peak',
    ticks: ticks.map((value) => ({
      share: 1 - value / deepest,
      label: `${value > 0 ? '-' : ''}${Math.round(100 * value)} %`,
    })),
    body: [
      ...stressBands(frame, labels, calm),
      ...losses
        .map((path, k) => {
          // the deepest day between two drawn points stands for them
          const points = rows.map((row, i) => {
            const next = i + 1 < rows.length ? rows[i + 1] : row + 1;
            return [frame.x(row), frame.y(1 - Math.max(...path.slice(row, next)) / deepest)] as const;
          });
          return `<path class="line line${k}" d="${linePath(points)}"/>`;
        })
        .reverse(),
    ],
  });
}

/** Loss from the highest value so far, >= 0. */
export function drawdowns(values: ArrayLike<number>): number[] {
  let peak = values[0];
  return Array.from({ length: values.length }, (_, t) => {
    peak = Math.max(peak, values[t]);
    return 1 - values[t] / peak;
  });
}

/** Weights stacked to one, as they were asked for; each step lasts until the next decision. */
export function weightsChart(
  assets: readonly string[],
  decisions: readonly { readonly row: number; readonly weights: readonly number[] }[],
  { dates }: ChartContext,
): string {
  const frame = chartFrame(dates.length, 260);
  const steps = decisions.flatMap(({ row, weights }, k) => {
    const until = k + 1 < decisions.length ? decisions[k + 1].row : dates.length - 1;
    return [
      { row, weights },
      { row: until, weights },
    ];
  });
  let base = steps.map(() => 0);
  const areas = assets.map((_, i) => {
    const top = steps.map(({ weights }, k) => base[k] + weights[i]);
    const upper = steps.map(({ row }, k) => `${at(frame.x(row))} ${at(frame.y(top[k]))}`);
    const lower = steps.map(({ row }, k) => `${at(frame.x(row))} ${at(frame.y(base[k]))}`).reverse();
    base = top;
    return `<path class="area area${i % 12}" d="M${[...upper, ...lower].join('L')}Z"/>`;
  });
  return chartOf(frame, dates, {
    title: 'Target weights over time',
    ticks: [0, 0.25, 0.5, 0.75, 1].map((share) => ({ share, label: `${100 * share} %` })),
    body: areas,
  });
}
