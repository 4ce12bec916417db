/** What the Page-Hinkley test remembers; plain data. */
export interface PageHinkleyState {
  readonly count: number;
  readonly mean: number;
  readonly sum: number;
  readonly alarm: boolean;
}

export interface PageHinkleyOptions {
  readonly minObservations: number;
  /** Rise of the mean that is tolerated. */
  readonly tolerance: number;
  readonly threshold: number;
  /** Forgetting factor of the sum, just below 1. */
  readonly forgetting: number;
}

export const DEFAULT_PAGE_HINKLEY: PageHinkleyOptions = {
  minObservations: 30,
  tolerance: 0.005,
  threshold: 50,
  forgetting: 0.9999,
};

export function initialPageHinkley(): PageHinkleyState {
  return { count: 0, mean: 0, sum: 0, alarm: false };
}

/**
 * One step of the Page-Hinkley test for a rise of the mean (Page, 1954); starts anew after an alarm.
 * Meant for a model's loss: raw returns raise an alarm in every crisis. Give it the negated values to watch for a fall.
 */
export function pageHinkley(
  state: PageHinkleyState,
  value: number,
  options: PageHinkleyOptions = DEFAULT_PAGE_HINKLEY,
): PageHinkleyState {
  const { minObservations, tolerance, threshold, forgetting } = options;
  const before = state.alarm ? initialPageHinkley() : state;
  const count = before.count + 1;
  const mean = before.mean + (value - before.mean) / count;
  const sum = Math.max(0, forgetting * before.sum + value - mean - tolerance);
  return { count, mean, sum, alarm: count + 1 >= minObservations && sum >= threshold };
}
