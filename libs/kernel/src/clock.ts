import type { Instant } from './units';

/** Where the time comes from; the pure core receives it as an argument. */
export interface Clock {
  now(): Instant;
}

/** A clock that stands still until it is told the time: for replay and tests. */
export class ManualClock implements Clock {
  constructor(private current: Instant) {}

  now(): Instant {
    return this.current;
  }

  set(instant: Instant): void {
    this.current = instant;
  }
}
