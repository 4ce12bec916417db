import type { Highs } from 'highs';
import type { LinearModel, LinearModelOutcome, LinearModelSolver } from './linear-model';

/** The part of HiGHS that is used: what the loader of the `highs` package resolves to. */
export type HighsModule = Pick<Highs, 'createModel' | 'constants'>;

/**
 * HiGHS as solver of linear, mixed-integer and convex quadratic programs; each call is a fresh instance, so results do
 * not depend on what was solved before. The module is loaded by the caller: loading reads files.
 */
export function highsSolver(
  highs: HighsModule,
  { timeLimitSeconds = 60, gap = 1e-9 }: { readonly timeLimitSeconds?: number; readonly gap?: number } = {},
): LinearModelSolver {
  return (model) => {
    const instance = highs.createModel();
    try {
      instance.options.set({
        output_flag: false,
        time_limit: timeLimitSeconds,
        mip_rel_gap: gap,
        primal_feasibility_tolerance: 1e-9,
        dual_feasibility_tolerance: 1e-9,
      });
      instance.passModel(modelData(model, highs));
      instance.run();
      return outcomeOf(instance.getModelStatus(), {
        highs,
        x: () => instance.getSolution().colValue,
        objective: () => instance.getObjectiveValue(),
      });
    } finally {
      instance.dispose();
    }
  };
}

function outcomeOf(
  status: number,
  { highs, x, objective }: { highs: HighsModule; x: () => Float64Array; objective: () => number },
): LinearModelOutcome {
  const names = highs.constants.modelStatus;
  if (status === names.optimal) return { status: 'optimal', x: Float64Array.from(x()), objective: objective() };
  if (status === names.infeasible || status === names.unboundedOrInfeasible) return { status: 'infeasible' };
  const name = Object.entries(names).find(([, code]) => code === status)?.[0] ?? String(status);
  return { status: 'failed', detail: `HiGHS ended with status ${name}` };
}

function modelData(
  model: LinearModel,
  highs: HighsModule,
): Parameters<ReturnType<HighsModule['createModel']>['passModel']>[0] {
  const { hessian, integers } = model;
  const kinds = new Int32Array(model.columns).fill(highs.constants.variableType.continuous);
  for (const column of integers) kinds[column] = highs.constants.variableType.integer;
  return {
    numCols: model.columns,
    numRows: model.rows,
    colCost: model.cost,
    colLower: model.columnLower,
    colUpper: model.columnUpper,
    rowLower: model.rowLower,
    rowUpper: model.rowUpper,
    matrix: {
      format: 'csr',
      numRows: model.rows,
      numCols: model.columns,
      starts: model.starts,
      indices: model.indices,
      values: model.values,
    },
    ...(integers.length > 0 ? { integrality: kinds } : {}),
    ...(hessian === undefined ? {} : { hessian: lowerHessian(hessian, model.columns) }),
  };
}

/** Lower triangle by columns; columns beyond the quadratic ones are empty. */
function lowerHessian(
  { size, values }: NonNullable<LinearModel['hessian']>,
  columns: number,
): { format: 'triangular'; dimension: number; starts: Int32Array; indices: Int32Array; values: Float64Array } {
  const starts = new Int32Array(columns + 1);
  const indices: number[] = [];
  const entries: number[] = [];
  for (let j = 0; j < columns; j++) {
    if (j < size) {
      for (let i = j; i < size; i++) {
        indices.push(i);
        entries.push(values[i * size + j]);
      }
    }
    starts[j + 1] = indices.length;
  }
  return {
    format: 'triangular',
    dimension: columns,
    starts,
    indices: Int32Array.from(indices),
    values: Float64Array.from(entries),
  };
}
