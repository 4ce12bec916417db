import { yearTicks } from '../plot/axis-ticks';

export const CHART_WIDTH = 1040;
const LEFT = 62;
const RIGHT = 16;
const TOP = 12;
const BOTTOM = 26;

/** Points that a line is thinned to: more than a screen shows. */
const POINTS_MAX = 900;

/** Rows of a series that are drawn: evenly spaced, the last one included. */
export function drawnRows(count: number): number[] {
  const step = Math.max(1, Math.ceil(count / POINTS_MAX));
  const rows: number[] = [];
  for (let row = 0; row < count - 1; row += step) rows.push(row);
  rows.push(count - 1);
  return rows;
}

export interface Frame {
  readonly height: number;
  x(row: number): number;
  /** Vertical position of a share of the plot, 0 at the bottom. */
  y(share: number): number;
}

export function chartFrame(rows: number, height: number): Frame {
  return {
    height,
    x: (row) => LEFT + ((CHART_WIDTH - LEFT - RIGHT) * row) / Math.max(1, rows - 1),
    y: (share) => height - BOTTOM - (height - TOP - BOTTOM) * share,
  };
}

/** One decimal is a tenth of a pixel. */
export const at = (value: number): string => value.toFixed(1);

export function escapeText(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

export function linePath(points: readonly (readonly [number, number])[]): string {
  return points.map(([x, y], i) => `${i === 0 ? 'M' : 'L'}${at(x)} ${at(y)}`).join('');
}

/** An SVG with year marks, horizontal grid lines and what is drawn in it. */
export function chartOf(
  frame: Frame,
  dates: readonly string[],
  {
    title,
    ticks,
    body,
  }: {
    readonly title: string;
    /** Positions 0..1 and their labels. */
    readonly ticks: readonly { readonly share: number; readonly label: string }[];
    readonly body: readonly string[];
  },
): string {
  const { height, x, y } = frame;
  const years = yearTicks(dates).map(
    ({ at: row, label }) =>
      `<line class="grid" x1="${at(x(row))}" x2="${at(x(row))}" y1="${at(y(1))}" y2="${at(y(0))}"/><text x="${at(x(row))}" y="${height - 8}" text-anchor="middle">${label}</text>`,
  );
  const lines = ticks.map(
    ({ share, label }) =>
      `<line class="grid" x1="${LEFT}" x2="${CHART_WIDTH - RIGHT}" y1="${at(y(share))}" y2="${at(y(share))}"/><text x="${LEFT - 8}" y="${at(y(share) + 4)}" text-anchor="end">${escapeText(label)}</text>`,
  );
  return [
    `<svg viewBox="0 0 ${CHART_WIDTH} ${height}" role="img" aria-label="${escapeText(title)}">`,
    ...years,
    ...lines,
    ...body,
    '</svg>',
  ].join('\n');
}

/** A band for each spell of stress, behind whatever is drawn on it. */
export function stressBands(frame: Frame, labels: readonly (string | undefined)[], calm: string): string[] {
  const bands: string[] = [];
  let from: number | undefined;
  for (let row = 0; row <= labels.length; row++) {
    const stressed = row < labels.length && labels[row] !== undefined && labels[row] !== calm;
    if (stressed && from === undefined) from = row;
    if (!stressed && from !== undefined) {
      bands.push(
        `<rect class="band" x="${at(frame.x(from))}" y="${at(frame.y(1))}" width="${at(frame.x(row - 1) - frame.x(from) + 1)}" height="${at(frame.y(0) - frame.y(1))}"/>`,
      );
      from = undefined;
    }
  }
  return bands;
}
