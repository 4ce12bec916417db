import { orderedValue } from './decision-measures';
import { atMost, notApplicable, type Policy } from './policy';

/** A mandate in shadow releases nothing; one in its pilot trades at most the cap. */
export const PILOT_CAP_POLICY: Policy = {
  id: 'pilot-cap',
  evaluate(record, { pilotTradedValueMax }) {
    if (record.purpose === 'shadow') {
      const reason = 'the mandate is in shadow: its decisions are recorded and not released';
      return { policy: 'pilot-cap', verdict: 'fail', observed: 'shadow', limit: 'pilot or production', reason };
    }
    if (record.purpose === 'production') return notApplicable('pilot-cap', 'the mandate is in production');
    return atMost('pilot-cap', {
      observed: orderedValue(record),
      limit: pilotTradedValueMax,
      what: 'value traded by the pilot',
    });
  },
};
