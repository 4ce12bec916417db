import { z } from 'zod';
import { InputError } from '@allostat/kernel';
import { TONES, type HeadlineClassifier } from '@allostat/quant';

const FORMAT = 'allostat-headline-classifier';
const BYTES = 4;

const document = z.strictObject({
  format: z.literal(FORMAT),
  version: z.literal(1),
  tones: z.tuple(TONES.map((tone) => z.literal(tone)) as [z.ZodLiteral, z.ZodLiteral, z.ZodLiteral]),
  buckets: z.int().min(2),
  /** 32-bit floats, little-endian, base64. */
  weights: z.base64(),
});

/** A trained classifier as the text of a weights file (JSON). */
export function writeClassifier({ buckets, weights }: HeadlineClassifier): string {
  const bytes = Buffer.alloc(BYTES * weights.length);
  weights.forEach((weight, i) => bytes.writeFloatLE(weight, BYTES * i));
  return `${JSON.stringify({ format: FORMAT, version: 1, tones: TONES, buckets, weights: bytes.toString('base64') })}\n`;
}

/** Reads a weights file. Throws `InputError` for another format, and for weights that are too few or no numbers. */
export function readClassifier(text: string, file: string): HeadlineClassifier {
  const wrong = (message: string): InputError =>
    new InputError(`${file}: ${message}`, { file }, 'make it with `allostat sentiment train`');
  let raw: unknown;
  try {
    raw = JSON.parse(text);
  } catch (error) {
    throw wrong(`is no JSON: ${(error as Error).message}`);
  }
  const parsed = document.safeParse(raw);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw wrong(`${issue.path.join('.')}: ${issue.message}`);
  }
  const { buckets } = parsed.data;
  const bytes = Buffer.from(parsed.data.weights, 'base64');
  const expected = TONES.length * buckets;
  if ((buckets & (buckets - 1)) !== 0) throw wrong(`buckets is a power of two, not ${buckets}`);
  if (bytes.length !== BYTES * expected) throw wrong(`${bytes.length} bytes of weights, expected ${BYTES * expected}`);
  const weights = Float32Array.from({ length: expected }, (_, i) => bytes.readFloatLE(BYTES * i));
  if (!weights.every(Number.isFinite)) throw wrong('a weight is not a finite number');
  return { buckets, weights };
}
