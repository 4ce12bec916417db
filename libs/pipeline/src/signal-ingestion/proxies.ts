import type { AssetClass, Universe } from '../universe/universe';

/** Positions, in the universe's list, of the instruments that stand for whole markets; absent when there is none. */
export interface Proxies {
  readonly equity?: number;
  readonly bond?: number;
  readonly credit?: number;
  readonly gold?: number;
  readonly commodity?: number;
  readonly realEstate?: number;
  readonly inflationLinked?: number;
  readonly cash?: number;
}

/**
 * The instruments that stand for markets: the named proxies, else the first of their class. Credit is the last corporate
 * bond of the list, where universes put the riskier one.
 */
export function proxiesOf(universe: Universe): Proxies {
  const named = (id: string | undefined): number =>
    id === undefined ? -1 : universe.instruments.findIndex((instrument) => instrument.id === id);
  const first = (wanted: AssetClass): number => universe.instruments.findIndex((i) => i.assetClass === wanted);
  const found = {
    equity: orElse(named(universe.equityProxy), first('equity')),
    bond: orElse(named(universe.bondProxy), first('government-bond')),
    credit: universe.instruments.findLastIndex((i) => i.assetClass === 'corporate-bond'),
    gold: first('gold'),
    commodity: first('commodity'),
    realEstate: first('real-estate'),
    inflationLinked: first('inflation-linked'),
    cash: first('cash'),
  };
  return Object.fromEntries(Object.entries(found).filter(([, at]) => at >= 0));
}

const orElse = (at: number, other: number): number => (at >= 0 ? at : other);
