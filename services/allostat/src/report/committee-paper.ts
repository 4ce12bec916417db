import type { ReviewView } from '@allostat/governance';
import { driverWords, factorsOf, type AllocationProposed, type WeightChange } from '@allostat/pipeline';
import { escapeText } from './chart-frame';
import { htmlPage } from './html-page';
import { basisPoints, htmlTable, percent } from './report-tables';
import { surrogateSection } from './surrogate-section';
import { weightsDumbbell } from './weights-dumbbell';

/** Changes smaller than this are shown as none. */
const NOTHING = 5e-6;
/** Columns of causes that fit on a printed page. */
const CAUSES_MAX = 6;

/** A proposal as a committee reads it: one HTML document that needs nothing else, on the content that is signed. */
export function committeePaper(review: ReviewView): string {
  const { proposal } = review;
  const sections: [string, string][] = [
    ['In short', list(proposal.rationale)],
    ['What changes', weightsDumbbell(shown(proposal)) + weightsTable(proposal)],
    ['Why', attributionTable(proposal)],
    ['How much is exposed', exposureTable(proposal)],
    ['What the exposure seems to follow', surrogateSection(proposal.surrogate)],
    ['Limits that bind', shadowPrices(proposal)],
    ['What would turn a trade around', counterfactuals(proposal)],
    ['Signatures', signatures(review)],
    ['Doubts and answers', doubts(review)],
    ['What it rests on', provenance(review)],
  ];
  const title = `Proposal for ${proposal.mandateId}, ${proposal.asOf}`;
  return htmlPage({ title, heading: title, under: standing(review), sections });
}

function standing({ status, tier, maker, needs, functions, expiresAt }: ReviewView): string {
  const open =
    needs > 0
      ? `; ${needs} approval${needs === 1 ? ' is' : 's are'} missing${functions.length > 0 ? ` (${functions.join(', ')})` : ''}, until ${expiresAt}`
      : '';
  return `${status}, tier ${tier}, made by ${maker}${open}`;
}

function list(sentences: readonly string[]): string {
  return `<ul>${sentences.map((text) => `<li>${escapeText(text)}</li>`).join('')}</ul>`;
}

const shown = ({ weights }: AllocationProposed): readonly WeightChange[] =>
  weights.filter(({ previousWeight, targetWeight }) => previousWeight !== 0 || targetWeight !== 0);

const points = (change: number): string =>
  Math.abs(change) < NOTHING ? '-' : `${change > 0 ? '+' : ''}${(100 * change).toFixed(2)}`;
const share = (value: number | undefined): string => (value === undefined ? '-' : percent(value));

const tone = (change: number): string => (Math.abs(change) < NOTHING ? '' : change > 0 ? 'good' : 'bad');

function weightsTable(proposal: AllocationProposed): string {
  const rows = shown(proposal).map(({ instrument, previousWeight, targetWeight, cost, ...risk }) => ({
    cells: [
      instrument,
      percent(previousWeight, 2),
      percent(targetWeight, 2),
      points(targetWeight - previousWeight),
      share(risk.previousRiskContribution),
      share(risk.riskContribution),
      basisPoints(cost),
    ],
  }));
  const { turnover, expectedCost } = proposal;
  return `${htmlTable(
    ['instrument', 'held', 'proposed', 'change, points', 'share of risk now', 'share of risk then', 'cost, bp'],
    rows,
  )}<p class="soft">${percent(turnover)} of the portfolio is traded one way, for an expected ${basisPoints(expectedCost)} basis points of its value.</p>`;
}

/** Every change by its causes, in points; causes that move nothing have no column. */
function attributionTable({ explanation, weights }: AllocationProposed): string {
  if (explanation === undefined) return '';
  const { attribution, method } = explanation;
  const { named, others } = causesShown(attribution);
  const changeOf = new Map(weights.map((each) => [each.instrument, each.targetWeight - each.previousWeight]));
  const rows = attribution
    .filter(({ parts }) => parts.some(({ change }) => Math.abs(change) >= NOTHING))
    .map(({ instrument, parts }) => {
      const sumOf = (drivers: readonly string[]): number =>
        parts.reduce((sum, { driver, change }) => (drivers.includes(driver) ? sum + change : sum), 0);
      const sums = [...named.map((driver) => sumOf([driver])), ...(others.length > 0 ? [sumOf(others)] : [])];
      const cells = [instrument, ...sums.map(points), points(changeOf.get(instrument) as number)];
      return { cells, tones: ['', ...sums.map((sum) => tone(sum)), ''] };
    });
  const rest = others.length > 0 ? [`${others.length} other causes`] : [];
  const list = others.length > 0 ? ` The other causes: ${escapeText(others.map(driverWords).join('; '))}.` : '';
  return `${htmlTable(['points of weight', ...named.map(driverWords), ...rest, 'change'], rows)}<p class="soft">Rows sum to the change. Method: ${escapeText(method)}.${list}</p>`;
}

/**
 * The causes that have a column, in the order of the explanation, and all others: a page holds only so many. Of many limits those that moved
 * most are shown, once every other cause has its place.
 */
function causesShown(attribution: NonNullable<AllocationProposed['explanation']>['attribution']): {
  named: string[];
  others: string[];
} {
  const moved = new Map<string, number>();
  for (const { parts } of attribution) {
    for (const { driver, change } of parts) {
      if (Math.abs(change) < NOTHING) continue;
      const before = moved.get(driver);
      moved.set(driver, before === undefined ? Math.abs(change) : before + Math.abs(change));
    }
  }
  const drivers = [...moved.keys()];
  if (drivers.length <= CAUSES_MAX) return { named: drivers, others: [] };
  const isLimit = (driver: string): number => (driver.startsWith('limit:') ? 1 : 0);
  const ranked = [...moved].sort(([a, by], [b, than]) => isLimit(a) - isLimit(b) || than - by);
  const most = new Set(ranked.slice(0, CAUSES_MAX - 1).map(([driver]) => driver));
  return { named: drivers.filter((each) => most.has(each)), others: drivers.filter((each) => !most.has(each)) };
}

function exposureTable({ explanation, volatilityTarget, expectedVolatility, regime }: AllocationProposed): string {
  const volatility = `<p>The regime is ${regime}. The proposal is expected to run at a volatility of ${percent(expectedVolatility)}; the target is ${percent(volatilityTarget)}.</p>`;
  if (explanation === undefined) return volatility;
  const { exposure } = explanation;
  const rows = factorsOf(exposure).map(({ factor, value }) => ({ cells: [driverWords(factor), value.toFixed(3)] }));
  return `${volatility}${htmlTable(['factor', 'leaves'], [...rows, { cells: ['exposed to the core', percent(exposure.exposure)], judged: true }])}`;
}

function shadowPrices({ explanation }: AllocationProposed): string {
  if (explanation === undefined || explanation.shadowPrices.length === 0) return '';
  return htmlTable(
    ['limit', 'worth of one unit more'],
    explanation.shadowPrices.map(({ limit, price }) => ({ cells: [limit, price.toPrecision(3)] })),
  );
}

function counterfactuals({ claims = [] }: AllocationProposed): string {
  const sentences = claims.filter(({ kind }) => kind === 'counterfactual').map(({ text }) => text);
  return sentences.length === 0 ? '' : `${list(sentences)}<p class="soft">Each was solved again at that level.</p>`;
}

function signatures({ decisions, questions, held = [] }: ReviewView): string {
  const rows = decisions.map((decision) => ({
    cells: [
      decision.onBehalfOf === undefined ? decision.actor : `${decision.actor} for ${decision.onBehalfOf}`,
      decision.function ?? '-',
      decision.decision,
      decision.reason,
      decision.at,
    ],
  }));
  const signed = rows.length === 0 ? '<p>Nobody has signed.</p>' : htmlTable(['who', 'as', 'said', 'why', 'at'], rows);
  const asked = questions.length === 0 ? '' : `<p>Each approver confirms: ${questions.map(escapeText).join(', ')}.</p>`;
  const reasons = held.map(({ rule, reason }) => `Held back by ${rule}: ${reason}`);
  return signed + asked + (reasons.length === 0 ? '' : list(reasons));
}

function doubts({ challenges }: ReviewView): string {
  if (challenges.length === 0) return '';
  return htmlTable(
    ['who', 'about', 'doubt', 'answer'],
    challenges.map(({ actor, topic, text, answer }) => ({
      cells: [actor, topic, text, answer === undefined ? 'not answered' : `${answer.actor}: ${answer.text}`],
    })),
  );
}

function provenance({ id, contentHash, proposal }: ReviewView): string {
  const { certificate, inputs, facts, mandateVersion, trigger } = proposal;
  const rows: [string, string][] = [
    ['Proposal', id],
    ['Content, SHA-256', contentHash],
    ['Mandate', `${proposal.mandateId}, version ${mandateVersion}; decided because of ${trigger}`],
    [
      'Solved by',
      `${certificate.method}, ${certificate.status}, largest violation ${certificate.primalResidual.toExponential(1)}`,
    ],
    ...(facts?.models ?? []).map(({ name, version }): [string, string] => [name, version]),
    ...Object.entries(inputs).map(([name, hash]): [string, string] => [name, String(hash)]),
  ];
  return `<dl>${rows.map(([name, value]) => `<dt>${escapeText(name)}</dt><dd>${escapeText(value)}</dd>`).join('')}</dl>`;
}
