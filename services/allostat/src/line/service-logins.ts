import { roleUrl } from '@allostat/platform';

/**
 * Password of a service's database role: `<SERVICE>_PASSWORD`, else `SERVICE_PASSWORD`, else undefined, which derives
 * it from the administrator's.
 */
export function servicePassword(service: string): string | undefined {
  const own = process.env[`${service.replaceAll('-', '_').toUpperCase()}_PASSWORD`];
  return own ?? process.env.SERVICE_PASSWORD;
}

/** Login of a service on the administrator's database. */
export function serviceUrl(adminUrl: string, service: string): string {
  const password = servicePassword(service);
  return password === undefined ? roleUrl(adminUrl, service) : roleUrl(adminUrl, service, password);
}
