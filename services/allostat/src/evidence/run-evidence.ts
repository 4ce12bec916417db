import { createRng, InputError } from '@allostat/kernel';
import { FORECAST_BARS, type Construction, type Mandate } from '@allostat/pipeline';
import {
  deflatedSharpe,
  equalWeightPolicy,
  hierarchicalPolicy,
  meanVariancePolicy,
  minimumVariancePolicy,
  overfittingProbability,
  sharpeRatio,
  sharpeSample,
  stressBelief,
  superiorPredictiveAbility,
  type BacktestStatistics,
} from '@allostat/quant';
import type { Progress } from '../cli/progress';
import { readBacktestMarket } from '../commands/backtest-market';
import { readMandate } from '../files/read-mandate';
import { readUniverse } from '../files/read-universe';
import type { EvidenceFile } from './evidence-config';
import { mandateOf, runAnchor, runMandate, runPolicy, type EvidenceSetting } from './evidence-run';
import { gatesOf, type Gate } from './gates';
import { compareRuns, judgeRun, periodSharpe, type Comparison, type JudgedRun } from './judge-runs';
import { readAnchors, type Anchor } from './read-anchors';
import { overlayVariants, scratchVariants, sensitivityVariants, type Variant } from './variants';

/** One setting over all anchors, as means unless it says otherwise. */
export interface AnchorRow {
  readonly name: string;
  readonly sharpe: number;
  /** Over the anchor: mean, least, and share of anchors with a gain. */
  readonly sharpeGain: number;
  readonly sharpeGainMin: number;
  readonly wins: number;
  readonly cagr: number;
  readonly volatility: number;
  readonly maxDrawdown: number;
  /** Mean maximum drawdown over that of the anchors. */
  readonly drawdownRatio: number;
  readonly turnoverMax: number;
  readonly costMax: number;
  /** Mean gain in Sharpe ratio, by period. */
  readonly periods: Readonly<Record<string, number>>;
}

export interface NamedStatistics {
  readonly name: string;
  readonly statistics: BacktestStatistics;
}

export interface Placebo {
  readonly draws: number;
  /** Share of shifted label sequences that did at least as well as the true one. */
  readonly sharpeAsGood: number;
  readonly drawdownAsGood: number;
}

export interface Evidence {
  readonly id: string;
  readonly from: string;
  readonly to: string;
  readonly costs: readonly [number, number];
  readonly anchors: readonly string[];
  readonly overlay: readonly AnchorRow[];
  /** The first settings again, at the second cost. */
  readonly overlayAtHigherCost: readonly AnchorRow[];
  /** The default policy with one setting moved either way. */
  readonly sensitivity: readonly AnchorRow[];
  /** Anchor and default policy, anchor by anchor. */
  readonly byAnchor: readonly {
    readonly name: string;
    readonly anchor: BacktestStatistics;
    readonly overlay: BacktestStatistics;
  }[];
  readonly scratch: readonly NamedStatistics[];
  readonly scratchAtHigherCost: readonly NamedStatistics[];
  readonly references: readonly NamedStatistics[];
  readonly comparisons: readonly Comparison[];
  readonly placebo: Placebo;
  /** Of the default policy on the first anchor. */
  readonly deflatedSharpe: number;
  readonly pbo: number;
  /** Probability that none of the settings on the first anchor earns more than the anchor at its volatility (Hansen's test). */
  readonly superiorAbility: number;
  readonly trials: number;
  readonly stressShare: number;
  readonly gates: readonly Gate[];
}

type Constructed = Mandate & { readonly construction: Construction };

/** Runs everything that the evidence is made of. Deterministic. */
export function runEvidence(config: EvidenceFile, progress: Progress): Evidence {
  const { value } = config;
  const universe = readUniverse(config.path(value.universe));
  const overlay = constructed(config, value.overlay, universe);
  const scratch = constructed(config, value.scratch, universe);
  const market = readBacktestMarket(config);
  const firstRow = market.dates.findIndex((date) => date >= value.from);
  const beliefAt = stressBelief(value.stress);
  const stress = new Float64Array(market.dates.length).fill(NaN);
  const stressAhead = stress.slice();
  for (let row = 1; row < stress.length; row++) {
    const belief = beliefAt(market, row);
    if (belief === undefined) continue;
    stress[row] = belief.probability;
    stressAhead[row] = belief.ahead(FORECAST_BARS);
  }
  const setting: EvidenceSetting = {
    market,
    universe,
    cash: value.cash,
    firstRow,
    cost: value.costs[0],
    stress,
    stressAhead,
  };
  const anchors = readAnchors(config.path(value.anchors));
  const bench = new Bench(setting, progress);

  const bases = anchors.map(({ name, weights }) => bench.anchor(name, weights));
  const variants = overlayVariants(overlay.construction);
  const everywhere = (on: Bench, { name, construction, risk }: Variant): JudgedRun[] =>
    anchors.map(({ name: anchor, weights }) => {
      const mandate = mandateOf(weights, construction, setting);
      return on.mandate(`${name}: ${anchor}`, { ...mandate, risk: { ...mandate.risk, ...risk } });
    });
  const runs = variants.map((variant) => everywhere(bench, variant));
  const dearer = new Bench({ ...setting, cost: value.costs[1] }, progress);
  const dearBases = anchors.map(({ name, weights }) => dearer.anchor(name, weights));
  const dearRuns = variants.slice(0, 3).map((variant) => everywhere(dearer, variant));
  const own = scratchVariants(scratch.construction);
  const scratchRuns = own.map(({ name, construction }) => bench.mandate(name, { ...scratch, construction }));
  const dearScratch = dearer.mandate(own[0].name, scratch);
  const members = scratch.construction.groups?.flatMap(({ instruments }) => instruments) ?? [];
  const references = referencesOf(bench, members);

  const row = (name: string, of: readonly JudgedRun[], base: readonly JudgedRun[]): AnchorRow =>
    anchorRow(name, { runs: of, bases: base, periods: value.periods });
  const rows = [row('anchor', bases, bases), ...variants.map(({ name }, k) => row(name, runs[k], bases))];
  const comparisons = [
    compareRuns('default on all anchors - anchors', { ours: runs[0], others: bases }, value.bootstrap),
    compareRuns('tilt + volatility on all anchors - anchors', { ours: runs[1], others: bases }, value.bootstrap),
    compareRuns('regime cut added - its twin without regimes', { ours: runs[2], others: runs[1] }, value.bootstrap),
    compareRuns('regime cut - drawdown budget instead', { ours: runs[2], others: runs[0] }, value.bootstrap),
    compareRuns(
      `default on ${anchors[0].name} - ${anchors[0].name}`,
      { ours: [runs[0][0]], others: [bases[0]] },
      value.bootstrap,
    ),
    ...regimeComparisons(scratchRuns, value.bootstrap),
    ...references.map((reference) =>
      compareRuns(`second mode - ${reference.name}`, { ours: [scratchRuns[0]], others: [reference] }, value.bootstrap),
    ),
  ];
  const trialRuns = [...runs.map((list) => list[0]), ...scratchRuns, ...references, bases[0]];
  const trials = value.trials + variants.length + own.length;
  const named = (list: readonly JudgedRun[]): NamedStatistics[] =>
    list.map(({ name, statistics }) => ({ name, statistics }));
  return {
    id: value.id,
    from: bases[0].dates[0],
    to: bases[0].dates[bases[0].dates.length - 1],
    costs: value.costs,
    anchors: anchors.map(({ name }) => name),
    overlay: rows,
    overlayAtHigherCost: [
      row('anchor', dearBases, dearBases),
      ...dearRuns.map((list, k) => row(variants[k].name, list, dearBases)),
    ],
    sensitivity: sensitivityVariants(overlay.construction).map((variant) =>
      row(variant.name, everywhere(bench, variant), bases),
    ),
    byAnchor: anchors.map(({ name }, i) => ({ name, anchor: bases[i].statistics, overlay: runs[0][i].statistics })),
    scratch: named(scratchRuns),
    scratchAtHigherCost: named([dearScratch]),
    references: named(references),
    comparisons,
    placebo: placeboOf(config, bench, { anchors, construction: variants[2].construction, truth: runs[2] }),
    ...luckOf(runs[0][0], trialRuns, trials),
    superiorAbility: abilityOf(
      runs.map((list) => list[0]),
      bases[0],
      value.bootstrap.seed,
    ),
    trials,
    stressShare: stress.subarray(firstRow).filter((value) => value > 0.5).length / (stress.length - firstRow),
    gates: gatesOf({
      rows,
      byAnchor: { base: bases[0].statistics, overlay: runs[0][0].statistics },
      scratch: scratchRuns[0].statistics,
      references: named(references),
    }),
  };
}

/** Covariance by regime beside the same blend with the unconditional long run: the control without which it looks like a gain. */
function regimeComparisons(
  scratchRuns: readonly JudgedRun[],
  bootstrap: EvidenceFile['value']['bootstrap'],
): Comparison[] {
  const named = (name: string): JudgedRun => scratchRuns.find((run) => run.name === name) as JudgedRun;
  return (
    [
      ['covariance by regime, core alone', 'core alone'],
      ['covariance by regime, all parts', 'group budgets, all parts (second mode)'],
    ] as const
  ).map(([ours, control]) =>
    compareRuns(`${ours} - its unconditional control`, { ours: [named(ours)], others: [named(control)] }, bootstrap),
  );
}

function constructed(config: EvidenceFile, file: string, universe: ReturnType<typeof readUniverse>): Constructed {
  const mandate = readMandate(config.path(file), universe);
  const { construction } = mandate;
  if (construction === undefined)
    throw new InputError(`${file} has no construction`, { file }, 'see examples/mandates');
  return { ...mandate, construction };
}

/** Runs things and counts them. */
class Bench {
  private done = 0;
  private readonly riskFree: Float64Array;

  constructor(
    private readonly setting: EvidenceSetting,
    private readonly progress: Progress,
  ) {
    this.riskFree = (setting.market.cashRates as Float64Array).subarray(setting.firstRow);
  }

  anchor(name: string, weights: Anchor['weights']): JudgedRun {
    return this.judged(name, () => runAnchor(this.setting, weights));
  }

  mandate(name: string, mandate: Mandate): JudgedRun {
    return this.judged(name, () => runMandate(this.setting, { mandate }));
  }

  /** A construction on an anchor with the stress labels moved through time. */
  shifted(
    name: string,
    weights: Anchor['weights'],
    { construction, shift }: { construction: Construction; shift: number },
  ): JudgedRun {
    const mandate = mandateOf(weights, construction, this.setting);
    return this.judged(name, () => runMandate(this.setting, { mandate, shift }));
  }

  policy(name: string, assets: readonly string[], policy: Parameters<typeof runPolicy>[2]): JudgedRun {
    return this.judged(name, () => runPolicy(this.setting, assets, policy));
  }

  private judged(name: string, run: () => Parameters<typeof judgeRun>[1]): JudgedRun {
    const found = judgeRun(name, run(), this.riskFree);
    this.done += 1;
    this.progress.update(this.done, EXPECTED_RUNS, name);
    return found;
  }
}

/** About how many runs there are, for the progress bar. */
const EXPECTED_RUNS = 450;

function referencesOf(bench: Bench, members: readonly string[]): JudgedRun[] {
  return [
    bench.policy('mean-variance', members, meanVariancePolicy(members)),
    bench.policy('mean-variance, 35 % cap', members, meanVariancePolicy(members, { weightMax: 0.35 })),
    bench.policy('minimum variance, 35 % cap', members, minimumVariancePolicy(members)),
    bench.policy('hierarchical risk parity', members, hierarchicalPolicy(members)),
    bench.policy('1/N', members, equalWeightPolicy(members)),
  ];
}

function anchorRow(
  name: string,
  {
    runs,
    bases,
    periods,
  }: {
    runs: readonly JudgedRun[];
    bases: readonly JudgedRun[];
    periods: readonly { name: string; from: string; to: string }[];
  },
): AnchorRow {
  const mean = (of: (run: JudgedRun, i: number) => number): number =>
    runs.reduce((sum, run, i) => sum + of(run, i), 0) / runs.length;
  const sharpe = ({ statistics }: JudgedRun): number => statistics.sharpe as number;
  const gains = runs.map((run, i) => sharpe(run) - sharpe(bases[i]));
  const drawdown = mean(({ statistics }) => statistics.maxDrawdown);
  return {
    name,
    sharpe: mean(sharpe),
    sharpeGain: mean((_, i) => gains[i]),
    sharpeGainMin: Math.min(...gains),
    wins: gains.filter((gain) => gain > 0).length / gains.length,
    cagr: mean(({ statistics }) => statistics.cagr),
    volatility: mean(({ statistics }) => statistics.volatility),
    maxDrawdown: drawdown,
    drawdownRatio: drawdown / mean((_, i) => bases[i].statistics.maxDrawdown),
    turnoverMax: Math.max(...runs.map(({ statistics }) => statistics.turnoverPerYear)),
    costMax: Math.max(...runs.map(({ statistics }) => statistics.costPerYear)),
    periods: Object.fromEntries(
      periods.map((period) => [
        period.name,
        mean((run, i) => periodSharpe(run, period) - periodSharpe(bases[i], period)),
      ]),
    ),
  };
}

/** Moves the stress labels through time at random: what is left is what any sequence of cuts of that length would have done. */
function placeboOf(
  { value: { placebo } }: EvidenceFile,
  bench: Bench,
  {
    anchors,
    construction,
    truth,
  }: { anchors: readonly Anchor[]; construction: Construction; truth: readonly JudgedRun[] },
): Placebo {
  const rng = createRng(placebo.seed);
  const tried = Math.min(3, anchors.length);
  const mean = (runs: readonly JudgedRun[], of: (statistics: BacktestStatistics) => number): number =>
    runs.reduce((sum, { statistics }) => sum + of(statistics), 0) / runs.length;
  const own = truth.slice(0, tried);
  let sharpe = 0;
  let drawdown = 0;
  for (let draw = 0; draw < placebo.draws; draw++) {
    const shift = 252 + rng.integer(3000);
    const runs = anchors
      .slice(0, tried)
      .map(({ name, weights }) =>
        bench.shifted(`labels moved by ${shift} days: ${name}`, weights, { construction, shift }),
      );
    if (mean(runs, (s) => s.sharpe as number) >= mean(own, (s) => s.sharpe as number)) sharpe++;
    if (mean(runs, (s) => s.maxDrawdown) <= mean(own, (s) => s.maxDrawdown)) drawdown++;
  }
  return { draws: placebo.draws, sharpeAsGood: sharpe / placebo.draws, drawdownAsGood: drawdown / placebo.draws };
}

/** Each setting brought to the volatility of the anchor, so that less risk is not taken for less skill. */
function abilityOf(settings: readonly JudgedRun[], anchor: JudgedRun, seed: number): number {
  const gains = settings.map(({ excess, statistics }) =>
    excess.map((value, t) => (value * anchor.statistics.volatility) / statistics.volatility - anchor.excess[t]),
  );
  return superiorPredictiveAbility(gains, { rng: createRng(seed).fork('ability'), draws: 2000, meanBlock: 63 })
    .probability;
}

function luckOf(
  judged: JudgedRun,
  trialRuns: readonly JudgedRun[],
  trials: number,
): Pick<Evidence, 'deflatedSharpe' | 'pbo'> {
  const sharpes = trialRuns.map(({ excess }) => sharpeRatio(excess));
  const mean = sharpes.reduce((sum, value) => sum + value, 0) / sharpes.length;
  const varianceOfSharpes = sharpes.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (sharpes.length - 1);
  return {
    deflatedSharpe: deflatedSharpe(sharpeSample(judged.excess), { trials, varianceOfSharpes }).probability,
    pbo: overfittingProbability(
      trialRuns.map(({ excess }) => excess),
      { blocks: 12 },
    ).pbo,
  };
}
