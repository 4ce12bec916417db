import { invariant } from '@allostat/kernel';

/** How alarms met known changes. A figure is absent where there is nothing to measure it on. */
export interface AlarmScore {
  /** Share of alarms near a change. */
  readonly precision?: number;
  /** Alarms near a change, over those and the changes without an alarm. */
  readonly recall?: number;
  /** Share of changes with at least one alarm near them. */
  readonly episodeRecall?: number;
  readonly missedRate?: number;
  /** Mean of the bars from a change to its first alarm, over the changes that had one. */
  readonly delay?: number;
  /** The same as a share of the tolerated delay. */
  readonly normalisedDelay?: number;
  /** False alarms per bar. */
  readonly falseAlarmRate: number;
  readonly timeBetweenFalseAlarms?: number;
  /** Time between false alarms over delay, times the share of changes found: higher is better. */
  readonly meanTimeRatio?: number;
}

export interface ScoreAlarmsOptions {
  /** Bars in the stream. */
  readonly bars: number;
  /** How late an alarm may be, and how early, and still belong to a change. */
  readonly delayMax: number;
  readonly earlyMax?: number;
}

/**
 * Scores the positions of alarms against those of known changes; definitions as in river's drift evaluation. An alarm
 * belongs to the earliest change whose window it falls into, both ends included.
 */
export function scoreAlarms(
  alarms: readonly number[],
  changes: readonly number[],
  options: ScoreAlarmsOptions,
): AlarmScore {
  const { bars, delayMax, earlyMax = 0 } = options;
  invariant(bars > 0, () => `bars must be > 0, got ${bars}`);
  invariant(delayMax > 0 && earlyMax >= 0, () => `need delayMax > 0 and earlyMax >= 0, got ${delayMax}, ${earlyMax}`);
  const firstAlarm = new Map<number, number>();
  const wrong: number[] = [];
  for (const alarm of alarms) {
    const at = changes.findIndex((change) => alarm >= change - earlyMax && alarm <= change + delayMax);
    if (at < 0) wrong.push(alarm);
    else firstAlarm.set(at, Math.min(alarm, firstAlarm.get(at) ?? Infinity));
  }
  const hits = alarms.length - wrong.length;
  const missed = changes.length - firstAlarm.size;
  const ratio = (a: number, b: number): number | undefined => (b > 0 ? a / b : undefined);
  const delay = ratio(
    [...firstAlarm].reduce((sum, [at, alarm]) => sum + alarm - changes[at], 0),
    firstAlarm.size,
  );
  const between = ratio(wrong.length < 2 ? 0 : wrong[wrong.length - 1] - wrong[0], wrong.length - 1);
  const missedRate = ratio(missed, changes.length);
  const timeRatio =
    delay === undefined || between === undefined || missedRate === undefined
      ? undefined
      : (between / delay) * (1 - missedRate);
  return defined({
    precision: ratio(hits, alarms.length),
    recall: ratio(hits, hits + missed),
    episodeRecall: ratio(firstAlarm.size, changes.length),
    missedRate,
    delay,
    normalisedDelay: delay === undefined ? undefined : delay / delayMax,
    falseAlarmRate: wrong.length / bars,
    timeBetweenFalseAlarms: between,
    meanTimeRatio: timeRatio,
  });
}

function defined(score: { readonly [K in keyof AlarmScore]: AlarmScore[K] | undefined }): AlarmScore {
  return Object.fromEntries(Object.entries(score).filter(([, value]) => value !== undefined)) as unknown as AlarmScore;
}
