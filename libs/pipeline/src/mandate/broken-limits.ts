import type { Universe } from '../universe/universe';
import type { Mandate, WeightBounds } from './mandate';

/** Weights may miss a bound by this much: rounding, not a breach. */
export const LIMIT_TOLERANCE = 1e-9;

/** Bounds of one instrument. The cash instrument takes what is left over and is bounded only when named. */
export function boundsOf(instrumentId: string, mandate: Mandate): WeightBounds {
  const own = mandate.limits.byInstrument?.[instrumentId];
  if (own) return own;
  return instrumentId === mandate.cashInstrument ? { min: 0, max: 1 } : mandate.limits.default;
}

/** The limits of the mandate that `weights` break, in words; empty when all hold. */
export function brokenLimits(
  weights: Readonly<Record<string, number>>,
  mandate: Mandate,
  universe: Universe,
): string[] {
  const broken: string[] = [];
  const check = (subject: string, weight: number, { min, max }: WeightBounds): void => {
    if (weight < min - LIMIT_TOLERANCE) broken.push(`minimum ${subject}: ${weight} is below ${min}`);
    if (weight > max + LIMIT_TOLERANCE) broken.push(`maximum ${subject}: ${weight} is above ${max}`);
  };
  const byClass = new Map<string, number>();
  for (const { id, assetClass } of universe.instruments) {
    const weight = weights[id];
    if (weight === undefined) {
      broken.push(`${id}: has no weight`);
      continue;
    }
    check(`weight of ${id}`, weight, boundsOf(id, mandate));
    byClass.set(assetClass, (byClass.get(assetClass) ?? 0) + weight);
  }
  for (const [assetClass, bounds] of Object.entries(mandate.limits.byAssetClass ?? {})) {
    check(`of group ${assetClass}`, byClass.get(assetClass) ?? 0, bounds); // a class without instruments weighs nothing
  }
  return broken;
}
