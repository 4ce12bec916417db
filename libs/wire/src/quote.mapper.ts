import type { Quote as QuoteMessage } from '@allostat/contracts';
import { toDecimal } from '@allostat/kernel';
import type { Quote } from '@allostat/pipeline';
import type { FieldReader } from './field-reader';

export const quoteToWire = ({ price, rate, ...quote }: Quote) => ({
  ...quote,
  price: toDecimal(price),
  rate: toDecimal(rate),
});

export function quoteFromWire(
  field: string,
  { currency, price, rate, rateAt }: Omit<QuoteMessage, '$typeName'>,
  read: FieldReader,
): Quote {
  return {
    currency: read.text(`${field}.currency`, currency),
    price: positive(`${field}.price`, price, read),
    rate: positive(`${field}.rate`, rate, read),
    rateAt: read.date(`${field}.rate_at`, rateAt),
  };
}

/** A decimal above 0: neither a price nor a rate is anything else. */
export function positive(field: string, text: string, read: FieldReader): number {
  const value = read.decimal(field, text);
  return value > 0 ? value : read.fail(field, `must be above 0, got ${text}`);
}
