import { createRng } from '@allostat/kernel';
import type { DomainEvent, Mandate, RegimeAssessed, RiskModelState } from '@allostat/pipeline';
import { RISK_BUDGETING, RISK_MODEL_STATES } from '@allostat/risk-budgeting';
import { eventually, StageWorld } from '@allostat/testkit';
import { mandateNamed } from '../security/governance-world';

let world: StageWorld;
const clock = { now: () => '2024-01-01T00:00:00.000Z' };

beforeAll(async () => {
  world = await StageWorld.open(RISK_BUDGETING, { clock });
}, 120_000);
afterAll(() => world.close(), 60_000);

const publish = (event: DomainEvent): Promise<void> => world.publish(event, clock.now());

const state = (universeId: string): Promise<RiskModelState | undefined> =>
  world.stage.units.run((unit) => RISK_MODEL_STATES.peek(unit, universeId));

/** A mandate that asks for scenarios, or does not. */
function mandate(universeId: string, version: number, asks: boolean): Mandate {
  const { risk, ...rest } = mandateNamed(`of ${universeId}`);
  return {
    ...{ ...rest, universeId, version, cashInstrument: 'BOND' },
    construction: { core: 'anchor', tilt: 0, drawdownControl: false, band: 0.1 },
    risk: { ...risk, ...(asks && { tailBudget: { cvar: 0.01, confidence: 0.95 } }) },
  };
}

function bar(universeId: string, t: number): RegimeAssessed {
  const rng = createRng(t + 1);
  const crisis = rng.uniform();
  return {
    type: 'RegimeAssessed',
    universeId,
    asOf: new Date(Date.UTC(2020, 0, 1 + t)).toISOString().slice(0, 10),
    bar: t + 1,
    regime: 'expansion',
    probabilities: { expansion: 1 - crisis, tightening: 0, crisis, recovery: 0 },
    forecasts: [],
    logScore: 0,
    modelVersion: 'test',
    coverage: 1,
    instruments: ['EQ', 'BOND'].map((id) => ({ id, close: 100 + t, return: 0.01 * rng.normal(), staleBars: 0 })),
  };
}

/** Bars one after the other, until the last has been taken. */
async function play(universeId: string, from: number, to: number): Promise<void> {
  for (let t = from; t < to; t++) await publish(bar(universeId, t));
  await eventually(async () => expect((await state(universeId))?.estimator?.bars).toBe(to), 60_000);
}

/** A version of the mandate, once it has been heard. */
async function version(universeId: string, number: number, asks: boolean): Promise<void> {
  await publish({ type: 'MandateVersioned', mandate: mandate(universeId, number, asks) });
  await eventually(async () => expect(await world.bus.lag(world.stage.name, ['mandate.version.v1'])).toBe(0), 30_000);
}

it('a mandate that asks for scenarios late has those that it would have had from the start', async () => {
  await version('early', 1, true);
  await version('late', 1, false);
  await play('early', 0, 70);
  await play('late', 0, 50);
  expect((await state('late'))?.scenarios).toBeUndefined();
  expect((await state('early'))?.scenarios).toBeDefined();
  await version('late', 2, true);
  await play('late', 50, 60);
  // and again after nobody asked for a while
  expect((await state('late'))?.scenarios?.recent).toHaveLength(60 * 6);
  await version('late', 3, false);
  await play('late', 60, 65);
  expect((await state('late'))?.scenarios).toBeUndefined();
  await version('late', 4, true);
  await play('late', 65, 70);
  expect((await state('late'))?.scenarios).toEqual((await state('early'))?.scenarios);
}, 120_000);
