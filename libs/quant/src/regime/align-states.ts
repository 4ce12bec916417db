import { invariant } from '@allostat/kernel';

/** How the states of a refitted model stand to those of the model before. */
export interface StateAlignment {
  /** For each state before, the state after that it became; undefined when the new model has fewer. */
  readonly becomes: readonly (number | undefined)[];
  /** Share of bars whose state after is the one that its state before became, 0..1. */
  readonly agreement: number;
}

/**
 * Matches the states of two models by the bars that they share: the one-to-one assignment with the largest overlap (Hungarian
 * method). `before` and `after` are the states of the same bars, oldest first.
 */
export function alignStates(
  before: readonly number[],
  after: readonly number[],
  states: { readonly before: number; readonly after: number },
): StateAlignment {
  invariant(before.length === after.length && before.length > 0, 'alignment needs the same bars under both models');
  const n = Math.max(states.before, states.after);
  const overlap = Array.from({ length: n }, () => new Array<number>(n).fill(0));
  before.forEach((state, t) => overlap[state][after[t]]++);
  const columns = assignRows(overlap.map((row) => row.map((count) => -count)));
  const becomes = columns.slice(0, states.before).map((column) => (column < states.after ? column : undefined));
  const agreed = before.filter((state, t) => becomes[state] === after[t]).length;
  return { becomes, agreement: agreed / before.length };
}

/**
 * The column of each row in the assignment of least total cost, by shortest augmenting paths with potentials (Kuhn, 1955; Jonker
 * and Volgenant, 1987). `cost` is square. Of equal assignments one is chosen by position, always the same.
 */
export function assignRows(cost: readonly (readonly number[])[]): number[] {
  const n = cost.length;
  invariant(
    cost.every((row) => row.length === n && row.every(Number.isFinite)),
    'costs must be a square of finite numbers',
  );
  const rowPotential = new Float64Array(n);
  const columnPotential = new Float64Array(n + 1);
  /** Row of each column; column n is where a row starts that has none yet. */
  const rowOf = new Int32Array(n + 1).fill(-1);
  for (let row = 0; row < n; row++) {
    const from = new Int32Array(n + 1).fill(n);
    const least = new Float64Array(n + 1).fill(Infinity);
    const done = new Uint8Array(n + 1);
    let column = n;
    rowOf[n] = row;
    while (rowOf[column] >= 0) {
      done[column] = 1;
      const current = rowOf[column];
      let [delta, nearest] = [Infinity, -1];
      for (let j = 0; j < n; j++) {
        if (done[j] === 1) continue;
        const reduced = cost[current][j] - rowPotential[current] - columnPotential[j];
        if (reduced < least[j]) [least[j], from[j]] = [reduced, column];
        if (least[j] < delta) [delta, nearest] = [least[j], j];
      }
      for (let j = 0; j <= n; j++) {
        if (done[j] === 1) {
          rowPotential[rowOf[j]] += delta;
          columnPotential[j] -= delta;
        } else least[j] -= delta;
      }
      column = nearest;
    }
    while (column !== n) {
      rowOf[column] = rowOf[from[column]];
      column = from[column];
    }
  }
  const columns = new Array<number>(n).fill(-1);
  for (let j = 0; j < n; j++) columns[rowOf[j]] = j;
  return columns;
}
