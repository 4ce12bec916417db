import { logGamma } from './log-gamma';

const constants = new Map<number, number[]>();

/** log of Γ((ν+i+1)/2) / Γ((ν+i)/2) / sqrt(νπ): the normalising constant that the i-th feature adds. A cache, no state. */
export function studentTStep(degreesOfFreedom: number, i: number): number {
  let row = constants.get(degreesOfFreedom);
  if (row === undefined) constants.set(degreesOfFreedom, (row = []));
  for (let k = row.length; k <= i; k++) {
    const ratio = logGamma((degreesOfFreedom + k + 1) / 2) - logGamma((degreesOfFreedom + k) / 2);
    row.push(ratio - 0.5 * Math.log(degreesOfFreedom * Math.PI));
  }
  return row[i];
}

/** Squared distance of the row of `data` at `offset` from `location` under the scale; `scratch` is D and is overwritten. */
export function squaredMahalanobis(
  data: Float64Array,
  offset: number,
  location: Float64Array,
  cholesky: Float64Array,
  scratch: Float64Array,
): number {
  const size = location.length;
  let distance = 0;
  for (let i = 0; i < size; i++) {
    let rest = data[offset + i] - location[i];
    for (let k = 0; k < i; k++) rest -= cholesky[i * size + k] * scratch[k];
    const z = rest / cholesky[i * size + i];
    scratch[i] = z;
    distance += z * z;
  }
  return distance;
}

/** The part of a D-variate log density that does not depend on the observation; Gaussian when ν is infinite. */
export function logNormaliser(cholesky: Float64Array, size: number, degreesOfFreedom: number): number {
  let sum = 0;
  for (let i = 0; i < size; i++) {
    sum += degreesOfFreedom === Infinity ? -0.5 * Math.log(2 * Math.PI) : studentTStep(degreesOfFreedom, i);
    sum -= Math.log(cholesky[i * size + i]);
  }
  return sum;
}
