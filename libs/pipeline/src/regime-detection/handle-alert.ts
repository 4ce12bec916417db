import { InputError, type Instant } from '@allostat/kernel';
import type { HandleAlert, RegimeAlertHandled } from './alert-events';
import type { AlertState, Silence } from './alert-state';

const SILENCE_HOURS_MAX = 168;
const REASON_MIN = 5;

/**
 * Applies a person's order to the alerts of a universe.
 *
 * Critical alerts are held back only when two people say so: the first order proposes it, that of another person confirms it, until
 * the earlier of their two ends.
 *
 * Throws `InputError` for a missing reason, an order without an alert to apply to, an assignment without an assignee, a
 * silence that does not end within a week, and a person who confirms himself.
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
      ...(action === 'silence' &&
        order.critical === true && { critical: next.silence?.confirmedBy === actor ? 'confirmed' : 'proposed' }),
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
      return silenced(state, order, { by: order.actor, reason: order.reason, until: endOf(order, now) }, now);
    case 'unsilence': {
      if (state.silence === undefined)
        throw new InputError(`the alerts of ${order.universeId} are not silenced`, { field: 'action' });
      const { silence: _silence, proposedSilence: _proposed, ...loud } = state;
      return loud;
    }
  }
}

function silenced(state: AlertState, { critical }: HandleAlert, wish: Silence, now: Instant): AlertState {
  if (critical !== true) return { ...state, silence: wish };
  const { proposedSilence, ...rest } = state;
  if (proposedSilence === undefined || proposedSilence.until <= now) return { ...state, proposedSilence: wish };
  if (proposedSilence.by === wish.by)
    throw new InputError(
      `${wish.by} has proposed this silence and cannot confirm it`,
      { field: 'critical' },
      'another person must confirm that critical alerts are held back',
    );
  const until = wish.until < proposedSilence.until ? wish.until : proposedSilence.until;
  return { ...rest, silence: { ...proposedSilence, until, confirmedBy: wish.by } };
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
