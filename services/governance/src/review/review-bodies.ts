import { DECIDING_ROLES } from '@allostat/contracts';
import { z } from 'zod';
import { CHALLENGE_TOPICS } from '@allostat/pipeline';

const reason = z.string().max(4000);
const name = z.string().min(1).max(100);

export const decisionBody = z.strictObject({
  decision: z.enum(['approve', 'reject']),
  reason,
  contentHash: z.string(),
  reasonCode: name.exactOptional(),
  /** Role to sign in; default the one that is still missing. */
  function: z.string().exactOptional(),
  onBehalfOf: name.exactOptional(),
  answers: z.record(name, z.boolean()).exactOptional(),
  evidence: z.array(name).max(100).exactOptional(),
});
export type DecisionBody = z.infer<typeof decisionBody>;

export const overrideBody = z.strictObject({ reason, weights: z.record(z.string(), z.number().finite()) });
export const challengeBody = z.strictObject({ topic: z.enum(CHALLENGE_TOPICS), text: reason });
export const answerBody = z.strictObject({ text: reason });
export const withdrawalBody = z.strictObject({ reason });
export const delegationBody = z.strictObject({
  to: name,
  function: z.enum(DECIDING_ROLES as readonly [string, ...string[]]),
  mandateId: name.default('*'),
  validFrom: z.iso.datetime(),
  validUntil: z.iso.datetime(),
  reason,
});
export const absenceBody = z.strictObject({
  /** Who is away; default the caller. */
  person: name.exactOptional(),
  deputy: name.exactOptional(),
  validFrom: z.iso.datetime(),
  validUntil: z.iso.datetime(),
  reason,
});
