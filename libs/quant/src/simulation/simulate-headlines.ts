import type { IsoDate, Rng } from '@allostat/kernel';
import type { SimulatedRegime } from './regime-table';

/** A dated headline with the tone that its author had in mind: -1 bad, 0 neutral, 1 good for risky assets. */
export interface SimulatedHeadline {
  readonly date: IsoDate;
  readonly text: string;
  readonly tone: -1 | 0 | 1;
}

const SUBJECTS = ['Wall Street', 'European shares', 'Emerging markets', 'Corporate bonds', 'Miners', 'Tech stocks'];
const GOOD = [
  '{s} rally as earnings beat forecasts',
  '{s} climb on strong growth data',
  '{s} rebound as credit conditions improve',
  'Jobless claims fall and {s} gain',
  '{s} advance, investors upgrade outlook',
];
const BAD = [
  '{s} tumble as default fears spread',
  '{s} slump on weak factory orders',
  '{s} slide as rate hikes loom',
  'Layoffs rise and {s} drop',
  '{s} fall, analysts cut forecasts',
];
const NEUTRAL = [
  '{s} little changed ahead of central bank meeting',
  'What to watch this week: {s}',
  '{s} trade sideways in thin volume',
];
/** Chance of a good and of a bad headline in each regime; the rest is neutral. */
const TONE: Readonly<Record<SimulatedRegime, readonly [number, number]>> = {
  expansion: [0.45, 0.2],
  tightening: [0.25, 0.4],
  crisis: [0.12, 0.65],
  recovery: [0.55, 0.2],
};
const HEADLINES_PER_BAR = 0.7;

/** Dated headlines whose tone leans on the regime, about seven in ten bars. */
export function simulateHeadlines(
  dates: readonly IsoDate[],
  path: readonly SimulatedRegime[],
  rng: Rng,
): SimulatedHeadline[] {
  const headlines: SimulatedHeadline[] = [];
  dates.forEach((date, bar) => {
    if (rng.uniform() >= HEADLINES_PER_BAR) return;
    const [good, bad] = TONE[path[bar]];
    const draw = rng.uniform();
    const tone = draw < good ? 1 : draw < good + bad ? -1 : 0;
    const forms = tone === 1 ? GOOD : tone === -1 ? BAD : NEUTRAL;
    const subject = SUBJECTS[rng.integer(SUBJECTS.length)];
    headlines.push({ date, text: forms[rng.integer(forms.length)].replace('{s}', subject), tone });
  });
  return headlines;
}
