import { InvalidArgumentError } from 'commander';
import type { IsoDate } from '@allostat/kernel';

/** Parser of an option that is a calendar date such as 2024-12-31. */
export function isoDate(text: string): IsoDate {
  const time = Date.parse(`${text}T00:00:00Z`);
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text) || Number.isNaN(time) || new Date(time).toISOString().slice(0, 10) !== text)
    throw new InvalidArgumentError('use a calendar date such as 2024-12-31.');
  return text;
}
