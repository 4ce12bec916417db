import type { BoundsPart } from './interior-point/bounds-part';
import type { LinearPart } from './interior-point/linear-part';
import type { Part, Point } from './interior-point/part';
import type { LimitRows } from './limit-rows';
import type { PieceGroup } from './piece-groups';
import type { ObjectiveTerm } from './portfolio-problem';
import type { PlacedRisk } from './risk-parts';

/** What pushes weights: a term of the objective, or a limit by its name. */
export type ForceSource =
  { readonly kind: 'term'; readonly term: ObjectiveTerm } | { readonly kind: 'limit'; readonly name: string };

/**
 * One of the forces that balance at the optimum, in units of objective by weight: what the objective gains by more of each asset, as far
 * as this source goes. Terms on the weights themselves (expected return, variances, squared distance) are left to the caller.
 */
export interface WeightForce {
  readonly source: ForceSource;
  readonly values: Float64Array;
}

/** In the program's units: multipliers of limits that do not bind stay below. */
const FORCE_MIN = 1e-9;

export interface SolvedParts {
  readonly point: Point;
  readonly risks: readonly PlacedRisk[];
  readonly bounds: BoundsPart;
  readonly linear: LinearPart;
  readonly readers: LimitRows['readers'];
  readonly groups: readonly PieceGroup[];
  readonly objectiveUnit: number;
}

/** Reads the forces out of the multipliers of a solved program, kinks and tied scenarios included. */
export function weightForces({ point, objectiveUnit, ...solved }: SolvedParts): WeightForce[] {
  const n = point.w.length;
  const found = new Map<string, WeightForce>();
  const add = (source: ForceSource, force: (i: number) => number): void => {
    const name = source.kind === 'term' ? source.term : `limit ${source.name}`;
    const known = found.get(name) ?? { source, values: new Float64Array(n) };
    found.set(name, known);
    for (let i = 0; i < n; i++) known.values[i] += objectiveUnit * force(i);
  };
  limitForces(solved, add, n);
  for (const { part, term, weight, limit } of solved.risks) {
    const whole = pushOf(part, point);
    const price = limit === undefined ? 0 : solved.linear.rows[0].z[limit.row];
    const paid = weight + price;
    if (!(paid > 0)) continue;
    if (weight > 0 && term !== 'floor') add({ kind: 'term', term }, (i) => (whole[i] * weight) / paid);
    if (limit !== undefined) add({ kind: 'limit', name: limit.name }, (i) => (whole[i] * price) / paid);
  }
  for (const { part, term, totals } of solved.groups) {
    const { forces, shares } = part.forces(n);
    if (term !== undefined) add({ kind: 'term', term }, (i) => forces[i] * shares[0][i]);
    totals.forEach((name, k) => add({ kind: 'limit', name }, (i) => forces[i] * shares[k + 1][i]));
  }
  return [...found.values()].filter(({ values }) =>
    values.some((value) => Math.abs(value) > FORCE_MIN * objectiveUnit),
  );
}

/** Force of a part on the weights: what its multipliers pay for. */
function pushOf(part: Part, point: Point): Float64Array {
  const dual: Point = { w: new Float64Array(point.w.length), g: new Float64Array(point.g.length) };
  part.residuals(point, dual);
  return dual.w.map((value) => -value);
}

function limitForces(
  { bounds, linear, readers }: Pick<SolvedParts, 'bounds' | 'linear' | 'readers'>,
  add: (source: ForceSource, force: (i: number) => number) => void,
  n: number,
): void {
  for (const { name, from, rows } of readers) {
    const values = new Float64Array(n);
    for (const row of rows) {
      if (from === 'linear') {
        const { weights } = linear.linear[row];
        for (let i = 0; i < n; i++) values[i] += linear.rows[0].z[row] * weights[i];
      } else {
        const { index, sign } = bounds.bounds[row];
        values[index] += sign * bounds.rows[0].z[row];
      }
    }
    add({ kind: 'limit', name }, (i) => values[i]);
  }
}
