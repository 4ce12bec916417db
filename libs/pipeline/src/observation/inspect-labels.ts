import { correlationBetween } from '@allostat/quant';
import type { QuarantinedRow } from './quarantined-row';

/** An instrument as a file describes it, the class that another source gives, and its returns; rows of bars are the same for all. */
export interface LabelledInstrument {
  readonly id: string;
  readonly label: string;
  readonly reference: string;
  readonly returns: readonly (number | undefined)[];
  readonly row: number;
}

const RETURNS_MIN = 250;

/**
 * Finds instruments whose label hides what they move with (`wrong-class`): another source puts them into a class of its own, all the
 * members of that class carry the label of a larger group, and what is left of their returns beside the group's mean moves more with
 * each other than with the rest of the group.
 */
export function inspectLabels(instruments: readonly LabelledInstrument[], file: string): QuarantinedRow[] {
  return instruments.flatMap((own, i) => {
    const others = instruments.filter((_, j) => j !== i);
    const kin = others.filter(({ reference }) => reference === own.reference);
    const rest = others.filter(({ label, reference }) => label === own.label && reference !== own.reference);
    const hidden = rest.some(({ reference }) => reference.toLowerCase() === own.label.toLowerCase());
    if (own.reference.toLowerCase() === own.label.toLowerCase() || !hidden) return [];
    const common = meanReturns(rest);
    const [withKin, withRest] = [meanCorrelation(own, kin, common), meanCorrelation(own, rest, common)];
    if (withKin === undefined || withRest === undefined || withKin <= withRest) return [];
    const reason = `${own.id} is labelled ${own.label} and moves with ${own.reference} (${kin.map(({ id }) => id).join(', ')}): correlation beside the group's mean ${withKin.toFixed(2)} against ${withRest.toFixed(2)} with the rest of its label`;
    return [{ file, row: own.row, series: own.id, rule: 'wrong-class' as const, value: own.label, reason }];
  });
}

type Returns = LabelledInstrument['returns'];

/** Mean return of a group on each bar on which one of it has a return. */
function meanReturns(group: readonly LabelledInstrument[]): Returns {
  return group[0].returns.map((_, t) => {
    const known = group.flatMap(({ returns }) => returns[t] ?? []);
    return known.length === 0 ? undefined : known.reduce((a, b) => a + b, 0) / known.length;
  });
}

const beside = (returns: Returns, common: Returns): Returns =>
  returns.map((value, t) => {
    const mean = common[t];
    return value === undefined || mean === undefined ? undefined : value - mean;
  });

function meanCorrelation(
  own: LabelledInstrument,
  others: readonly LabelledInstrument[],
  common: Returns,
): number | undefined {
  const rest = beside(own.returns, common);
  const known = others.flatMap(({ returns }) => correlationBetween(rest, beside(returns, common), RETURNS_MIN) ?? []);
  return known.length === 0 ? undefined : known.reduce((a, b) => a + b, 0) / known.length;
}
