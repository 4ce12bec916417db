/** Distance correlation of two series, 0..1, zero only for independence; O(T^2). Szekely, Rizzo and Bakirov (2007), Annals of Statistics 35. */
export function distanceCorrelation(x: Float64Array, y: Float64Array): number {
  const a = centring(x);
  const b = centring(y);
  let cross = 0;
  let own = 0;
  let other = 0;
  for (let s = 0; s < x.length; s++) {
    for (let t = 0; t < x.length; t++) {
      const p = Math.abs(x[s] - x[t]) - a.rows[s] - a.rows[t] + a.grand;
      const q = Math.abs(y[s] - y[t]) - b.rows[s] - b.rows[t] + b.grand;
      cross += p * q;
      own += p * p;
      other += q * q;
    }
  }
  return own > 0 && other > 0 ? Math.sqrt(Math.max(0, cross) / Math.sqrt(own * other)) : 0;
}

function centring(x: Float64Array): { rows: Float64Array; grand: number } {
  const rows = new Float64Array(x.length);
  let grand = 0;
  for (let s = 0; s < x.length; s++) {
    for (let t = 0; t < x.length; t++) rows[s] += Math.abs(x[s] - x[t]);
    rows[s] /= x.length;
    grand += rows[s] / x.length;
  }
  return { rows, grand };
}
