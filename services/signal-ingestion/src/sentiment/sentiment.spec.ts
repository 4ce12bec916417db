import { createHash } from 'node:crypto';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { classifyHeadline, scoreHeadline, trainHeadlineClassifier } from '@allostat/quant';
import { readClassifier, writeClassifier } from './classifier-file';
import { openOnnxModel, type OnnxRuntime } from './onnx-model';
import { LEXICON, openSentimentModel } from './open-sentiment-model';
import { withTones } from './with-tones';

const classifier = trainHeadlineClassifier(
  [
    { text: 'shares rally', tone: 'positive' },
    { text: 'shares tumble', tone: 'negative' },
    { text: 'shares to watch', tone: 'neutral' },
  ],
  { buckets: 256 },
);
const folder = mkdtempSync(join(tmpdir(), 'sentiment-'));
const fileOf = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};

/** A runtime whose model answers with the row of `answers` at the number of letters of a text. */
function runtimeOf(answers: readonly (readonly number[])[], inputNames = ['text']): OnnxRuntime {
  return {
    Tensor: class {
      constructor(
        readonly type: 'string',
        readonly data: readonly string[],
        readonly dims: readonly number[],
      ) {}
    },
    InferenceSession: {
      create: () =>
        Promise.resolve({
          inputNames,
          outputNames: ['label', 'probabilities'],
          run: (feeds) => {
            const { data } = feeds.text as { data: readonly string[] };
            const rows = data.map((text) => answers[text.length]);
            return Promise.resolve({ probabilities: { dims: [rows.length, rows[0].length], data: rows.flat() } });
          },
        }),
    },
  };
}

describe('openSentimentModel', () => {
  it('is the lexicon without a file, and the trained classifier with its weights', async () => {
    expect(await (await openSentimentModel(undefined)).score(['Shares fall'])).toEqual([scoreHeadline('Shares fall')]);
    const model = await openSentimentModel(fileOf('weights.json', writeClassifier(classifier)));
    const texts = ['shares rally', 'shares tumble', '\ud800🙂', ''];
    expect(await model.score(texts)).toEqual(texts.map((text) => classifyHeadline(text, classifier).score));
    expect((await model.score(texts))[0]).toBeGreaterThan(0.3);
  });

  it('marks each headline that it heard with kind, version and hash, and leaves a tone that was delivered alone', async () => {
    const text = writeClassifier(classifier);
    const model = await openSentimentModel(fileOf('weights-3.json', text));
    const headline: Parameters<typeof withTones>[0][number] = { kind: 'headline', text: 'shares rally' };
    const [heard, given] = await withTones([headline, { ...headline, value: 0.25 }], model);
    const hash = createHash('sha256').update(text).digest('hex');
    expect(heard).toMatchObject({ derivation: `tone by classifier weights-3.json sha256:${hash}` });
    expect(given).toEqual({ ...headline, value: 0.25 });
    const [byWords] = await withTones([headline], await openSentimentModel(undefined));
    expect(byWords.derivation).toMatch(/^tone by lexicon 1 sha256:[0-9a-f]{64}$/);
  });

  it('names what is wrong with a file of weights', async () => {
    const { weights } = classifier;
    const short = writeClassifier({ buckets: 256, weights: weights.slice(3) });
    expect(() => readClassifier(short, 'w.json')).toThrow('w.json: 3060 bytes of weights, expected 3072');
    const broken = writeClassifier({ buckets: 256, weights: weights.map((w, i) => (i === 7 ? NaN : w)) });
    expect(() => readClassifier(broken, 'w.json')).toThrow(/not a finite number/);
    expect(() => readClassifier('{"format": "other"}', 'w.json')).toThrow(/format/);
    await expect(openSentimentModel('/nowhere/w.json')).rejects.toThrow(/cannot be read/);
    await expect(openSentimentModel('model.pkl')).rejects.toThrow(/no model of tone/);
  });
});

describe('openOnnxModel', () => {
  const load = (runtime: OnnxRuntime) => () => Promise.resolve(runtime);
  it('says which package is missing', async () => {
    await expect(openOnnxModel('tone.onnx')).rejects.toThrow(/needs the package onnxruntime-node/);
  });

  it('gives the probability of good news less that of bad', async () => {
    const answers = [
      [0.2, 0.2, 0.6],
      [0.7, 0.3, 0],
    ];
    const model = await openOnnxModel(fileOf('tone.onnx', 'a model'), load(runtimeOf(answers)));
    const texts = Array.from({ length: 150 }, (_, i) => (i % 2 === 0 ? '' : 'x'));
    const scores = await model.score(texts);
    expect(scores).toHaveLength(150);
    expect(scores[0]).toBeCloseTo(0.4, 12);
    expect(scores[149]).toBeCloseTo(-0.7, 12);
  });

  it('refuses a model of another form and answers that are no probabilities', async () => {
    await expect(
      openOnnxModel(fileOf('t.onnx', 'a model'), load(runtimeOf([], ['input_ids', 'attention_mask']))),
    ).rejects.toThrow(/2 inputs/);
    const logits = await openOnnxModel(fileOf('t.onnx', 'a model'), load(runtimeOf([[-1, 0.5, 3]])));
    await expect(logits.score([''])).rejects.toThrow(/no probabilities/);
    const two = await openOnnxModel(fileOf('t.onnx', 'a model'), load(runtimeOf([[0.5, 0.5]])));
    await expect(two.score([''])).rejects.toThrow(/shape \[1, 2\]/);
  });
});

describe('withTones', () => {
  it('gives headlines without a tone that of the model, and leaves everything else', async () => {
    const price = { kind: 'price' as const, value: 3 };
    const toned = { kind: 'headline' as const, text: 'Shares fall', value: 0.25 };
    const mute = { kind: 'headline' as const, text: 'Shares fall' };
    expect(await withTones([price, toned, mute], LEXICON)).toEqual([
      price,
      toned,
      { ...mute, value: -1, derivation: `tone by ${LEXICON.identity}` },
    ]);
  });
});
