import { InputError } from '@allostat/kernel';
import { portfolioReturns } from '../linalg/return-panel';
import { DrawdownPart } from './interior-point/drawdown-part';
import type { Part, Point } from './interior-point/part';
import { Scenarios } from './interior-point/scenarios';
import { TailPart } from './interior-point/tail-part';
import { VolatilityPart } from './interior-point/volatility-part';
import type { LimitStatement, RiskTerm } from './limit-statements';
import type { Objective, PortfolioProblem } from './portfolio-problem';
import { covarianceOf, probabilitiesOf, requireWeights, scenarioMeansOf, scenariosOf } from './problem-data';

const riskTerms: readonly RiskTerm[] = [
  'volatility',
  'cvar',
  'cdar',
  'maximumDrawdown',
  'averageDrawdown',
  'meanAbsoluteDeviation',
  'shortfall',
  'trackingError',
  'floor',
];

/** Measures that only the worst scenarios enter. */
const tailTerms: ReadonlySet<RiskTerm> = new Set(['cvar', 'floor']);

interface Place {
  readonly term: RiskTerm;
  readonly risk: number;
  readonly threshold?: number;
}

/** The risks that a problem's objective and limits speak of, each with its global variables. */
export class RiskParts {
  readonly globals: number;
  private readonly places: readonly Place[];

  constructor(
    private readonly problem: PortfolioProblem,
    private readonly options: {
      readonly statements: readonly LimitStatement[];
      readonly objective: Objective;
      readonly unit: number;
      readonly price: (weight: number) => number;
      /** Scenarios that the tail measures look at; all when left out. The others must be checked afterwards. */
      readonly screened?: Int32Array;
    },
  ) {
    const limited = new Set(options.statements.flatMap((s) => (s.kind === 'risk' ? [s.term] : [])));
    let next = 0;
    this.places = riskTerms
      .filter((term) => limited.has(term) || this.weightOf(term) > 0)
      .map((term) => {
        const risk = next++;
        return term === 'cvar' || term === 'cdar' || term === 'floor'
          ? { term, risk, threshold: next++ }
          : { term, risk };
      });
    this.globals = next;
  }

  /** Scenarios in which a tail measure loses more than its threshold although it was not asked to look at them. */
  overlooked({ w, g }: Point): number[] {
    const { screened, unit } = this.options;
    const panel = this.problem.returns;
    if (screened === undefined || panel === undefined) return [];
    const seen = new Set(screened);
    const series = portfolioReturns(panel, w);
    const thresholds = this.places.flatMap(({ term, threshold }) =>
      tailTerms.has(term) ? [g[threshold as number]] : [],
    );
    const least = Math.min(...thresholds);
    return Array.from(series, (_, t) => t).filter((t) => !seen.has(t) && -series[t] * unit > least + 1e-10);
  }

  globalOf(term: RiskTerm): number {
    return (this.places.find((place) => place.term === term) as Place).risk;
  }

  /** Makes the parts, from `border` on, and says what the objective pays for each risk. */
  build(
    point: Point,
    border: number,
    startScale: number,
  ): {
    readonly parts: Part[];
    readonly border: number;
    readonly costs: { readonly index: number; readonly weight: number }[];
  } {
    const parts: Part[] = [];
    const costs: { index: number; weight: number }[] = [];
    let used = 0;
    let shared: Scenarios | undefined;
    const scenarios = (term: RiskTerm): Scenarios => {
      const panel = scenariosOf(this.problem, term);
      shared ??= new Scenarios(
        panel.values.map((value) => value * this.options.unit),
        panel.periods,
        panel.assets.length,
      );
      return shared;
    };
    for (const place of this.places) {
      const weight = this.options.price(this.weightOf(place.term));
      if (weight > 0) costs.push({ index: place.risk, weight });
      const start = { scale: 0.3 * startScale, price: weight > 0 ? weight : 0.5 };
      const { part, rows } = this.partOf(place, { scenarios, point, border: border + used, start });
      parts.push(part);
      used += rows;
    }
    return { parts, border: used, costs };
  }

  private weightOf(term: RiskTerm): number {
    return term === 'floor' ? 0 : (this.options.objective[term] ?? 0);
  }

  private partOf(
    { term, risk, threshold }: Place,
    {
      scenarios,
      point,
      border,
      start,
    }: {
      scenarios: (term: RiskTerm) => Scenarios;
      point: Point;
      border: number;
      start: { scale: number; price: number };
    },
  ): { part: Part; rows: number } {
    const { problem } = this;
    const { unit } = this.options;
    if (term === 'volatility' || term === 'trackingError') {
      const covariance = covarianceOf(problem).values.map((value) => value * unit * unit);
      const reference =
        term === 'volatility'
          ? new Float64Array(problem.assets.length)
          : requireWeights(problem.reference, 'reference', 'tracking error');
      return { part: new VolatilityPart({ covariance, reference, risk }, point, start), rows: 0 };
    }
    const source = scenarios(term);
    const count = source.periods;
    if (term === 'maximumDrawdown') {
      const charges = new Float64Array(count);
      return { part: new DrawdownPart({ scenarios: source, kind: 'most', charges, risk }, point, start), rows: 0 };
    }
    if (term === 'averageDrawdown') {
      const charges = new Float64Array(count).fill(1 / count);
      return {
        part: new DrawdownPart({ scenarios: source, kind: 'mean', charges, risk, border }, point, start),
        rows: 1,
      };
    }
    if (term === 'cdar') {
      const charges = new Float64Array(count).fill(1 / (count * this.tail('cdar')));
      const options = {
        scenarios: source,
        kind: 'tail',
        charges,
        risk,
        threshold: threshold as number,
        border,
      } as const;
      return { part: new DrawdownPart(options, point, start), rows: 1 };
    }
    return {
      part: this.tailPart(
        { term, risk, ...(threshold === undefined ? {} : { threshold }) },
        { source, point, border, start },
      ),
      rows: 1,
    };
  }

  private tailPart(
    { term, risk, threshold }: Place,
    {
      source,
      point,
      border,
      start,
    }: { source: Scenarios; point: Point; border: number; start: { scale: number; price: number } },
  ): TailPart {
    const { problem } = this;
    const p = probabilitiesOf(problem, source.periods);
    if (term === 'cvar' || term === 'floor') {
      const tail = this.tail(term);
      const { screened } = this.options;
      const rows = screened ?? Int32Array.from(p, (_, t) => t);
      const charges = Float64Array.from(rows, (t) => p[t] / tail);
      const worst = screened ? source.pick(screened) : source;
      return new TailPart(
        { scenarios: worst, charges, threshold: { global: threshold as number }, risk, border },
        point,
        start,
      );
    }
    if (term === 'shortfall') {
      const fixed = -(problem.shortfallTarget ?? 0) * this.options.unit;
      return new TailPart({ scenarios: source, charges: p, threshold: { fixed }, risk, border }, point, start);
    }
    // mean absolute deviation is twice the mean loss below the mean
    const mean = scenarioMeansOf(problem);
    const n = source.n;
    const values = source.values.map((value, k) => value - mean[k % n] * this.options.unit);
    const centred = new Scenarios(values, source.periods, n);
    const charges = p.map((probability) => 2 * probability);
    return new TailPart({ scenarios: centred, charges, threshold: { fixed: 0 }, risk, border }, point, start);
  }

  private tail(term: 'cvar' | 'cdar' | 'floor'): number {
    if (term === 'floor') return this.problem.limits?.floor?.probability ?? 0.05;
    const confidence = this.problem.confidence?.[term] ?? 0.95;
    if (!(confidence > 0.5 && confidence < 1)) {
      throw new InputError(
        `the confidence of ${term} is ${confidence}; it must lie in 0.5..1`,
        { field: 'confidence' },
        confidence > 0 && confidence <= 0.5
          ? `the worst ${confidence * 100} percent is confidence ${1 - confidence}`
          : undefined,
      );
    }
    return 1 - confidence;
  }
}
