import type { IsoDate } from '@allostat/kernel';
import type { Mandate } from '../mandate/mandate';
import type { RegimeAssessed, RegimeProbabilities } from '../regime-detection/events';
import type { CoreVolatility } from './core-weights';
import type { SurrogateFeature } from './events';
import type { RiskModel } from './risk-model';

/** A decision is written down on every fifth bar: neighbours say nearly the same. */
const EVERY_BARS = 5;

/** Decisions that wait before they are put into the record: some four weeks. */
const WAITING_MAX = 4;

/** Decisions that a record keeps: some five years. */
const ROWS_KEPT = 260;

/** What a mandate knew on a bar and how much it exposed, or which volatility it aimed at. */
export interface ExposureRow {
  readonly asOf: IsoDate;
  /** Decisions of another version followed other rules. */
  readonly mandateVersion: number;
  readonly features: Readonly<Partial<Record<SurrogateFeature, number>>>;
  readonly decided: number;
}

/** The mandate's own past decisions, oldest first. */
export interface ExposureRecord {
  readonly rows?: readonly ExposureRow[];
}

/** Decisions that wait, and one more when its turn has come. */
export function addDecision(
  waiting: readonly ExposureRow[] | undefined,
  row: ExposureRow,
  bar: number,
): readonly ExposureRow[] | undefined {
  return bar % EVERY_BARS === 0 ? [...(waiting ?? []), row] : waiting;
}

/** True when the decisions that wait should be put into the record. */
export function isRecordDue(waiting: readonly ExposureRow[] | undefined): waiting is readonly ExposureRow[] {
  return waiting !== undefined && waiting.length >= WAITING_MAX;
}

/** A record with the decisions that waited; those of an earlier version of the mandate are left out. */
export function withDecisions({ rows = [] }: ExposureRecord, waiting: readonly ExposureRow[]): ExposureRecord {
  const version = waiting[waiting.length - 1].mandateVersion;
  const all = [...rows, ...waiting].filter(({ mandateVersion }) => mandateVersion === version);
  return { rows: all.slice(-ROWS_KEPT) };
}

/** What was known at the close of a bar; what is not known has no entry. */
export function featuresOf(
  mandate: Mandate,
  { assessed, model, forecast, budgetUsed, volatility, core }: FeatureFacts,
): ExposureRow['features'] {
  const relative = mandate.construction?.volatilityShare !== undefined;
  const { fused } = assessed;
  const trend = core && trendOf(core, model);
  return {
    'crisis-now': assessed.probabilities.crisis,
    'crisis-ahead': forecast.crisis,
    'tightening-ahead': forecast.tightening,
    'recovery-ahead': forecast.recovery,
    'drawdown-used': budgetUsed,
    ...(volatility &&
      (relative
        ? { 'volatility-ratio': volatility.forecast / volatility.longRun }
        : { volatility: volatility.forecast })),
    ...(trend !== undefined && { trend }),
    ...(fused && { signals: fused.reduce((sum, { contribution }) => sum + contribution, 0) }),
  };
}

interface FeatureFacts {
  readonly assessed: RegimeAssessed;
  readonly model: RiskModel;
  readonly forecast: RegimeProbabilities;
  readonly budgetUsed: number;
  readonly volatility: CoreVolatility | undefined;
  readonly core: readonly { readonly id: string; readonly weight: number }[] | undefined;
}

/** Trend of the instruments by their weight in the core; those without one are left out. */
function trendOf(core: NonNullable<FeatureFacts['core']>, { assets, moments }: RiskModel): number | undefined {
  if (moments === undefined) return undefined;
  let [sum, weights] = [0, 0];
  for (const { id, weight } of core) {
    const trend = moments.trend[assets.indexOf(id)];
    if (trend === undefined) continue;
    sum += weight * trend;
    weights += weight;
  }
  return weights > 0 ? sum / weights : undefined;
}
