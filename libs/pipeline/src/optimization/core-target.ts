import type { Construction, Mandate } from '../mandate/mandate';
import type { CoreWeight } from '../risk-budgeting/core-weights';
import { factorsOf, type CoreExposure, type ExposureFactor } from '../risk-budgeting/events';
import type { RiskModel } from '../risk-budgeting/risk-model';
import { equityProxyOf, type AssetClass, type Universe } from '../universe/universe';

/** Share of the tilt that comes from the instrument's own trend; the rest comes from the equity market's. */
const OWN_SHARE = 0.7;

/** Classes that the equity market's trend speaks for. */
const GROWTH: readonly AssetClass[] = ['equity', 'real-estate', 'corporate-bond', 'commodity', 'alternative'];

/** What moves a target away from the core; each can be switched off to see what it does. */
export type TargetDriver = 'trend' | 'market' | ExposureFactor;

/** The drivers of an exposure: the signals, and the factors that it has. */
export function driversOf(exposure: CoreExposure): readonly TargetDriver[] {
  return ['trend', 'market', ...factorsOf(exposure).map(({ factor }) => factor)];
}

export interface CoreTarget {
  readonly weights: readonly CoreWeight[];
  readonly exposure: CoreExposure;
}

/**
 * Weights of every instrument before limits: the core, each weight tilted by the signals of the instrument, never more
 * invested than the core, at the exposure of the budget; the rest in cash. Drivers that are not named in `on` count as
 * neutral. Sums to 1.
 */
export function coreTarget(
  mandate: Mandate & { readonly construction: Construction },
  { weights: core, exposure: factors }: CoreTarget,
  {
    universe,
    model,
    on,
  }: { readonly universe: Universe; readonly model: RiskModel; readonly on: ReadonlySet<TargetDriver> },
): Map<string, number> {
  const cash = mandate.cashInstrument as string; // a construction needs one: `mandateFaults`
  const scores = signalScores(universe, model, on);
  const tilted = core.map(({ id, weight }) => {
    const score = id === cash ? undefined : scores.get(id);
    return { id, weight: score === undefined ? weight : weight * (1 + mandate.construction.tilt * score) };
  });
  const invested = tilted.reduce((sum, { weight }) => sum + weight, 0);
  let exposure = 1;
  for (const { factor, value } of factorsOf(factors)) if (on.has(factor)) exposure *= value;
  const target = new Map(universe.instruments.map(({ id }) => [id, 0]));
  let risky = 0;
  for (const { id, weight } of tilted) {
    if (id === cash) continue;
    const held = (exposure * weight) / Math.max(1, invested);
    target.set(id, held);
    risky += held;
  }
  target.set(cash, Math.max(0, 1 - risky));
  return target;
}

/** Tilt of each instrument in -1..1 from the signals that are on; instruments without a trend have none. */
function signalScores(universe: Universe, model: RiskModel, on: ReadonlySet<TargetDriver>): Map<string, number> {
  const { moments } = model;
  if (moments === undefined) return new Map();
  const trend = new Map(model.assets.map((id, i) => [id, moments.trend[i]]));
  const proxy = equityProxyOf(universe);
  const market = proxy === undefined ? undefined : trend.get(proxy);
  return new Map(
    universe.instruments.flatMap(({ id, assetClass }) => {
      const own = trend.get(id);
      if (own === undefined) return [];
      const growth = on.has('market') && market !== undefined && GROWTH.includes(assetClass) ? market : 0;
      return [[id, OWN_SHARE * (on.has('trend') ? own : 0) + (1 - OWN_SHARE) * growth] as const];
    }),
  );
}
