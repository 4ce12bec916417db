import { invariant } from './invariant';

/**
 * The shortest plain decimal text (no exponent) that reads back as the same double.
 * Money and weights cross the wire in this form.
 */
export function toDecimal(value: number): string {
  invariant(Number.isFinite(value), () => `a decimal must be finite, got ${value}`);
  const text = String(Object.is(value, -0) ? 0 : value);
  const match = /^(-?)(\d+)(?:\.(\d+))?e([+-]\d+)$/.exec(text);
  if (!match) return text;
  const [, sign, whole, fraction = '', exponentText] = match;
  const digits = whole + fraction;
  const point = whole.length + Number(exponentText);
  if (point <= 0) return `${sign}0.${'0'.repeat(-point)}${digits}`;
  return `${sign}${digits.padEnd(point, '0')}`;
}

/** Reads a plain decimal; returns undefined for anything else (exponents, blanks, NaN). */
export function fromDecimal(text: string): number | undefined {
  return /^-?(0|[1-9]\d*)(\.\d+)?$/.test(text) ? Number(text) : undefined;
}
