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
import { overlookedPath, type Screen } from './screen-scenarios';

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

/** Measures that only the worst scenarios enter, and those that only the deepest drawdowns enter. */
const tailTerms: ReadonlySet<RiskTerm> = new Set(['cvar', 'floor']);
const pathTerms: ReadonlySet<RiskTerm> = new Set(['cdar', 'maximumDrawdown']);

/** What a screen left out although it matters; the solution counts only when there is nothing. */
export interface Overlooked {
  readonly scenarios: readonly number[];
  readonly path: readonly number[];
}

interface PartOptions {
  readonly point: Point;
  readonly border: number;
  readonly start: { readonly scale: number; readonly price: number };
}

/** A measured risk with what it costs: the objective's weight, and the limit whose multiplier stands in a linear row. */
export interface PlacedRisk {
  readonly part: Part;
  readonly term: RiskTerm;
  /** In the program's units. */
  readonly weight: number;
  readonly limit?: { readonly name: string; readonly row: number };
}

interface Place {
  readonly term: RiskTerm;
  readonly risk: number;
  readonly threshold?: number;
}

/** The risks that a problem's objective and limits speak of, each with its global variables. */
export class RiskParts {
  readonly globals: number;
  private readonly places: readonly Place[];
  private whole: Scenarios | undefined;

  constructor(
    private readonly problem: PortfolioProblem,
    private readonly options: {
      readonly statements: readonly LimitStatement[];
      readonly objective: Objective;
      readonly unit: number;
      readonly price: (weight: number) => number;
      /** Scenarios that the tail measures look at; all when left out. The others must be checked afterwards. */
      readonly screen?: Screen;
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

  /** Scenarios and periods that a measure should have looked at, judged at its solution. */
  overlooked({ w, g }: Point): Overlooked {
    const { screen, unit } = this.options;
    const panel = this.problem.returns;
    if (screen === undefined || panel === undefined) return { scenarios: [], path: [] };
    const series = portfolioReturns(panel, w).map((r) => r * unit);
    const least = (terms: ReadonlySet<RiskTerm>): number =>
      Math.min(...this.places.flatMap((place) => (terms.has(place.term) ? [g[place.threshold ?? place.risk]] : [])));
    const { scenarios, path } = screen;
    const seen = new Set(scenarios);
    const threshold = least(tailTerms);
    return {
      scenarios: scenarios
        ? Array.from(series, (_, t) => t).filter((t) => !seen.has(t) && -series[t] > threshold + 1e-10)
        : [],
      path: path ? overlookedPath(series, path, least(pathTerms)) : [],
    };
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
    readonly placed: readonly Omit<PlacedRisk, 'limit'>[];
  } {
    const parts: Part[] = [];
    const costs: { index: number; weight: number }[] = [];
    const placed: Omit<PlacedRisk, 'limit'>[] = [];
    let used = 0;
    for (const place of this.places) {
      const weight = this.options.price(this.weightOf(place.term));
      if (weight > 0) costs.push({ index: place.risk, weight });
      const start = { scale: 0.3 * startScale, price: weight > 0 ? weight : 0.5 };
      const { part, rows } = this.partOf(place, { point, border: border + used, start });
      parts.push(part);
      placed.push({ part, term: place.term, weight });
      used += rows;
    }
    return { parts, border: used, costs, placed };
  }

  private weightOf(term: RiskTerm): number {
    return term === 'floor' ? 0 : (this.options.objective[term] ?? 0);
  }

  private partOf(place: Place, options: PartOptions): { part: Part; rows: number } {
    const { term, risk } = place;
    const { point, start } = options;
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
    if (pathTerms.has(term) || term === 'averageDrawdown') return this.drawdownPart(place, options);
    return { part: this.tailPart(place, options), rows: 1 };
  }

  /** The scenarios that a measure looks at, in the program's unit. */
  private scenarios(term: RiskTerm): Scenarios {
    const { values, periods, assets } = scenariosOf(this.problem, term);
    const { screen, unit } = this.options;
    const source = new Scenarios(values, periods, assets.length);
    if (tailTerms.has(term) && screen?.scenarios) return source.pick(screen.scenarios, unit);
    if (pathTerms.has(term) && screen?.path) return source.between(screen.path, unit);
    this.whole ??= source.times(unit);
    return this.whole;
  }

  private drawdownPart(
    { term, risk, threshold }: Place,
    { point, border, start }: PartOptions,
  ): { part: Part; rows: number } {
    const scenarios = this.scenarios(term);
    const count = scenarios.periods;
    const of = this.options.screen?.sampled ? count : scenariosOf(this.problem, term).periods;
    if (term === 'maximumDrawdown') {
      const charges = new Float64Array(count);
      return { part: new DrawdownPart({ scenarios, kind: 'most', charges, risk }, point, start), rows: 0 };
    }
    if (term === 'averageDrawdown') {
      const charges = new Float64Array(count).fill(1 / count);
      return { part: new DrawdownPart({ scenarios, kind: 'mean', charges, risk, border }, point, start), rows: 1 };
    }
    const charges = new Float64Array(count).fill(1 / (of * this.tail('cdar')));
    const options = { scenarios, kind: 'tail', charges, risk, threshold: threshold as number, border } as const;
    return { part: new DrawdownPart(options, point, start), rows: 1 };
  }

  private tailPart({ term, risk, threshold }: Place, { point, border, start }: PartOptions): TailPart {
    const { problem } = this;
    const source = this.scenarios(term);
    const p = probabilitiesOf(problem, scenariosOf(problem, term).periods);
    if (term === 'cvar' || term === 'floor') {
      const tail = this.tail(term);
      const rows = this.options.screen?.scenarios ?? Int32Array.from(p, (_, t) => t);
      const charges = Float64Array.from(rows, (t) => p[t] / tail);
      const options = { scenarios: source, charges, threshold: { global: threshold as number }, risk, border };
      return new TailPart(options, point, start);
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
