import { axisTicks, yearTicks } from './axis-ticks';

export interface RegimeChartData {
  readonly model: string;
  readonly instrument: string;
  readonly dates: readonly string[];
  /** Close of the instrument on each date; a gap where it is undefined. */
  readonly prices: readonly (number | undefined)[];
  readonly names: readonly string[];
  readonly regime: readonly string[];
  /** One row a date, a column a name. */
  readonly probabilities: readonly (readonly number[])[];
}

interface Box {
  readonly top: number;
  readonly height: number;
}

const WIDTH = 1200;
const LEFT = 70;
const RIGHT = 24;
const PRICE: Box = { top: 84, height: 320 };
const PROBABILITY: Box = { top: 470, height: 150 };
const HEIGHT = PROBABILITY.top + PROBABILITY.height + 44;
/** Told apart with every common colour blindness, dark enough for white paper. */
const COLOURS = ['#66a98a', '#e3b23c', '#c4473a', '#5b8fd1'] as const;
const INK = '#22272e';
const GRID = '#d9dde2';

/**
 * An SVG of one instrument on a logarithmic scale, its background shaded by regime, and below it the filtered
 * probabilities stacked to one. At least two dates and one price are needed; at most four names.
 */
export function regimeChart(data: RegimeChartData): string {
  const x = (i: number): number => LEFT + ((WIDTH - LEFT - RIGHT) * i) / Math.max(1, data.dates.length - 1);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}" font-family="Helvetica, Arial, sans-serif" font-size="13" fill="${INK}">`,
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="#ffffff"/>`,
    title(data),
    ...legend(data.names),
    ...shades(data, x),
    ...years(data.dates, x),
    ...priceAxis(data.prices),
    priceLine(data.prices, x),
    ...probabilityAreas(data, x),
    ...probabilityAxis(),
    ...[PRICE, PROBABILITY].map(frame),
    '</svg>',
    '',
  ].join('\n');
}

function title({ instrument, model, dates }: RegimeChartData): string {
  const text = `${instrument} and its regimes, ${dates[0]} to ${dates[dates.length - 1]}`;
  return `<text x="${LEFT}" y="32" font-size="18" font-weight="bold">${escape(text)}</text><text x="${LEFT}" y="54" fill="#5a6470">${escape(model)}, out of sample; logarithmic scale</text>`;
}

function legend(names: readonly string[]): string[] {
  const step = 108;
  const start = WIDTH - RIGHT - step * names.length;
  return names.map((name, k) => {
    const left = start + k * step;
    return `<rect x="${left}" y="44" width="14" height="14" fill="${COLOURS[k]}"/><text x="${left + 20}" y="56">${escape(name)}</text>`;
  });
}

/** A rectangle for each run of one regime, from its first bar to the first of the next. */
function shades({ regime, names }: RegimeChartData, x: (i: number) => number): string[] {
  const starts = regime.flatMap((name, i) => (i === 0 || name !== regime[i - 1] ? [i] : []));
  return starts.map((from, s) => {
    const to = s + 1 < starts.length ? starts[s + 1] : regime.length - 1;
    const colour = COLOURS[names.indexOf(regime[from])];
    return `<rect class="regime" x="${at(x(from))}" y="${PRICE.top}" width="${at(x(to) - x(from))}" height="${PRICE.height}" fill="${colour}" fill-opacity="0.38"/>`;
  });
}

function years(dates: readonly string[], x: (i: number) => number): string[] {
  const bottom = PROBABILITY.top + PROBABILITY.height;
  return yearTicks(dates).map(
    ({ at: i, label }) =>
      `<line x1="${at(x(i))}" x2="${at(x(i))}" y1="${PRICE.top}" y2="${PRICE.top + PRICE.height}" stroke="${GRID}" stroke-opacity="0.7"/><text x="${at(x(i))}" y="${bottom + 22}" text-anchor="middle">${label}</text><text x="${at(x(i))}" y="${PRICE.top + PRICE.height + 20}" text-anchor="middle">${label}</text>`,
  );
}

function priceScale(prices: readonly (number | undefined)[]) {
  const known = prices.filter((price) => price !== undefined);
  const [low, high] = [Math.min(...known) * 0.96, Math.max(...known) * 1.04];
  const y = (price: number): number => PRICE.top + PRICE.height * (1 - Math.log(price / low) / Math.log(high / low));
  return { low, high, y };
}

function priceAxis(prices: readonly (number | undefined)[]): string[] {
  const { low, high, y } = priceScale(prices);
  return axisTicks(low, high).map(
    (tick) =>
      `<line x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${at(y(tick))}" y2="${at(y(tick))}" stroke="${GRID}"/><text x="${LEFT - 8}" y="${at(y(tick) + 4)}" text-anchor="end">${tick}</text>`,
  );
}

function priceLine(prices: readonly (number | undefined)[], x: (i: number) => number): string {
  const { y } = priceScale(prices);
  let open = false;
  const path = prices.flatMap((price, i) => {
    const command = open ? 'L' : 'M';
    open = price !== undefined;
    return price === undefined ? [] : [`${command}${at(x(i))} ${at(y(price))}`];
  });
  return `<path d="${path.join('')}" fill="none" stroke="${INK}" stroke-width="1.3" stroke-linejoin="round"/>`;
}

/** Stacked from the last name at the top to the first at the bottom, so that crisis stands above expansion. */
function probabilityAreas({ names, probabilities }: RegimeChartData, x: (i: number) => number): string[] {
  const y = (share: number): number => PROBABILITY.top + PROBABILITY.height * (1 - share);
  const below = probabilities.map((row) => row.map((_, k) => row.slice(0, k).reduce((sum, p) => sum + p, 0)));
  return names.map((name, k) => {
    const upper = probabilities.map((row, i) => `${at(x(i))} ${at(y(below[i][k] + row[k]))}`);
    const lower = probabilities.map((_, i) => `${at(x(i))} ${at(y(below[i][k]))}`).reverse();
    return `<path class="probability" data-name="${escape(name)}" d="M${[...upper, ...lower].join('L')}Z" fill="${COLOURS[k]}" stroke="${COLOURS[k]}" stroke-width="0.6"/>`;
  });
}

function probabilityAxis(): string[] {
  const y = (share: number): number => PROBABILITY.top + PROBABILITY.height * (1 - share);
  const labels = [0, 0.5, 1].map(
    (share) => `<text x="${LEFT - 8}" y="${at(y(share) + 4)}" text-anchor="end">${100 * share} %</text>`,
  );
  return [`<text x="${LEFT}" y="${PROBABILITY.top - 10}" fill="#5a6470">filtered probability</text>`, ...labels];
}

const frame = ({ top, height }: Box): string =>
  `<rect x="${LEFT}" y="${top}" width="${WIDTH - LEFT - RIGHT}" height="${height}" fill="none" stroke="#9aa3ad"/>`;

const at = (value: number): string => value.toFixed(1);

const escape = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
