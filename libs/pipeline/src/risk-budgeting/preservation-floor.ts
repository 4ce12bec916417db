import type { PreservationFloor } from '../mandate/mandate';

/** Where the horizon of a floor began. */
export interface HorizonStart {
  readonly startBar: number;
  readonly startValue: number;
}

/** A floor must survive at least this long without a decision. */
const BARS_MIN = 21;

/** The horizon that a bar lies in: the one before, or a new one from this bar when that is over or there was none. */
export function horizonAt(
  before: HorizonStart | undefined,
  { bar, value }: { readonly bar: number; readonly value: number },
  { horizonBars }: PreservationFloor,
): HorizonStart {
  return before === undefined || bar - before.startBar >= horizonBars ? { startBar: bar, startValue: value } : before;
}

/**
 * The largest exposure at which the tail loss until the end of the horizon leaves the floor: cushion over loss, where the cushion is the
 * part of value above the floor and the loss that of one bar times the root of the bars left (at least 21), at most everything. Cash is
 * taken to earn nothing, which is on the safe side. Constant-proportion insurance (Black and Perold, 1992) with the multiple set by the
 * tail. `most` is `undefined` when nothing is cut.
 */
export function preservationCap(
  { floor, horizonBars, confidence }: PreservationFloor,
  { startBar, startValue, bar, value }: HorizonStart & { readonly value: number; readonly bar: number },
  tailLoss: number | undefined,
): { readonly most: number | undefined; readonly reason: string } {
  const cushion = Math.max(0, 1 - (floor * startValue) / value);
  const left = Math.max(BARS_MIN, horizonBars - (bar - startBar));
  const words = `the floor is ${percent(floor)} of the value ${bar - startBar} bars ago; ${percent(cushion)} of value is above it`;
  if (tailLoss === undefined) {
    return { most: undefined, reason: `${words}; fewer than a year of scenarios for the core: nothing is cut` };
  }
  const loss = Math.min(1, Math.max(0, tailLoss) * Math.sqrt(left));
  return {
    most: loss > 0 ? cushion / loss : undefined,
    reason: `${words}; the worst ${percent(1 - confidence)} may cost the core ${percent(loss)} in the ${left} bars to come`,
  };
}

function percent(value: number): string {
  return `${(100 * value).toFixed(1)} %`;
}
