/** 1 less mutual information over joint entropy, 0..1, on equal-width bins; Lopez de Prado (2020), Machine Learning for Asset Managers, 3. */
export function variationOfInformation(x: Float64Array, y: Float64Array): number {
  const bins = binCount(x, y);
  const a = binned(x, bins);
  const b = binned(y, bins);
  const joint = new Float64Array(bins * bins);
  for (let t = 0; t < x.length; t++) joint[a[t] * bins + b[t]] += 1 / x.length;
  const rows = new Float64Array(bins);
  const columns = new Float64Array(bins);
  for (let i = 0; i < bins; i++) {
    for (let j = 0; j < bins; j++) {
      rows[i] += joint[i * bins + j];
      columns[j] += joint[i * bins + j];
    }
  }
  const whole = entropy(joint);
  if (whole === 0) return 0;
  return Math.min(1, Math.max(0, (2 * whole - entropy(rows) - entropy(columns)) / whole));
}

/** Hacine-Gharbi and Ravier (2018), for two variables with their correlation. */
function binCount(x: Float64Array, y: Float64Array): number {
  const mean = (v: Float64Array): number => v.reduce((sum, value) => sum + value, 0) / v.length;
  const mx = mean(x);
  const my = mean(y);
  let xx = 0;
  let yy = 0;
  let xy = 0;
  for (let t = 0; t < x.length; t++) {
    xx += (x[t] - mx) ** 2;
    yy += (y[t] - my) ** 2;
    xy += (x[t] - mx) * (y[t] - my);
  }
  const square = xx > 0 && yy > 0 ? (xy * xy) / (xx * yy) : 0;
  const rest = Math.max(1 - square, 1e-4);
  return Math.max(2, Math.round(Math.SQRT1_2 * Math.sqrt(1 + Math.sqrt(1 + (24 * x.length) / rest))));
}

function binned(x: Float64Array, bins: number): Int32Array {
  let low = Infinity;
  let high = -Infinity;
  for (const value of x) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  const width = (high - low) / bins;
  return Int32Array.from(x, (value) => (width > 0 ? Math.min(bins - 1, Math.floor((value - low) / width)) : 0));
}

function entropy(mass: Float64Array): number {
  let sum = 0;
  for (const p of mass) if (p > 0) sum -= p * Math.log(p);
  return sum;
}
