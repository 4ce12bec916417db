import { decayOfHalfLife, scoreHeadline } from '@allostat/quant';
import type { Observation } from '../observation/events';
import type { Finding } from './quarantine';
import type { ContextState, SignalState } from './signal-state';

/** The Sahm indicator reads fifteen months. */
const MONTHS_KEPT = 15;
const NEWS_DECAY = decayOfHalfLife(5);

/** Takes in macro releases; keeps per series the newest value and one value a month, each in its latest revision. */
export function updateMacro(
  context: readonly ContextState[],
  releases: readonly Observation[],
): { readonly context: readonly ContextState[]; readonly findings: readonly Finding[] } {
  const findings: Finding[] = [];
  const next = [...context];
  for (const release of releases) {
    if (release.value === undefined) continue; // the source says that it has no value: nothing to keep, nothing wrong
    const at = next.findIndex((series) => series.seriesId === release.seriesId);
    const before = at < 0 ? undefined : next[at];
    if (before?.eventTime === release.eventTime && before.revision >= release.revision) {
      findings.push({
        observation: release,
        rule: 'duplicate',
        observed: 2,
        limit: 1,
        reason: `${release.seriesId} of ${release.eventTime}, revision ${release.revision}, was delivered twice`,
      });
      continue;
    }
    const after = withRelease(before, release, release.value);
    if (at < 0) next.push(after);
    else next[at] = after;
  }
  return { context: next, findings };
}

function withRelease(before: ContextState | undefined, release: Observation, value: number): ContextState {
  const { seriesId, eventTime, revision } = release;
  const month = eventTime.slice(0, 7);
  const months = (before?.months ?? []).filter((m) => m.month !== month || m.eventTime > eventTime);
  if (!months.some((m) => m.month === month)) months.push({ month, eventTime, value });
  months.sort((a, b) => (a.month < b.month ? -1 : 1));
  const newest = before === undefined || eventTime >= before.eventTime;
  return {
    seriesId,
    eventTime: newest ? eventTime : before.eventTime,
    revision: newest ? revision : before.revision,
    value: newest ? value : before.value,
    months: months.slice(-MONTHS_KEPT),
  };
}

/**
 * Takes in a bar's headlines: an EW sum of scores and of their number, both with a half-life of five bars. A headline that was
 * delivered with a tone keeps it; the lexicon judges the others.
 */
export function updateNews(news: SignalState['news'], headlines: readonly Observation[]): SignalState['news'] {
  let { score, count } = { score: news.score * NEWS_DECAY, count: news.count * NEWS_DECAY };
  for (const { text, value } of headlines) {
    if (text === undefined) continue;
    score += value === undefined ? scoreHeadline(text) : value;
    count += 1;
  }
  return { score, count };
}

/** Change of a series over `months` months as known now; undefined when either end is unknown. */
export function changeOverMonths(series: ContextState, months: number): number | undefined {
  const base = valueOfMonth(series, monthBefore(series.eventTime.slice(0, 7), months));
  return base === undefined ? undefined : series.value - base;
}

/** The month (YYYY-MM) that lies `months` before another. */
export function monthBefore(month: string, months: number): string {
  const [year, number] = month.split('-').map(Number);
  const index = year * 12 + (number - 1) - months;
  return `${Math.floor(index / 12)}-${String((index % 12) + 1).padStart(2, '0')}`;
}

/** The last value of a month as known now; undefined when none is kept. */
export function valueOfMonth(series: ContextState, month: string): number | undefined {
  return series.months.find((m) => m.month === month)?.value;
}
