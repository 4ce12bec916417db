import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fitJumpModel, jumpFeatures, jumpModelStep } from '@allostat/quant';

const folder = join(__dirname, '../../../../shared/reference/regime');
const present = existsSync(folder);
if (!present) console.warn(`skipped: ${folder} is absent`);

interface Golden {
  readonly features_first_row: Record<string, number>;
  readonly scaler_mean: number[];
  readonly JM_lambda50: {
    readonly objective: number;
    readonly centers: number[][];
    readonly train_change_dates: string[];
    readonly test_online_change_dates: [string, number][];
  };
}

(present ? describe : describe.skip)(
  'statistical jump model on the Nasdaq-100 (jumpmodels 0.1.1, Shu features)',
  () => {
    const golden = present
      ? (JSON.parse(readFileSync(join(folder, 'jump_model_ndx.json'), 'utf8')) as Golden)
      : undefined;
    const rows = present
      ? readFileSync(join(folder, 'NDX.csv'), 'utf8')
          .trim()
          .split('\n')
          .slice(2)
          .map((line) => line.split(','))
      : [];
    const dates = rows.map(([date]) => date);
    const features = jumpFeatures(rows.map(([, , change]) => Number(change)));
    const within = (from: string, to: string) => dates.flatMap((date, i) => (date >= from && date <= to ? [i] : []));
    const train = within('2007-01-03', '2021-12-31');
    const test = within('2022-01-03', '2024-09-27');

    /** Clips to three standard deviations of the training window, then standardises on it. */
    function prepare(): (i: number) => number[] {
      const moments = (values: readonly number[]) => {
        const mean = values.reduce((a, b) => a + b, 0) / values.length;
        return { mean, variance: values.reduce((a, b) => a + (b - mean) ** 2, 0) / values.length };
      };
      const columns = features[0].map((_, j) => {
        const raw = train.map((i) => features[i][j]);
        const { mean, variance } = moments(raw);
        // pandas clips at the sample standard deviation, scikit-learn scales by the population one
        const sd = Math.sqrt((variance * raw.length) / (raw.length - 1));
        const clip = (value: number) => Math.min(mean + 3 * sd, Math.max(mean - 3 * sd, value));
        const clipped = moments(raw.map(clip));
        return (value: number) => (clip(value) - clipped.mean) / Math.sqrt(clipped.variance);
      });
      return (i) => features[i].map((value, j) => columns[j](value));
    }

    it('has the features of the first training day', () => {
      const expected = Object.values(golden?.features_first_row ?? {});
      features[train[0]].forEach((value, j) => expect(value).toBeCloseTo(expected[j], 5));
    });

    it('finds the objective, the centres and the 18 changes of a penalty of 50, and the online changes after 2021', () => {
      const row = prepare();
      const model = fitJumpModel(Float64Array.from(train.flatMap(row)), 9, { states: 2, jumpPenalty: 50 });
      const expected = golden?.JM_lambda50;
      expect(Math.abs(model.objective - (expected?.objective ?? 0))).toBeLessThan(0.02); // returns are rounded in the file
      model.centers.forEach((center, k) =>
        center.forEach((value, j) => expect(Math.abs(value - (expected?.centers[k][j] ?? 0))).toBeLessThan(1e-5)),
      );
      const changes = train.filter((_, t) => t > 0 && model.states[t] !== model.states[t - 1]).map((i) => dates[i]);
      expect(changes).toEqual(expected?.train_change_dates);
      let values: number[] = [0, 0];
      let current: number | undefined;
      const online: [string, number][] = [];
      for (const i of test) {
        values = jumpModelStep(model, values, row(i));
        const state = values.indexOf(0);
        if (current !== undefined && state !== current) online.push([dates[i], state]);
        current = state;
      }
      expect(online).toEqual(expected?.test_online_change_dates);
    });

    it('changes 326 times when a change costs nothing', () => {
      const model = fitJumpModel(Float64Array.from(train.flatMap(prepare())), 9, { states: 2, jumpPenalty: 0 });
      const changes = train.filter((_, t) => t > 0 && model.states[t] !== model.states[t - 1]);
      expect(changes).toHaveLength(326);
    });
  },
);
