import { writeFileSync } from 'node:fs';
import { InputError, sha256Hex } from '@allostat/kernel';
import {
  classifyHeadline,
  judgeTones,
  scoreHeadline,
  trainHeadlineClassifier,
  type LabelledHeadline,
  type Tone,
} from '@allostat/quant';
import { openSentimentModel, writeClassifier } from '@allostat/signal-ingestion';
import { printResult } from '../cli/output';
import { readTable } from '../files/read-table';
import type { SentimentScoreOptions, SentimentTrainOptions } from './sentiment';

const TONE_OF: Readonly<Record<string, Tone>> = {
  positive: 'positive',
  negative: 'negative',
  neutral: 'neutral',
  none: 'neutral',
  '': 'neutral',
};

/** Trains on one half, judges on the other, then trains on all and writes the weights. */
export function runSentimentTrain(file: string, options: SentimentTrainOptions): void {
  const all = readHeadlines(file, options);
  const judges = all.filter(({ text }) => heldOut(text));
  const half = trainHeadlineClassifier(all.filter(({ text }) => !heldOut(text)));
  const judged = (say: (text: string) => Tone) =>
    judgeTones(judges.map(({ text, tone }) => ({ real: tone, said: say(text) })));
  const classifier = judged((text) => classifyHeadline(text, half).tone);
  const lexicon = judged((text) => toneOfScore(scoreHeadline(text)));
  const neutral = judged(() => 'neutral');
  writeFileSync(options.out, writeClassifier(trainHeadlineClassifier(all)));
  const line = (name: string, { accuracy, macroF1 }: ReturnType<typeof judgeTones>): string =>
    `${name.padEnd(16)} ${accuracy.toFixed(3)}   ${macroF1.toFixed(3)}`;
  printResult(
    { headlines: all.length, judged: judges.length, classifier, lexicon, neutral, out: options.out },
    [
      `judged on ${judges.length} of ${all.length} headlines, which the classifier had not seen:`,
      'model            accuracy macro-F1',
      line('classifier', classifier),
      line('lexicon', lexicon),
      line('always neutral', neutral),
      `weights of all ${all.length} headlines: ${options.out}`,
    ],
    options,
  );
}

export async function runSentimentScore(headlines: readonly string[], options: SentimentScoreOptions): Promise<void> {
  const model = await openSentimentModel(options.model);
  const scores = await model.score(headlines);
  printResult(
    { model: model.name, scores },
    headlines.map((headline, i) => `${scores[i].toFixed(3).padStart(6)}  ${headline}`),
    options,
  );
}

const toneOfScore = (score: number): Tone => (score > 0 ? 'positive' : score < 0 ? 'negative' : 'neutral');

/** Copies of a headline fall into the same half. */
const heldOut = (text: string): boolean =>
  Number.parseInt(sha256Hex((text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []).join(' ')).slice(0, 2), 16) % 2 === 0;

function readHeadlines(file: string, options: SentimentTrainOptions): LabelledHeadline[] {
  const [header, ...rows] = readTable(file, { delimiter: options.delimiter === 'tab' ? '\t' : options.delimiter });
  const at = (column: string): number => {
    const found = header.indexOf(column);
    if (found >= 0) return found;
    throw new InputError(
      `${file} has no column "${column}"`,
      { file, field: column },
      `the file has: ${header.join(', ')}`,
    );
  };
  const [text, tone] = [at(options.text), at(options.tone)];
  const headlines = rows.flatMap((row, i): LabelledHeadline[] => {
    if (row.every((cell) => cell.trim() === '')) return [];
    if (row.length <= Math.max(text, tone))
      throw new InputError(`${file}:${i + 2}: the row has only ${row.length} cells`, { file, row: i + 2 });
    const label = row[tone].trim().toLowerCase();
    const named = TONE_OF[label] as Tone | undefined;
    if (named !== undefined) return [{ text: row[text], tone: named }];
    throw new InputError(
      `${file}:${i + 2}: "${label}" is no tone`,
      { file, row: i + 2, field: options.tone },
      'use positive, negative, neutral or none',
    );
  });
  for (const wanted of ['negative', 'neutral', 'positive'] as const)
    for (const held of [true, false])
      if (!headlines.some((own) => own.tone === wanted && heldOut(own.text) === held))
        throw new InputError(`${file} has too few ${wanted} headlines to train and to judge`, { file });
  return headlines;
}
