import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import {
  applyHysteresis,
  hiddenMarkovDetector,
  startHysteresis,
  type DetectorState,
  type HiddenMarkovModel,
  type HysteresisState,
} from '@allostat/quant';

const file = join(__dirname, '../../../../shared/reference/portfolio/sp500_index.csv.gz');
const present = existsSync(file);
if (!present) console.warn(`skipped: ${file} is absent`);

/** The falls of 20 % and more of the S&P 500 from peak to trough, closes. */
const BEARS = [
  ['2000-03-24', '2001-09-21'],
  ['2002-01-04', '2002-07-23'],
  ['2007-10-09', '2008-11-20'],
  ['2009-01-06', '2009-03-09'],
];
const WINDOW = 2000;

(present ? describe : describe.skip)(
  'the Student-t detector on the S&P 500, 1998-2018, refitted every year on 2,000 days',
  () => {
    it('is in its wild state on nine in ten days of the bear markets, with at most 1.5 changes a year', () => {
      const rows = gunzipSync(readFileSync(file))
        .toString('utf8')
        .trim()
        .split('\n')
        .slice(1)
        .map((line) => line.split(','));
      const days = rows.slice(1).map(([date, close], i) => ({ date, change: Number(close) / Number(rows[i][1]) - 1 }));
      const detector = hiddenMarkovDetector({ states: 2, degreesOfFreedom: 5 });
      const rule = { enter: 0.9, leave: 0.1, confirmBars: 3, dwellBars: 1 };
      let model: HiddenMarkovModel | undefined;
      let belief: DetectorState | undefined;
      let named: HysteresisState | undefined;
      const path: { date: string; wild: boolean }[] = [];
      const first = days.findIndex(({ date }) => date >= '1998-01-01');
      const end = days.findIndex(({ date }) => date >= '2019-01-01');
      for (let i = first; i < end; i++) {
        if (model === undefined || days[i].date.slice(0, 4) !== days[i - 1].date.slice(0, 4))
          model = detector.fit(days.slice(i - WINDOW, i).map(({ change }) => [change]));
        belief = detector.update(model, belief ?? detector.start(model), [days[i].change]);
        named =
          named === undefined
            ? startHysteresis(belief.probabilities)
            : applyHysteresis(named, belief.probabilities, rule);
        path.push({ date: days[i].date, wild: named.current === 1 });
      }
      const inBear = path.filter(({ date }) => BEARS.some(([peak, trough]) => date > peak && date <= trough));
      const recall = inBear.filter(({ wild }) => wild).length / inBear.length;
      const switches = path.filter(({ wild }, i) => i > 0 && wild !== path[i - 1].wild).length / (path.length / 252);
      expect(recall).toBeGreaterThanOrEqual(0.9);
      expect(switches).toBeLessThanOrEqual(1.5);
      // honest: a third of the other days are wild too, so that the state is a volatility regime, not a bear market
      const other = path.filter((day) => !inBear.includes(day));
      expect(other.filter(({ wild }) => wild).length / other.length).toBeLessThan(0.4);
    });
  },
);
