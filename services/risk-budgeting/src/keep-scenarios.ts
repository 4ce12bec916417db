import {
  addWaiting,
  isFull,
  withWaiting,
  type DomainEvent,
  type ParkedScenarios,
  type RegimeAssessed,
  type RiskModelState,
  type WaitingBars,
} from '@allostat/pipeline';
import { AggregateStore, type UnitOfWork } from '@allostat/platform';

/** Scenarios that no mandate asks for, brought up to date once a month, and the bars that wait for it; both under the universe's id. */
const PARKED = new AggregateStore<ParkedScenarios>({ name: 'parked-scenarios' });
const WAITING = new AggregateStore<{ readonly bars?: WaitingBars }>({ name: 'waiting-bars' });

/**
 * The state of a risk model before a bar, with scenarios when a mandate asks for risk by regime and without when none does. The window is
 * some seventy kilobytes: it travels with every bar only while somebody reads it, and is never lost.
 */
export async function keepScenarios(
  unit: UnitOfWork<DomainEvent>,
  event: RegimeAssessed,
  before: RiskModelState,
  asked: boolean,
): Promise<RiskModelState> {
  const { universeId } = event;
  if (asked && before.scenarios !== undefined) return before;
  const { bars } = await WAITING.load(unit, universeId, () => ({}));
  if (asked) {
    const parked = await PARKED.load(unit, universeId, () => ({}));
    const scenarios = withWaiting(parked, bars);
    if (scenarios === undefined) return before;
    PARKED.save(unit, universeId, {});
    WAITING.save(unit, universeId, {});
    return { ...before, scenarios };
  }
  const { scenarios, ...rest } = before;
  if (scenarios !== undefined) {
    await PARKED.load(unit, universeId, () => ({}));
    PARKED.save(unit, universeId, { scenarios });
  }
  const waiting = addWaiting(bars, event);
  if (!isFull(waiting)) {
    WAITING.save(unit, universeId, { bars: waiting });
    return rest;
  }
  const updated = withWaiting(await PARKED.load(unit, universeId, () => ({})), waiting);
  if (updated !== undefined) PARKED.save(unit, universeId, { scenarios: updated });
  WAITING.save(unit, universeId, {});
  return rest;
}
