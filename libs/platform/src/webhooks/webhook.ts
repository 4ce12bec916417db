import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { InputError } from '@allostat/kernel';

const webhookSchema = z.strictObject({
  id: z.string().regex(/^[a-z0-9][a-z0-9-]*$/, 'lower-case letters, digits and dashes'),
  url: z.url({ protocol: /^https?$/ }),
  /** Key of the signature, at least 16 characters. */
  secret: z.string().min(16),
  /** Services whose alerts are told; all when absent. */
  services: z
    .array(z.enum(['regime-detection', 'governance']))
    .min(1)
    .exactOptional(),
  /** Universes that are told; all when absent. */
  universes: z.array(z.string()).min(1).exactOptional(),
  /** Mandates whose alarms are told; all, and those that are about none, when absent. */
  mandates: z.array(z.string()).min(1).exactOptional(),
  /** Address of a page on the alert, for the receiver's link. */
  externalUrl: z.url().exactOptional(),
});

/** A receiver of alerts outside: where, with which key, and of which universes and mandates. */
export type Webhook = z.infer<typeof webhookSchema>;

/** Reads a JSON list of webhooks; none without a file. Throws `InputError` that names the entry and the field. */
export function readWebhooks(file: string | undefined): Webhook[] {
  if (file === undefined) return [];
  const parsed = z.array(webhookSchema).safeParse(JSON.parse(readFileSync(file, 'utf8')));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new InputError(`${file}: ${issue.path.join('.')}: ${issue.message}`, { file, field: issue.path.join('.') });
}
