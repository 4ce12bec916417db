import { createHmac } from 'node:crypto';
import { invariant } from '@allostat/kernel';

const SERVICE_NAME = /^[a-z][a-z0-9-]{0,40}$/;

function checked(service: string): string {
  invariant(
    SERVICE_NAME.test(service),
    `service name must match ${SERVICE_NAME.source}, got ${JSON.stringify(service)}`,
  );
  return service.replaceAll('-', '_');
}

/** The schema of a service: its name with underscores. */
export function schemaName(service: string): string {
  return checked(service);
}

/** The login role of a service: `allostat_<service>`. */
export function roleName(service: string): string {
  return `allostat_${checked(service)}`;
}

/**
 * The password of a service's role when none is configured: derived from the administrator's, so that one secret
 * starts the whole embedded edition. Undefined when the administrator has none (trust authentication).
 */
export function derivedPassword(adminUrl: string, service: string): string | undefined {
  const { password } = new URL(adminUrl);
  if (password === '') return undefined;
  return createHmac('sha256', decodeURIComponent(password)).update(roleName(service)).digest('base64url');
}

/** The URL a service logs in with, made from the administrator's. */
export function roleUrl(adminUrl: string, service: string, password = derivedPassword(adminUrl, service)): string {
  const url = new URL(adminUrl);
  url.username = roleName(service);
  url.password = password === undefined ? '' : encodeURIComponent(password);
  return url.toString();
}
