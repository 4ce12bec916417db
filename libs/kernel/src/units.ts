declare const brand: unique symbol;
type Brand<T, B extends string> = T & { readonly [brand]?: B };

/** Identifier of something that can be held. */
export type AssetId = Brand<string, 'AssetId'>;
/** Fraction of a portfolio's value; 0.05 is five percent. */
export type Weight = Brand<number, 'Weight'>;
/** A number from 0 to 1. */
export type Probability = Brand<number, 'Probability'>;
/** Calendar date `YYYY-MM-DD`. */
export type IsoDate = Brand<string, 'IsoDate'>;
/** Instant `YYYY-MM-DDTHH:MM:SS.sssZ`, always UTC. */
export type Instant = Brand<string, 'Instant'>;
/** Lower-case hexadecimal SHA-256 of an artefact's bytes. */
export type ArtefactHash = Brand<string, 'ArtefactHash'>;
