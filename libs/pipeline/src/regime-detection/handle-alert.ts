import { InputError, type Instant } from '@allostat/kernel';
import type { HandleAlert, RegimeAlertHandled } from './alert-events';
import type { AlertState } from './alert-state';

const SILENCE_HOURS_MAX = 168;
const REASON_MIN = 5;

/**
 * Applies a person's order to the alerts of a universe.
 *
 * Throws `InputError` for a missing reason, an order without an alert to apply to, an assignment without an assignee, and
 * a silence that does not end within a week.
 */
export function handleAlert(
  state: AlertState | undefined,
  order: HandleAlert,
  now: Instant,
): { readonly state: AlertState; readonly event: RegimeAlertHandled } {
  const { action, actor, reason, universeId } = order;
  if (reason.trim().length < REASON_MIN)
    throw new InputError(`a reason of at least ${REASON_MIN} letters is needed`, { field: 'reason' });
  if (state === undefined)
    throw new InputError(`universe ${universeId} has not been assessed yet`, { field: 'universeId' });
  const next = applied(state, order, now);
  const dedupKey = state.open?.dedupKey ?? `${universeId}/${state.ladder.episode}`;
  return {
    state: { ...next, sequence: state.sequence + 1 },
    event: {
      type: 'RegimeAlertHandled',
      universeId,
      sequence: state.sequence + 1,
      dedupKey,
      action,
      actor,
      reason,
      at: now,
      ...(action === 'assign' && order.assignee !== undefined && { assignee: order.assignee }),
      ...(action === 'silence' && order.until !== undefined && { until: order.until }),
    },
  };
}

function applied(state: AlertState, order: HandleAlert, now: Instant): AlertState {
  switch (order.action) {
    case 'acknowledge':
      return owned(state, order, order.actor);
    case 'assign':
      if (order.assignee === undefined || order.assignee === '')
        throw new InputError('an assignment needs an assignee', { field: 'assignee' });
      return owned(state, order, order.assignee);
    case 'silence':
      return { ...state, silence: { by: order.actor, reason: order.reason, until: endOf(order, now) } };
    case 'unsilence': {
      if (state.silence === undefined)
        throw new InputError(`the alerts of ${order.universeId} are not silenced`, { field: 'action' });
      return Object.fromEntries(Object.entries(state).filter(([key]) => key !== 'silence')) as unknown as AlertState;
    }
  }
}

function owned(state: AlertState, { universeId }: HandleAlert, owner: string): AlertState {
  if (state.open === undefined)
    throw new InputError(`universe ${universeId} has no alert to take in hand`, { field: 'universeId' });
  return { ...state, open: { ...state.open, owner } };
}

function endOf({ until }: HandleAlert, now: Instant): Instant {
  const hours = until === undefined ? NaN : (Date.parse(until) - Date.parse(now)) / 3_600_000;
  if (until === undefined || !(hours > 0 && hours <= SILENCE_HOURS_MAX)) {
    throw new InputError(
      `a silence ends within ${SILENCE_HOURS_MAX} hours from now, got ${until ?? 'no end'}`,
      { field: 'until' },
      'give `until` as an instant in UTC',
    );
  }
  return new Date(Date.parse(until)).toISOString();
}
