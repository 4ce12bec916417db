import { Body, Controller, Headers, HttpCode, Inject, Post, UseFilters } from '@nestjs/common';
import { canonicalJson, InputError, sha256Hex, type Clock } from '@allostat/kernel';
import type { DomainEvent } from '@allostat/pipeline';
import {
  Caller,
  CLOCK,
  HttpErrorFilter,
  requireUniverse,
  SchemaPipe,
  UnitRunner,
  type Principal,
  type UnitOfWork,
} from '@allostat/platform';
import { z } from 'zod';
import { nextSequence, putDelivery } from './feed-sequence';
import { SENTIMENT_MODEL, type SentimentModel } from './sentiment/sentiment-model';
import { withTones } from './sentiment/with-tones';

const KEY = /^[\x21-\x7e]{1,200}$/;

const isoDate = z.iso.date();
const observation = z.strictObject({
  seriesId: z.string().min(1),
  kind: z.enum(['price', 'total-return-index', 'return', 'volume', 'macro', 'sentiment', 'headline']),
  eventTime: isoDate,
  knownTime: z.iso.datetime().exactOptional(),
  revision: z.int().min(0).default(0),
  value: z.number().exactOptional(),
  text: z.string().max(200_000).exactOptional(),
});
const deliveryBody = z.strictObject({
  universeId: z.string().min(1),
  feed: z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/, 'lower-case letters, digits and dashes'),
  barClose: isoDate.exactOptional(),
  observations: z.array(observation).min(1).max(10_000),
});

/** What was made of a request. */
interface Taken {
  readonly universeId: string;
  readonly feed: string;
  readonly sequence: number;
  readonly observations: number;
  /** The request had been taken before: nothing was done this time. */
  readonly repeated: boolean;
}

/** Observations over HTTP: each request is one delivery of a feed, put on the bus like that of any other. */
@Controller('observations')
@UseFilters(HttpErrorFilter)
export class ObservationsController {
  constructor(
    private readonly units: UnitRunner<DomainEvent>,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(SENTIMENT_MODEL) private readonly model: SentimentModel,
  ) {}

  /** Takes a delivery of a feed. The same `Idempotency-Key` with the same request does nothing again. */
  @Post()
  @HttpCode(202)
  async take(
    @Caller() caller: Principal,
    @Headers('idempotency-key') key: string | undefined,
    @Body(new SchemaPipe(deliveryBody)) delivery: z.infer<typeof deliveryBody>,
  ): Promise<Taken> {
    if (key === undefined || !KEY.test(key)) {
      throw new InputError(
        'a request needs an Idempotency-Key of 1 to 200 visible characters',
        { field: 'Idempotency-Key' },
        'send the same key again when you send the same request again',
      );
    }
    const now = this.clock.now();
    const bodyHash = sha256Hex(canonicalJson(delivery));
    const { universeId, feed, barClose } = delivery;
    requireUniverse(caller, universeId);
    const given = delivery.observations.map((own) => ({ knownTime: now, ...own }));
    const observations = await withTones(given, this.model);
    return this.units.run(async (unit) => {
      const sequence = await nextSequence(unit, universeId, feed);
      const before = await takenBefore(unit, key, bodyHash);
      if (before !== undefined) return { ...before, observations: observations.length, repeated: true };
      await unit.manager.query(
        `insert into http_delivery (idempotency_key, body_hash, universe_id, feed, sequence, sent_by, received_at)
         values ($1, $2, $3, $4, $5, $6, $7)`,
        [key, bodyHash, universeId, feed, sequence, caller.id, now],
      );
      await putDelivery(
        unit,
        { universeId, feed, sequence, ...(barClose === undefined ? {} : { barClose }), observations },
        { type: 'PostObservations', source: 'http' },
      );
      return { universeId, feed, sequence, observations: observations.length, repeated: false };
    });
  }
}

async function takenBefore({ manager }: UnitOfWork<DomainEvent>, key: string, bodyHash: string) {
  const [row] = (await manager.query(
    `select body_hash, universe_id as "universeId", feed, sequence::int from http_delivery where idempotency_key = $1`,
    [key],
  )) as { body_hash: string; universeId: string; feed: string; sequence: number }[];
  if (row === undefined) return undefined;
  const { body_hash, ...taken } = row;
  if (body_hash === bodyHash) return taken;
  throw new InputError(
    `Idempotency-Key ${key} was used for another request`,
    { field: 'Idempotency-Key' },
    'use a new key for a new request',
  );
}
