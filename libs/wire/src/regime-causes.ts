import type { RegimeCause as RegimeCauseMessage } from '@allostat/contracts';
import type { RegimeCause } from '@allostat/pipeline';
import type { FieldReader } from './field-reader';

/** What moved a regime: the signals, their values and what each contributed. */
export const regimeCauses = (causes: readonly RegimeCauseMessage[], read: FieldReader): RegimeCause[] =>
  causes.map(({ feature, value, contribution }) => ({
    feature: read.text('causes.feature', feature),
    value: read.finite('causes.value', value),
    contribution: read.finite('causes.contribution', contribution),
  }));
