import type { WeightChange } from '@allostat/pipeline';
import { CHART_WIDTH, escapeText } from './chart-frame';

const ROW = 24;
const LEFT = 190;
const RIGHT = 70;
const TOP = 24;

/** Weights held (open circle) and proposed (full circle), a row an instrument, on one scale from zero. */
export function weightsDumbbell(weights: readonly WeightChange[]): string {
  const most = Math.max(...weights.map(({ previousWeight, targetWeight }) => Math.max(previousWeight, targetWeight)));
  const least = Math.min(
    0,
    ...weights.map(({ previousWeight, targetWeight }) => Math.min(previousWeight, targetWeight)),
  );
  const step = most - least > 0.5 ? 0.2 : most - least > 0.2 ? 0.1 : 0.05;
  const [low, high] = [Math.floor(least / step) * step, Math.ceil(most / step) * step];
  const x = (weight: number): string =>
    (LEFT + ((CHART_WIDTH - LEFT - RIGHT) * (weight - low)) / (high - low)).toFixed(1);
  const height = TOP + ROW * weights.length + 8;
  const ticks = Array.from({ length: Math.round((high - low) / step) + 1 }, (_, k) => low + k * step).map(
    (tick) =>
      `<line class="grid" x1="${x(tick)}" x2="${x(tick)}" y1="${TOP - 4}" y2="${height - 8}"/><text x="${x(tick)}" y="14" text-anchor="middle">${Math.round(100 * tick)} %</text>`,
  );
  const rows = weights.map(({ instrument, previousWeight, targetWeight }, k) => {
    const y = TOP + ROW * k + ROW / 2;
    const colour = `line${targetWeight < previousWeight ? 1 : targetWeight > previousWeight ? 2 : 5}`;
    return `<text x="${LEFT - 12}" y="${y + 4}" text-anchor="end">${escapeText(instrument)}</text><line class="line ${colour}" stroke-width="3" x1="${x(previousWeight)}" x2="${x(targetWeight)}" y1="${y}" y2="${y}"/><circle class="line ${colour}" cx="${x(previousWeight)}" cy="${y}" r="4.5"/><circle class="dot ${colour}" cx="${x(targetWeight)}" cy="${y}" r="5"/>`;
  });
  return `<svg viewBox="0 0 ${CHART_WIDTH} ${height}" role="img" aria-label="Weights held and proposed">${ticks.join('')}${rows.join('')}</svg><p class="soft">Open circle: held. Full circle: proposed; green where the weight rises, red where it falls.</p>`;
}
