import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { InputError } from '@allostat/kernel';
import { classifyHeadline, LEXICON_VERSION, lexiconText, scoreHeadline } from '@allostat/quant';
import { readClassifier } from './classifier-file';
import { identityOf } from './model-identity';
import { openOnnxModel } from './onnx-model';
import type { SentimentModel } from './sentiment-model';

/** The lexicon of financial directions, which needs no file. */
export const LEXICON: SentimentModel = {
  name: 'lexicon',
  identity: identityOf('lexicon', LEXICON_VERSION, lexiconText()),
  score: (texts) => Promise.resolve(texts.map(scoreHeadline)),
};

/**
 * The model of a file: the weights of a trained classifier (.json) or an ONNX model (.onnx); the lexicon without one. Throws
 * `InputError` for a file that is neither or cannot be used.
 */
export async function openSentimentModel(file: string | undefined): Promise<SentimentModel> {
  if (file === undefined) return LEXICON;
  if (/\.onnx$/i.test(file)) return openOnnxModel(file);
  if (!/\.json$/i.test(file))
    throw new InputError(`${file} is no model of tone`, { file }, 'name the weights of a classifier (.json) or .onnx');
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new InputError(`${file} cannot be read: ${(error as Error).message}`, { file }, 'check the path');
  }
  const classifier = readClassifier(text, file);
  return {
    name: `classifier ${file}`,
    identity: identityOf('classifier', basename(file), text),
    score: (texts) => Promise.resolve(texts.map((line) => classifyHeadline(line, classifier).score)),
  };
}
