import { createRng } from '@allostat/kernel';
import { reorderAssets, type AssetMatrix } from '../linalg/asset-matrix';
import { reorderPanel, returnPanel } from '../linalg/return-panel';
import { sampleCovariance } from '../moments/sample-covariance';
import { optimizePortfolio } from '../optimization/optimize-portfolio';
import { hierarchicalEqualRisk } from './hierarchical-equal-risk';
import { hierarchicalRiskParity } from './hierarchical-risk-parity';
import { nestedClusters } from './nested-clusters';
import { riskBudgeting } from './risk-budgeting';
import { schurComplementary } from './schur-complementary';

const N = 8;
/** All of them with ALLOSTAT_EXHAUSTIVE=1. */
const PERMUTATIONS = process.env.ALLOSTAT_EXHAUSTIVE === '1' ? 1000 : 200;
const rng = createRng(19);
const returns = returnPanel(
  Array.from({ length: N }, (_, i) => `A${i}`),
  Array.from({ length: 120 }).flatMap(() => {
    const factor = rng.normal();
    // two pairs of twins in scale, so that ties must be broken
    return Array.from({ length: N }, (_, i) => 0.01 * (1 + (i >> 1)) * (0.6 * factor + 0.8 * rng.normal()));
  }),
);
const covariance = sampleCovariance(returns);

const METHODS: Readonly<Record<string, (order: readonly number[], matrix: AssetMatrix) => ArrayLike<number>>> = {
  'hierarchical risk parity': (_order, matrix) => weightsOf(hierarchicalRiskParity(matrix)),
  'hierarchical equal risk': (_order, matrix) => weightsOf(hierarchicalEqualRisk(matrix)),
  'nested clusters': (_order, matrix) => weightsOf(nestedClusters(matrix)),
  'Schur-complementary': (_order, matrix) => weightsOf(schurComplementary(matrix)),
  'risk budgeting': (_order, matrix) => weightsOf(riskBudgeting(matrix)),
  'the optimizer, CVaR': (order) => {
    const panel = reorderPanel(returns, order);
    const result = optimizePortfolio({ assets: panel.assets, returns: panel, objective: { cvar: 1 } });
    if (result.status !== 'optimal') throw new Error(`ended ${result.status}`);
    return result.weights;
  },
};

function weightsOf(result: { status: string; weights?: Float64Array }): Float64Array {
  if (result.weights === undefined) throw new Error(`ended ${result.status}`);
  return result.weights;
}

it.each(Object.keys(METHODS))(
  `%s changes by at most 1e-10 over ${PERMUTATIONS} orders of the columns`,
  (name) => {
    const allocate = METHODS[name];
    const identity = Array.from({ length: N }, (_, i) => i);
    const reference = allocate(identity, covariance);
    let worst = 0;
    for (let trial = 0; trial < PERMUTATIONS; trial++) {
      const order = [...identity];
      for (let i = N - 1; i > 0; i--) {
        const j = rng.integer(i + 1);
        [order[i], order[j]] = [order[j], order[i]];
      }
      const weights = allocate(order, reorderAssets(covariance, order));
      order.forEach((from, to) => (worst = Math.max(worst, Math.abs(weights[to] - reference[from]))));
    }
    expect(worst).toBeLessThanOrEqual(1e-10);
  },
  120_000,
);
