import { invariant } from '@allostat/kernel';
import { solveSmall } from '../../linalg/solve-small';

/**
 * A regression whose coefficients, variance and lags switch with a hidden state, and whose transitions may follow drivers
 * (Hamilton, 1989; Filardo, 1994):
 * y_t = m_t + sum_l lags[S_t][l] (y_(t-1-l) - m_(t-1-l)) + e_t, m_t = intercepts[S_t] + slopes[S_t] . x_t, e_t ~ N(0, variances[S_t]).
 */
export interface SwitchingModel {
  readonly intercepts: readonly number[];
  /** Per state, one for each regressor. */
  readonly slopes: readonly (readonly number[])[];
  /** Per state, coefficients of the deviations one bar ago, two bars ago, ...; the same number in every state. */
  readonly lags: readonly (readonly number[])[];
  readonly variances: readonly number[];
  /**
   * Logits of moving from state i (rows) to state j (columns): a constant, then one coefficient a driver. Probabilities are
   * the softmax over j; a constant of -Infinity forbids a move.
   */
  readonly transition: readonly (readonly (readonly number[])[])[];
}

/** The sample of a switching model; all series have the length of `y`. */
export interface SwitchingSample {
  readonly y: readonly number[];
  /** Rows of regressors; absent for none. */
  readonly regressors?: readonly (readonly number[])[];
  /** Rows of drivers: row t drives the move into t. Absent for constant transitions. */
  readonly drivers?: readonly (readonly number[])[];
}

/** Logits of a constant transition matrix, given by rows. */
export function constantTransition(rows: readonly (readonly number[])[]): number[][][] {
  return rows.map((row) => row.map((p) => [p > 0 ? Math.log(p) : -Infinity]));
}

/** K x K transition probabilities by rows under the drivers of one bar. */
export function transitionUnder(
  transition: SwitchingModel['transition'],
  drivers: readonly number[] = [],
): Float64Array {
  const k = transition.length;
  const matrix = new Float64Array(k * k);
  transition.forEach((row, i) => {
    const logits = row.map((coefficients) => {
      invariant(
        coefficients.length === drivers.length + 1,
        () => `a move has ${coefficients.length - 1} coefficients for ${drivers.length} drivers`,
      );
      return drivers.reduce((sum, z, d) => sum + coefficients[d + 1] * z, coefficients[0]);
    });
    matrix.set(softmax(logits), i * k);
  });
  return matrix;
}

/** Shares in proportion to the exponentials of logits; one of -Infinity has none. */
export function softmax(logits: readonly number[]): Float64Array {
  const top = Math.max(...logits);
  const shares = Float64Array.from(logits, (logit) => Math.exp(logit - top));
  const total = shares.reduce((a, b) => a + b, 0);
  return shares.map((share) => share / total);
}

/** The distribution that a transition matrix leaves as it is; unique when every state can be reached from every other. */
export function stationaryOf(matrix: Float64Array): Float64Array {
  const k = Math.round(Math.sqrt(matrix.length));
  // (I - A' with its last row replaced by ones) p = (0, ..., 0, 1)
  const rows = Array.from({ length: k }, (_, i) =>
    Array.from({ length: k }, (__, j) => (i === k - 1 ? 1 : (i === j ? 1 : 0) - matrix[j * k + i])),
  );
  return Float64Array.from(
    solveSmall(
      rows,
      rows.map((_, i) => (i === k - 1 ? 1 : 0)),
    ),
  );
}
