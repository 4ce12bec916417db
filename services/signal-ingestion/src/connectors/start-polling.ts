import { LOGGER, sleep, type Logger, type RunningStage } from '@allostat/platform';
import type { Clock } from '@allostat/kernel';
import type { DomainEvent } from '@allostat/pipeline';
import { SENTIMENT_MODEL, type SentimentModel } from '../sentiment/sentiment-model';
import { pollSource } from './poll-source';
import type { PolledSource } from './read-sources';

/**
 * Polls sources, each at its own pace, until the returned function is called; it resolves when no poll is under way. A poll that fails
 * is logged and made again at the next turn: the others do not wait for it.
 */
export function startPolling(
  stage: RunningStage<DomainEvent>,
  { sources, clock }: { readonly sources: readonly PolledSource[]; readonly clock: Clock },
): () => Promise<void> {
  const end = new AbortController();
  const logger = stage.get<Logger>(LOGGER);
  const ports = { units: stage.units, clock, model: stage.get<SentimentModel>(SENTIMENT_MODEL) };
  const work = sources.map(async (source) => {
    const { id: feed, universe } = source;
    while (!end.signal.aborted) {
      try {
        const { setAside, ...polled } = await pollSource(source, ports);
        if (polled.deliveries > 0) logger.info({ feed, universe, ...polled }, 'a source delivered');
        if (setAside.length > 0)
          logger.warn({ feed, universe, rows: setAside.length, first: setAside[0] }, 'rows of a source were set aside');
      } catch (error) {
        logger.warn({ feed, universe, error }, 'a source could not be polled; it is tried again at its next turn');
      }
      await sleep(1000 * source.everySeconds, end.signal);
    }
  });
  return async () => {
    end.abort();
    await Promise.all(work);
  };
}
