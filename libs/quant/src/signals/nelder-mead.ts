export interface NelderMeadResult {
  readonly point: number[];
  readonly value: number;
  readonly converged: boolean;
}

/**
 * Minimises a smooth function of few variables without derivatives (Nelder and Mead, 1965; standard coefficients).
 * `steps` are the edges of the first simplex. Converged when values and points of the simplex agree to `tolerance`.
 */
export function nelderMead(
  cost: (point: readonly number[]) => number,
  start: readonly number[],
  options: { readonly steps: readonly number[]; readonly tolerance?: number; readonly maxIterations?: number },
): NelderMeadResult {
  const { steps, tolerance = 1e-12, maxIterations = 4000 } = options;
  const n = start.length;
  const at = (point: number[]) => ({ point, value: cost(point) });
  const simplex = [at([...start])];
  for (let i = 0; i < n; i++) simplex.push(at(start.map((x, j) => (i === j ? x + steps[i] : x))));
  for (let iteration = 0; iteration < maxIterations; iteration++) {
    simplex.sort((a, b) => a.value - b.value);
    const [best, worst] = [simplex[0], simplex[n]];
    const spread = Math.max(...best.point.map((x, i) => Math.abs(x - worst.point[i])));
    if (worst.value - best.value <= tolerance * (1 + Math.abs(best.value)) && spread < 1e-7)
      return { ...best, converged: true };
    const center = start.map((_, i) => simplex.slice(0, n).reduce((sum, vertex) => sum + vertex.point[i] / n, 0));
    const along = (t: number) => at(center.map((c, i) => c + t * (worst.point[i] - c)));
    const reflected = along(-1);
    if (reflected.value < best.value) {
      const expanded = along(-2);
      simplex[n] = expanded.value < reflected.value ? expanded : reflected;
    } else if (reflected.value < simplex[n - 1].value) simplex[n] = reflected;
    else {
      const contracted = along(reflected.value < worst.value ? -0.5 : 0.5);
      if (contracted.value < Math.min(reflected.value, worst.value)) simplex[n] = contracted;
      else for (let k = 1; k <= n; k++) simplex[k] = at(best.point.map((b, i) => (b + simplex[k].point[i]) / 2));
    }
  }
  simplex.sort((a, b) => a.value - b.value);
  return { ...simplex[0], converged: false };
}
