import type { BacktestStatistics } from '@allostat/quant';
import type { AnchorRow, Evidence, NamedStatistics } from './run-evidence';

/** The evidence as a page for people; the figures are those of `evidence.json`. */
export function evidenceText(evidence: Evidence, command: string): string {
  const { from, to, costs, anchors } = evidence;
  const periods = Object.keys(evidence.overlay[0].periods);
  return [
    '# What the engine did on history, and what it did not',
    '',
    `Written by \`${command}\`; \`evidence.json\` beside this page holds every figure. ${from} to ${to}, decided at one close and traded at the next, ${bps(costs[0])} basis points one way on every unit traded, ratios in excess of Treasury bills. Settings were fixed before the first run and nothing was chosen by these results. One history with about three crises is not proof: intervals stand beside the figures.`,
    '',
    '## Gates',
    '',
    '| gate | limit | measured | met |',
    '|---|---|---|---|',
    ...evidence.gates.map(
      ({ name, limit, measured, met }) => `| ${name} | ${limit} | ${measured.toFixed(4)} | ${met ? 'yes' : '**no**'} |`,
    ),
    '',
    `## Overlay on ${anchors.length} published anchors, part by part`,
    '',
    ...anchorTable(evidence.overlay, periods),
    '',
    `Gains are over the anchor; ratio is mean maximum drawdown over that of the anchors; turnover and cost are the highest of all anchors. "tilt + volatility" is the twin without regimes and without drawdown budget of the two rows after it.`,
    '',
    `At ${bps(costs[1])} basis points:`,
    '',
    ...anchorTable(evidence.overlayAtHigherCost, periods),
    '',
    'The default policy with one setting moved either way; these were run after the settings were fixed and chose nothing:',
    '',
    ...anchorTable(evidence.sensitivity, periods),
    '',
    '### Anchor by anchor, default policy',
    '',
    '| anchor | Sharpe | with overlay | max drawdown | with overlay | CAGR | with overlay | turnover a year |',
    '|---|---|---|---|---|---|---|---|',
    ...evidence.byAnchor.map(
      ({ name, anchor, overlay }) =>
        `| ${name} | ${number(anchor.sharpe)} | ${number(overlay.sharpe)} | ${percent(anchor.maxDrawdown)} | ${percent(overlay.maxDrawdown)} | ${percent(anchor.cagr)} | ${percent(overlay.cagr)} | ${overlay.turnoverPerYear.toFixed(2)} |`,
    ),
    '',
    '## From scratch: group risk budgets, and what others make of the same funds',
    '',
    ...statisticsTable([...evidence.scratch, ...evidence.references]),
    '',
    `At ${bps(costs[1])} basis points:`,
    '',
    ...statisticsTable(evidence.scratchAtHigherCost),
    '',
    '## Intervals and verdicts',
    '',
    '90 % intervals by the stationary bootstrap. The verdict is about the Sharpe ratio.',
    '',
    '| comparison | Sharpe ratio | points of drawdown | verdict |',
    '|---|---|---|---|',
    ...evidence.comparisons.map(
      ({ name, sharpe, drawdown, verdict }) =>
        `| ${name} | ${signed(sharpe.estimate)} [${signed(sharpe.low)}, ${signed(sharpe.high)}] | ${points(drawdown.estimate)} [${points(drawdown.low)}, ${points(drawdown.high)}] | ${verdict} |`,
    ),
    '',
    '## Regimes: twin, control, placebo',
    '',
    `Stress is a filtered state of a Student-t model of one equity fund, refitted each year on the past alone; it was on ${percent(evidence.stressShare)} of days. Its twin without regimes is the row "tilt + volatility"; the drawdown budget, which knows no regimes, stands beside it. The covariance of the second mode is half recent and half long-run and knows no regimes: it is the unconditional control. The rows "covariance by regime" put the blend by forecast probability in the place of the long run; what they differ by from the control, under intervals above, is all that regimes do for the covariance.`,
    '',
    `Placebo: the stress labels moved through time, ${evidence.placebo.draws} times, on the first three anchors. ${percent(evidence.placebo.sharpeAsGood)} of the moved sequences reached the Sharpe ratio of the true one, ${percent(evidence.placebo.drawdownAsGood)} its drawdown.`,
    '',
    '## Luck',
    '',
    `Default policy on ${anchors[0]}: probability that its Sharpe ratio is above the best of ${evidence.trials} worthless trials ${evidence.deflatedSharpe.toFixed(3)} (a gate for selection would be .95). Probability of overfitting when the best of the runs on this page is picked: ${evidence.pbo.toFixed(2)}. Hansen's test over all settings on that anchor, each at the anchor's volatility: probability ${evidence.superiorAbility.toFixed(2)} of a gain as large when none is better. The first figure is a statement about the anchor's premium as much as about the overlay.`,
    '',
  ].join('\n');
}

function anchorTable(rows: readonly AnchorRow[], periods: readonly string[]): string[] {
  return [
    `| setting | Sharpe | gain | least | gains on | CAGR | volatility | max drawdown | ratio | turnover | cost bp | ${periods.map((name) => `gain ${name}`).join(' | ')} |`,
    `|${'---|'.repeat(11 + periods.length)}`,
    ...rows.map(
      (row) =>
        `| ${row.name} | ${row.sharpe.toFixed(3)} | ${signed(row.sharpeGain)} | ${signed(row.sharpeGainMin)} | ${percent(row.wins)} | ${percent(row.cagr)} | ${percent(row.volatility)} | ${percent(row.maxDrawdown)} | ${row.drawdownRatio.toFixed(3)} | ${row.turnoverMax.toFixed(2)} | ${bps(row.costMax)} | ${periods.map((name) => signed(row.periods[name])).join(' | ')} |`,
    ),
  ];
}

function statisticsTable(rows: readonly NamedStatistics[]): string[] {
  return [
    '| portfolio | CAGR | volatility | Sharpe | max drawdown | CDaR95 | CVaR95 day | Calmar | turnover | cost bp |',
    '|---|---|---|---|---|---|---|---|---|---|',
    ...rows.map(({ name, statistics: s }: { name: string; statistics: BacktestStatistics }) => {
      const cells = [
        percent(s.cagr),
        percent(s.volatility),
        number(s.sharpe),
        percent(s.maxDrawdown),
        percent(s.cdar95),
      ];
      return `| ${name} | ${[...cells, percent(s.cvar95), number(s.calmar), s.turnoverPerYear.toFixed(2), bps(s.costPerYear)].join(' | ')} |`;
    }),
  ];
}

const percent = (value: number): string => `${(100 * value).toFixed(1)} %`;
const points = (value: number): string => `${value > 0 ? '+' : ''}${(100 * value).toFixed(1)}`;
const signed = (value: number): string => `${value > 0 ? '+' : ''}${value.toFixed(3)}`;
const number = (value: number | null): string => (value === null ? '-' : value.toFixed(2));
const bps = (value: number): string => (1e4 * value).toFixed(1).replace(/\.0$/, '');
