import type { Universe } from '../universe/universe';
import { boundsOf } from './broken-limits';
import type { Mandate } from './mandate';
import type { MandateFault } from './mandate-schema';

const ROOM = 1e-9;

/** Limits of a mandate that exclude each other, each with the nearest value that does not. Empty when some weights meet all. */
export function limitContradictions(mandate: Mandate, universe: Universe): MandateFault[] {
  const { limits, construction } = mandate;
  const all = universe.instruments.map(({ id, assetClass }) => ({ id, assetClass, ...boundsOf(id, mandate) }));
  const least = sum(all.map(({ min }) => min));
  const most = sum(all.map(({ max }) => max));
  const faults: MandateFault[] = [];
  if (least > 1 + ROOM) {
    faults.push({
      path: ['limits'],
      message: `minimum weights sum to ${tidy(least)}; at most 1 is possible`,
      hint: `scale the minima by ${tidy(Math.floor(1e6 / least) / 1e6)}`,
    });
  }
  if (most < 1 - ROOM) {
    faults.push({
      path: ['limits', 'default', 'max'],
      message: `maximum weights sum to ${tidy(most)}; they must reach 1`,
      hint: `the nearest default maximum that works is ${tidy(limits.default.max + (1 - most) / Math.max(1, unnamed(mandate, universe)))}`,
    });
  }
  const classes = Object.entries(limits.byAssetClass ?? {});
  const leastByClass = sum(classes.map(([, { min }]) => min));
  if (leastByClass > 1 + ROOM) {
    faults.push({
      path: ['limits', 'byAssetClass'],
      message: `minima of classes sum to ${tidy(leastByClass)}; at most 1 is possible`,
    });
  }
  for (const [name, range] of classes) {
    const members = all.filter(({ assetClass }) => assetClass === name);
    const path = ['limits', 'byAssetClass', name];
    const reach = { min: sum(members.map(({ min }) => min)), max: sum(members.map(({ max }) => max)) };
    if (range.min > reach.max + ROOM) {
      faults.push({
        path: [...path, 'min'],
        message: `asks for at least ${range.min}, its ${members.length} instruments may hold ${tidy(reach.max)} together`,
        hint: `the nearest minimum that works is ${tidy(reach.max)}`,
      });
    }
    if (range.max < reach.min - ROOM) {
      faults.push({
        path: [...path, 'max'],
        message: `allows at most ${range.max}, its instruments must hold at least ${tidy(reach.min)} together`,
        hint: `the nearest maximum that works is ${tidy(reach.min)}`,
      });
    }
  }
  const { noTradeBand, maxTurnover } = limits;
  if (maxTurnover !== undefined && maxTurnover < noTradeBand) {
    faults.push({
      path: ['limits', 'maxTurnover'],
      message: `is ${maxTurnover}, below noTradeBand ${noTradeBand}: nothing could ever be traded`,
      hint: `the nearest value that works is ${noTradeBand}`,
    });
  }
  if (construction?.core === 'anchor') faults.push(...anchorOutside(mandate, all));
  return faults;
}

/** An anchor that its own mandate does not allow would be corrected at every decision. */
function anchorOutside(
  { anchorWeights, limits }: Mandate,
  all: readonly { readonly id: string; readonly assetClass: string; readonly max: number }[],
): MandateFault[] {
  const held = (id: string): number => (id in anchorWeights ? anchorWeights[id] : 0); // not in the anchor
  const single = all
    .filter(({ id, max }) => held(id) > max + ROOM)
    .map(({ id, max }) => ({
      path: ['anchorWeights', id],
      message: `is ${held(id)}, above the maximum ${max} of ${id}`,
      hint: `the nearest weight that works is ${max}, or raise limits.byInstrument.${id}.max to ${held(id)}`,
    }));
  const groups = Object.entries(limits.byAssetClass ?? {}).flatMap(([name, { max }]) => {
    const weight = sum(all.filter(({ assetClass }) => assetClass === name).map(({ id }) => held(id)));
    if (weight <= max + ROOM) return [];
    const path = ['limits', 'byAssetClass', name, 'max'];
    return [
      {
        path,
        message: `is ${max}, the anchor holds ${tidy(weight)} of ${name}`,
        hint: `the nearest maximum that works is ${tidy(weight)}`,
      },
    ];
  });
  return [...single, ...groups];
}

/** Instruments that the default limit holds for. */
function unnamed(mandate: Mandate, universe: Universe): number {
  const own = mandate.limits.byInstrument ?? {};
  return universe.instruments.filter(({ id }) => !(id in own) && id !== mandate.cashInstrument).length;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** A number as a person would write it. */
function tidy(value: number): number {
  return Number(value.toPrecision(6));
}
