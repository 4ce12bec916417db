import type { AllocationProposed } from '@allostat/pipeline';
import type { PortfolioSimulation } from '@allostat/quant';
import type { BacktestResult } from '../commands/run-backtest';
import { escapeText } from './chart-frame';
import { htmlPage } from './html-page';
import { surrogateHistory } from './surrogate-section';
import { drawdownChart, growthChart, weightsChart, type ChartContext, type NamedPath } from './report-charts';
import { rollingTable, sensitivityTable } from './judgement-tables';
import {
  basisPoints,
  drawdownTable,
  fixed,
  htmlTable,
  monthlyTable,
  number,
  percent,
  statisticsTable,
} from './report-tables';

/** Benchmarks that are drawn beside the policy; the table has all. */
const DRAWN = 5;

export interface ReportFacts {
  readonly result: BacktestResult;
  readonly judged: PortfolioSimulation;
  readonly benchmarks: readonly NamedPath[];
  readonly labels: readonly (string | undefined)[];
  /** Proposals of the policy, when it is a mandate. */
  readonly proposals: readonly AllocationProposed[];
  /** Text of the configuration, and SHA-256 of the data and of the program. */
  readonly configuration: string;
  readonly dataHash: string;
  readonly codeVersion: string;
}

/** A whole report as one HTML document that needs nothing else: no script, no request. */
export function reportPage(facts: ReportFacts): string {
  const { result, judged, benchmarks, labels } = facts;
  const context: ChartContext = { dates: judged.dates, labels, calm: 'calm' };
  const paths: NamedPath[] = [{ name: result.policy, values: judged.values }, ...benchmarks].slice(0, DRAWN);
  const first = judged.firstRow;
  const decisions = judged.decisions.map(({ row, weights }) => ({ row: row - first, weights }));
  const held = judged.assets
    .map((asset, i) => ({ asset, i }))
    .filter(({ i }) => decisions.some(({ weights }) => weights[i] > 0));
  const sections: [string, string][] = [
    ['In short', summary(facts)],
    [
      'Figures',
      statisticsTable([
        [result.policy, result.statistics],
        [`${result.policy}, before cost`, result.gross],
        ...Object.entries(result.benchmarks),
      ]),
    ],
    [
      'Growth',
      `${key(
        paths.map(({ name }) => name),
        'p',
      )}${growthChart(paths, context)}${bandNote(labels)}`,
    ],
    ['Drawdown', drawdownChart(paths, context)],
    [
      'Target weights',
      `${key(
        held.map(({ asset }) => asset),
        'k',
      )}${weightsChart(
        held.map(({ asset }) => asset),
        decisions.map(({ row, weights }) => ({ row, weights: held.map(({ i }) => weights[i]) })),
        context,
      )}`,
    ],
    ['Why weights changed', attribution(facts.proposals)],
    ['What the exposure depended on', surrogateHistory(facts.proposals)],
    ['By month', monthlyTable(judged.dates, judged.values)],
    ['Deepest drawdowns', drawdownTable(judged.dates, judged.values)],
    ['Rolling windows', rollingTable(result)],
    ['By regime', regimes(result)],
    ['In crises', crises(result)],
    ['Costs and trading', costs(facts)],
    ['Judgement', judgement(result)],
    ['Sensitivity', sensitivityTable(result)],
    ['Parameters and provenance', provenance(facts)],
    ['Disclosures', DISCLOSURES],
  ];
  return htmlPage({
    title: `${result.id}: ${result.policy}`,
    heading: result.policy,
    under: `${result.id}, ${result.from} to ${result.to}, ${result.days} closes; traded ${result.delayBars} close${result.delayBars === 1 ? '' : 's'} after the decision; ratios in excess of cash`,
    sections,
  });
}

const DISCLOSURES =
  '<p>A backtest is what rules would have done on a past that is known. It is no forecast. The instruments are those of the file: a list that was chosen today has survived. Costs are modelled; taxes are paid by the account only where the parameters state rates. Statistics over few crises are uncertain by more than they seem; the intervals above say how much.</p>';

function summary({ result }: ReportFacts): string {
  const { statistics: s } = result;
  const verdicts = Object.entries(result.sharpeDifference ?? {}).map(
    ([name, { estimate, low, high }]) =>
      `${low > 0 ? 'better than' : high < 0 ? 'worse than' : 'not shown to be better than'} ${name} (Sharpe ratio ${signed(estimate)}, 90 % interval ${signed(low)} to ${signed(high)})`,
  );
  const luck =
    result.deflatedSharpe === null
      ? ''
      : ` With ${result.trials} trials counted, the probability that its Sharpe ratio is more than luck is ${number(result.deflatedSharpe)}.`;
  return `<p>${percent(s.cagr, 2)} a year at a volatility of ${percent(s.volatility, 2)}; deepest loss ${percent(s.maxDrawdown)} (${s.maxDrawdownDate}); Sharpe ratio ${number(s.sharpe)}; ${number(s.turnoverPerYear)} of the portfolio is traded a year, for ${basisPoints(s.costPerYear)} basis points.${luck}</p>${verdicts.length === 0 ? '' : `<p>By its Sharpe ratio it is</p><ul>${verdicts.map((text) => `<li>${escapeText(text)}</li>`).join('')}</ul>`}`;
}

function key(names: readonly string[], prefix: string): string {
  return `<div class="key">${names.map((name, k) => `<span class="${prefix}${k % 12}">${escapeText(name)}</span>`).join('')}</div>`;
}

function bandNote(labels: readonly (string | undefined)[]): string {
  const known = labels.filter((label) => label !== undefined);
  if (known.length === 0) return '';
  const share = known.filter((label) => label !== 'calm').length / known.length;
  return `<p class="soft">Shaded: stress as it was known at the close, ${percent(share)} of days.</p>`;
}

/** Mean size of what each driver did to the weights, over all proposals. */
function attribution(proposals: readonly AllocationProposed[]): string {
  const sums = new Map<string, { sum: number; most: number; when: string; what: string }>();
  let explained = 0;
  for (const { asOf, explanation } of proposals) {
    if (explanation === undefined) continue;
    explained += 1;
    for (const { instrument, parts } of explanation.attribution) {
      for (const { driver, change } of parts) {
        const entry = sums.get(driver) ?? { sum: 0, most: 0, when: '', what: '' };
        entry.sum += Math.abs(change) / 2;
        if (Math.abs(change) > Math.abs(entry.most))
          Object.assign(entry, { most: change, when: asOf, what: instrument });
        sums.set(driver, entry);
      }
    }
  }
  if (explained === 0) return '';
  const rows = [...sums]
    .sort(([, a], [, b]) => b.sum - a.sum)
    .map(([driver, { sum, most, when, what }]) => ({
      cells: [driver, percent(sum / explained, 2), `${signed(100 * most, 1)} points`, what, when],
    }));
  const last = proposals[proposals.length - 1];
  return `${htmlTable(['driver', 'mean one-way effect a proposal', 'largest', 'on', 'on date'], rows)}<p class="soft">${escapeText(last.explanation?.method ?? '')}. The parts of each of the ${explained} proposals sum to its change of weights.</p><p>Last proposal, ${last.asOf}:</p><ul>${last.rationale.map((text) => `<li>${escapeText(text)}</li>`).join('')}</ul>`;
}

function regimes({ regimes: found }: BacktestResult): string {
  const rows = Object.entries(found).map(([name, s]) => ({
    cells: [
      name,
      String(s.days),
      percent(s.share),
      percent(s.meanReturn, 2),
      percent(s.volatility, 2),
      number(s.sharpe),
      percent(-s.maxDrawdown),
      percent(s.worstDay, 2),
    ],
  }));
  return rows.length === 0
    ? ''
    : htmlTable(
        ['regime', 'days', 'share', 'mean a year', 'volatility', 'Sharpe', 'drawdown, joined', 'worst day'],
        rows,
      );
}

function crises({ crises: found, policy }: BacktestResult): string {
  const names = Object.values(found)[0].map(({ name }) => name);
  if (names.length === 0) return '';
  return htmlTable(
    ['return (drawdown)', ...names],
    Object.entries(found).map(([name, list]) => ({
      judged: name === policy,
      cells: [name, ...list.map((crisis) => `${percent(crisis.return)} (${percent(-crisis.maxDrawdown)})`)],
    })),
  );
}

function costs({ judged, result }: ReportFacts): string {
  const sum = (of: 'cost' | 'fee' | 'borrow' | 'interest'): number =>
    judged.ledger.reduce((total, day) => total + day[of] / day.open, 0);
  const years = judged.dates.length / 252;
  return htmlTable(
    ['a year', 'value'],
    [
      { cells: ['trading cost', `${basisPoints(result.statistics.costPerYear)} bp`] },
      { cells: ['one-way turnover', number(result.statistics.turnoverPerYear)] },
      { cells: ['management fee', `${basisPoints(sum('fee') / years)} bp`] },
      { cells: ['borrow', `${basisPoints(sum('borrow') / years)} bp`] },
      { cells: ['interest on cash', `${basisPoints(sum('interest') / years)} bp`] },
      ...(result.taxPerYear === undefined ? [] : [{ cells: ['tax paid', `${basisPoints(result.taxPerYear)} bp`] }]),
      { cells: ['trades', String(Math.round(judged.trades.length / years))] },
      { cells: ['orders not filled whole, in all', String(judged.unfilled.length)] },
    ],
  );
}

function judgement({ probabilisticSharpe, deflatedSharpe, pbo, trials, superiorAbility }: BacktestResult): string {
  return htmlTable(
    ['question', 'answer'],
    [
      { cells: ['probability that the Sharpe ratio is above zero', number(probabilisticSharpe)] },
      { cells: [`probability that it is above the best of ${trials} worthless trials`, number(deflatedSharpe)] },
      { cells: ['probability of overfitting when the best of these portfolios is picked', number(pbo)] },
      ...Object.entries(superiorAbility ?? {}).map(([name, probability]) => ({
        cells: [
          `probability of so large a gain over ${name} by the best of the others when none is better`,
          number(probability),
        ],
      })),
    ],
  );
}

function provenance({ result, dataHash, codeVersion, configuration }: ReportFacts): string {
  return `<dl><dt>result, SHA-256</dt><dd>${result.resultHash}</dd><dt>data, SHA-256</dt><dd>${dataHash}</dd><dt>program</dt><dd>${escapeText(codeVersion)}</dd></dl><pre>${escapeText(configuration)}</pre>`;
}

function signed(value: number, digits = 2): string {
  const text = fixed(value, digits);
  return value > 0 && Number(text) !== 0 ? `+${text}` : text;
}
