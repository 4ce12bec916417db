/** How a correlation becomes a distance: `correlation` sqrt((1 - rho) / 2), `absolute` sqrt(1 - |rho|). */
export type CorrelationDistance = 'correlation' | 'absolute';

/** Distances between n assets from their correlation matrix; zero on the diagonal. */
export function correlationDistance(
  correlation: Float64Array,
  n: number,
  kind: CorrelationDistance = 'correlation',
): Float64Array {
  const out = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < i; j++) {
      const rho = correlation[i * n + j];
      const square = kind === 'absolute' ? 1 - Math.abs(rho) : (1 - rho) / 2;
      out[i * n + j] = out[j * n + i] = Math.sqrt(Math.min(1, Math.max(0, square)));
    }
  }
  return out;
}

/** Euclidean distance between the columns of a distance matrix: what Lopez de Prado (2016) clusters. */
export function distanceOfDistances(distances: Float64Array, n: number): Float64Array {
  const out = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < i; j++) {
      let sum = 0;
      for (let k = 0; k < n; k++) {
        const gap = distances[i * n + k] - distances[j * n + k];
        sum += gap * gap;
      }
      out[i * n + j] = out[j * n + i] = Math.sqrt(sum);
    }
  }
  return out;
}
