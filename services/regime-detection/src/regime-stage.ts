import { AggregateStore, type UnitStage } from '@allostat/platform';
import {
  decideRegime,
  initialRegimeState,
  type RegimeInput,
  type RegimeOutput,
  type RegimeState,
} from '@allostat/pipeline';

/** The regime of a universe: filter state, kept under the universe's id, and the decision on each snapshot. */
export const REGIME_STAGE: UnitStage<RegimeState, RegimeInput, RegimeOutput> = {
  states: new AggregateStore<RegimeState>({ name: 'regime' }),
  initial: initialRegimeState,
  decide: decideRegime,
};
