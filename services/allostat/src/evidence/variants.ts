import type { Construction, Mandate } from '@allostat/pipeline';

/** A setting of the engine and what it is there to show. */
export interface Variant {
  readonly name: string;
  readonly construction: Construction;
  /** Parts of the risk budget beyond those of the default. */
  readonly risk?: Pick<Mandate['risk'], 'tailBudget' | 'preservation'>;
}

/** Exposure that a regime leaves, where regimes cut. */
const REGIME_CUT = 0.6;

/** Settings of a construction with parts of it switched off, or the regime cut on; the first is the default policy. */
export function overlayVariants(base: Construction): Variant[] {
  const { drawdownMultiple: _multiple, volatilityShare: _share, ...rest } = base;
  const scaled = base.drawdownMultiple === undefined ? {} : { drawdownMultiple: base.drawdownMultiple };
  const share = base.volatilityShare === undefined ? {} : { volatilityShare: base.volatilityShare };
  const none = { ...rest, drawdownControl: false };
  return [
    { name: 'tilt + volatility + drawdown budget (default)', construction: base },
    { name: 'tilt + volatility', construction: { ...none, ...share } },
    { name: 'tilt + volatility + regime cut', construction: { ...none, ...share, regimeCut: REGIME_CUT } },
    { name: 'all parts', construction: { ...base, regimeCut: REGIME_CUT } },
    { name: 'volatility', construction: { ...none, ...share, tilt: 0 } },
    { name: 'volatility + drawdown budget', construction: { ...base, tilt: 0 } },
    { name: 'volatility + regime cut', construction: { ...none, ...share, tilt: 0, regimeCut: REGIME_CUT } },
    { name: 'tilt', construction: { ...none, volatilityShare: UNLIMITED } },
    { name: 'drawdown budget', construction: { ...rest, ...scaled, tilt: 0, volatilityShare: UNLIMITED } },
    { name: 'regime cut', construction: { ...none, tilt: 0, volatilityShare: UNLIMITED, regimeCut: REGIME_CUT } },
    {
      name: 'tilt + volatility + tail budget',
      construction: { ...none, ...share },
      risk: { tailBudget: { cvar: 0.01, confidence: 0.95 } },
    },
    {
      name: 'tilt + volatility + floor of 90 % a year',
      construction: { ...none, ...share },
      risk: { preservation: { floor: 0.9, horizonBars: 252, confidence: 0.95 } },
    },
  ];
}

/** A volatility target that no forecast reaches: the exposure stays whole. */
const UNLIMITED = 1e6;

/** The same for the second mode, whose targets are absolute. */
export function scratchVariants(base: Construction): Variant[] {
  return [
    { name: 'group budgets, all parts (second mode)', construction: base },
    { name: 'without tilt', construction: { ...base, tilt: 0 } },
    { name: 'without drawdown budget', construction: { ...base, drawdownControl: false } },
    { name: 'without volatility target', construction: { ...base, volatilityShare: UNLIMITED } },
    {
      name: 'with regime cut instead of drawdown budget',
      construction: { ...base, drawdownControl: false, regimeCut: REGIME_CUT },
    },
    { name: 'core alone', construction: coreAlone(base) },
    { name: 'covariance by regime, all parts', construction: { ...base, covariance: 'regime' } },
    { name: 'covariance by regime, core alone', construction: { ...coreAlone(base), covariance: 'regime' } },
  ];
}

/** A core without tilt, targets and budgets: what its covariance alone makes of it. */
function coreAlone(base: Construction): Construction {
  return { ...base, tilt: 0, drawdownControl: false, volatilityShare: UNLIMITED };
}

/** The default policy with one setting moved either way: what depends on a number, and how much. */
export function sensitivityVariants(base: Construction): Variant[] {
  const moved = (
    name: 'volatilityShare' | 'tilt' | 'drawdownMultiple' | 'band',
    values: readonly number[],
  ): Variant[] => values.map((value) => ({ name: `${name} ${value}`, construction: { ...base, [name]: value } }));
  return [
    ...moved('volatilityShare', [0.7, 0.9]),
    ...moved('tilt', [0.15, 0.35]),
    ...moved('drawdownMultiple', [1.25, 1.75]),
    ...moved('band', [0.1, 0.2]),
  ];
}
