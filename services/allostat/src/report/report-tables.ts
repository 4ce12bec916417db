import type { BacktestStatistics } from '@allostat/quant';
import { escapeText } from './chart-frame';
import { drawdowns } from './report-charts';

/** Rounded; what rounds to nothing has no sign. */
export const fixed = (value: number, digits: number): string => {
  const text = value.toFixed(digits);
  return /^-[0.]+$/.test(text) ? text.slice(1) : text;
};

export const percent = (value: number, digits = 1): string => `${fixed(100 * value, digits)} %`;
export const number = (value: number | null | undefined): string =>
  value === null || value === undefined ? '-' : fixed(value, 2);
export const basisPoints = (value: number): string => fixed(1e4 * value, 1);

/** A table; cells are text, escaped here. `judged` marks a row. */
export function htmlTable(
  head: readonly string[],
  rows: readonly { readonly cells: readonly string[]; readonly judged?: boolean; readonly tones?: readonly string[] }[],
): string {
  const body = rows.map(({ cells, judged, tones }) => {
    const inner = cells
      .map((cell, i) => `<td${tones?.[i] ? ` class="${tones[i]}"` : ''}>${escapeText(cell)}</td>`)
      .join('');
    return `<tr${judged === true ? ' class="judged"' : ''}>${inner}</tr>`;
  });
  return `<div class="scroll"><table><thead><tr>${head.map((cell) => `<th scope="col">${escapeText(cell)}</th>`).join('')}</tr></thead><tbody>${body.join('')}</tbody></table></div>`;
}

/** The row of figures of each portfolio, the judged one first. */
export function statisticsTable(rows: readonly (readonly [string, BacktestStatistics])[]): string {
  return htmlTable(
    [
      'after cost',
      'CAGR',
      'volatility',
      'Sharpe',
      'Sortino',
      'max drawdown',
      'CDaR 95',
      'CVaR 95 day',
      'Calmar',
      'turnover a year',
      'cost bp a year',
    ],
    rows.map(([name, s], k) => ({
      judged: k === 0,
      cells: [
        name,
        percent(s.cagr, 2),
        percent(s.volatility, 2),
        number(s.sharpe),
        number(s.sortino),
        percent(-s.maxDrawdown),
        percent(-s.cdar95),
        percent(-s.cvar95, 2),
        number(s.calmar),
        number(s.turnoverPerYear),
        basisPoints(s.costPerYear),
      ],
    })),
  );
}

/** Returns by month and year. */
export function monthlyTable(dates: readonly string[], values: ArrayLike<number>): string {
  const ends = new Map<string, number>();
  dates.forEach((date, t) => ends.set(date.slice(0, 7), values[t]));
  const years = [...new Set(dates.map((date) => date.slice(0, 4)))];
  const months = Array.from({ length: 12 }, (_, m) => String(m + 1).padStart(2, '0'));
  let before = values[0];
  let yearStart = values[0];
  const rows = years.map((year) => {
    yearStart = before;
    const cells = months.map((month) => {
      const end = ends.get(`${year}-${month}`);
      if (end === undefined) return '';
      const change = end / before - 1;
      before = end;
      return fixed(100 * change, 1);
    });
    const all = [year, ...cells, fixed(100 * (before / yearStart - 1), 1)];
    return {
      cells: all,
      tones: all.map((cell, i) => (i === 0 || cell === '' ? '' : cell.startsWith('-') ? 'bad' : 'good')),
    };
  });
  return htmlTable(['% a month', ...months, 'year'], rows);
}

interface Episode {
  readonly peak: number;
  readonly trough: number;
  readonly end: number | undefined;
  readonly depth: number;
}

/** The deepest losses from a peak: when they began, ended, and when the peak was reached again. */
export function drawdownTable(dates: readonly string[], values: ArrayLike<number>, count = 8): string {
  const losses = drawdowns(values);
  const episodes: Episode[] = [];
  let peak = 0;
  let trough = 0;
  losses.forEach((loss, t) => {
    if (loss > losses[trough]) trough = t;
    if (loss === 0) {
      if (losses[trough] > 0) episodes.push({ peak, trough, end: t, depth: losses[trough] });
      peak = t;
      trough = t;
    }
  });
  if (losses[trough] > 0) episodes.push({ peak, trough, end: undefined, depth: losses[trough] });
  const deepest = [...episodes].sort((a, b) => b.depth - a.depth).slice(0, count);
  return htmlTable(
    ['peak', 'trough', 'recovered', 'depth', 'closes under water'],
    deepest.map(({ peak: from, trough: low, end, depth }) => ({
      cells: [
        dates[from],
        dates[low],
        end === undefined ? 'not yet' : dates[end],
        percent(-depth),
        String((end === undefined ? dates.length - 1 : end) - from),
      ],
    })),
  );
}
