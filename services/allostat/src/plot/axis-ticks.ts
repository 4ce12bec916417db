/** Round values on a logarithmic axis from `low` to `high`: 1, 2 and 5 times powers of ten, closer where those are few. */
export function axisTicks(low: number, high: number): number[] {
  const within = (steps: readonly number[]): number[] => {
    const ticks: number[] = [];
    for (let power = Math.floor(Math.log10(low)); power <= Math.ceil(Math.log10(high)); power++)
      for (const step of steps) ticks.push(Number((step * 10 ** power).toPrecision(6)));
    return ticks.filter((tick) => tick >= low && tick <= high);
  };
  const coarse = within([1, 2, 5]);
  if (coarse.length >= 3) return coarse;
  const fine = within([1, 1.5, 2, 3, 4, 5, 6, 8]);
  return fine.length >= 3 ? fine : within(Array.from({ length: 18 }, (_, i) => 1 + i / 2));
}

/** The first bar of each year, thinned to at most fourteen labels; the year that the dates begin in has none. */
export function yearTicks(dates: readonly string[]): { readonly at: number; readonly label: string }[] {
  const starts = dates.flatMap((date, i) => {
    const year = date.slice(0, 4);
    return i > 0 && year !== dates[i - 1].slice(0, 4) ? [{ at: i, label: year }] : [];
  });
  const every = Math.ceil(starts.length / 14);
  return starts.filter((_, i) => i % every === 0);
}
