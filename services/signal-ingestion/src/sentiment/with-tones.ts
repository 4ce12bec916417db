import type { Observation } from '@allostat/pipeline';
import type { SentimentModel } from './sentiment-model';

/**
 * Observations in which each headline has its tone: as delivered, else as the model hears it. The tone travels and is stored with the
 * headline and says which model it is of, so that a replay does not depend on the model that is in use by then.
 */
export async function withTones<T extends Pick<Observation, 'kind' | 'text' | 'value' | 'derivation'>>(
  observations: readonly T[],
  model: SentimentModel,
): Promise<T[]> {
  const mute = observations.flatMap(({ kind, text, value }) =>
    kind === 'headline' && text !== undefined && value === undefined ? [text] : [],
  );
  if (mute.length === 0) return [...observations];
  const tones = (await model.score(mute)).values();
  return observations.map((own) =>
    own.kind === 'headline' && own.text !== undefined && own.value === undefined
      ? { ...own, value: tones.next().value as number, derivation: `tone by ${model.identity}` }
      : own,
  );
}
