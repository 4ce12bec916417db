import { atMost, type Policy } from './policy';

/** The weights carry a certificate of how well they meet what was asked, and it holds. */
export const CERTIFICATE_POLICY: Policy = {
  id: 'certificate',
  evaluate: ({ certificate }, { primalResidualMax }) =>
    atMost('certificate', {
      observed: certificate?.primalResidual,
      limit: primalResidualMax,
      what: 'residual of the constraints',
    }),
};
