import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { AllostatError, InputError } from '@allostat/kernel';
import { TONES } from '@allostat/quant';
import { identityOf } from './model-identity';
import type { SentimentModel } from './sentiment-model';

/** As much of `onnxruntime-node` as is used. */
export interface OnnxRuntime {
  readonly InferenceSession: { create(file: string): Promise<OnnxSession> };
  readonly Tensor: new (type: 'string', data: readonly string[], dims: readonly number[]) => unknown;
}
interface OnnxSession {
  readonly inputNames: readonly string[];
  readonly outputNames: readonly string[];
  run(
    feeds: Readonly<Record<string, unknown>>,
    fetches: readonly string[],
  ): Promise<Readonly<Record<string, { readonly dims: readonly number[]; readonly data: ArrayLike<number | bigint> }>>>;
}

const PACKAGE = 'onnxruntime-node';
const BATCH = 64;
const LONGEST_TEXT = 2_000;
const SUM_TOLERANCE = 1e-3;

/**
 * A model from an .onnx file that reads text itself: one input, strings of shape [n, 1], and a last output of shape [n, 3] with the
 * probabilities of negative, neutral and positive. A pipeline of scikit-learn exported with skl2onnx (`zipmap: false`) is of this form.
 *
 * Throws `InputError` when `onnxruntime-node` is not installed, when the file cannot be loaded, or when it has more than one input.
 */
export async function openOnnxModel(file: string, load = importRuntime): Promise<SentimentModel> {
  const runtime = await load();
  let session: OnnxSession;
  let identity: string;
  try {
    identity = identityOf('onnx', basename(file), readFileSync(file));
    session = await runtime.InferenceSession.create(file);
  } catch (error) {
    throw new InputError(`${file} cannot be loaded: ${(error as Error).message}`, { file }, 'check the file');
  }
  const [input, ...others] = session.inputNames;
  const output = session.outputNames.at(-1);
  if (input === undefined || others.length > 0 || output === undefined)
    throw new InputError(
      `${file} has ${session.inputNames.length} inputs, expected one: the text`,
      { file },
      'export the model together with what makes numbers of its text',
    );
  const scoreBatch = async (texts: readonly string[]): Promise<number[]> => {
    // the runtime takes UTF-8: half a character becomes a replacement mark
    const cut = texts.map((text) => Buffer.from(text.slice(0, LONGEST_TEXT)).toString());
    const answers = await session.run({ [input]: new runtime.Tensor('string', cut, [cut.length, 1]) }, [output]);
    return scoresOf(answers[output], texts.length, `${file}: output ${output}`);
  };
  return {
    name: `onnx ${file}`,
    identity,
    async score(texts) {
      const scores: number[] = [];
      for (let i = 0; i < texts.length; i += BATCH) scores.push(...(await scoreBatch(texts.slice(i, i + BATCH))));
      return scores;
    },
  };
}

function scoresOf(
  { dims, data }: { readonly dims: readonly number[]; readonly data: ArrayLike<number | bigint> },
  rows: number,
  what: string,
): number[] {
  const wrong = (message: string): AllostatError =>
    new AllostatError(
      'SENTIMENT.MODEL_OUTPUT',
      `${what} ${message}`,
      `it must be [n, 3] with probabilities of ${TONES.join(', ')}`,
    );
  if (dims.length !== 2 || dims[0] !== rows || dims[1] !== TONES.length)
    throw wrong(`has shape [${dims.join(', ')}] for ${rows} texts`);
  return Array.from({ length: rows }, (_, row) => {
    const [negative, neutral, positive] = TONES.map((_tone, tone) => Number(data[TONES.length * row + tone]));
    const probable = [negative, neutral, positive].every((p) => p >= 0 && p <= 1 + SUM_TOLERANCE);
    if (!probable || Math.abs(negative + neutral + positive - 1) > SUM_TOLERANCE)
      throw wrong(`has [${negative}, ${neutral}, ${positive}] for text ${row}, which are no probabilities`);
    return Math.max(-1, Math.min(1, positive - negative));
  });
}

/** The runtime is large and most installations never need it: it is looked for when a model asks for it. */
async function importRuntime(): Promise<OnnxRuntime> {
  const name: string = PACKAGE;
  try {
    return (await import(name)) as OnnxRuntime;
  } catch (error) {
    throw new InputError(
      `an .onnx model needs the package ${PACKAGE}, which cannot be loaded: ${(error as Error).message.split('\n')[0]}`,
      { field: 'SENTIMENT_MODEL_FILE' },
      `npm install ${PACKAGE}, or use the weights of a trained classifier (.json)`,
    );
  }
}
